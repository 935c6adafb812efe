import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Observation } from '../../model/observation.ts';
import { type Database, openDatabase } from './database.ts';
import { SqliteObservationIndex } from './observation-index.ts';

let folder: string;
let database: Database;
let index: SqliteObservationIndex;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plietsch-index-'));
  database = openDatabase({ file: join(folder, 'hub.db') });
  index = new SqliteObservationIndex(database);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const observation = (changes: Partial<Observation> = {}): Observation => {
  const base = { datastream: 1, phenomenonTime: 1000, value: 1, flag: 1, tests: 0, position: 5, record: 0 } as const;
  return { ...base, receivedAt: 1001, storedAt: 1002, codec: 'a/b@1', deployment: 'd', ...changes };
};

it('remembers the newest, what an uplink became and whence, once it is saved', () => {
  index.remember([observation(), observation({ datastream: 2, deployment: undefined })]);
  expect(index.newest()).toEqual([]);
  index.save();
  const reader = new SqliteObservationIndex(database);
  expect(reader.newest([1])).toEqual([observation()]);
  expect(reader.keysOf(5)).toEqual([
    { datastream: 1, time: 1000 },
    { datastream: 2, time: 1000 },
  ]);
  expect(reader.provenance(5, 1)).toEqual({ receivedAt: 1001, storedAt: 1002, codec: 'a/b@1', deployment: 'd' });
  expect(reader.provenance(5, 2)).toEqual({ receivedAt: 1001, storedAt: 1002, codec: 'a/b@1' });
});

it('lets the later of one instant be the newest, in either order', () => {
  index.remember([observation({ position: 7, value: 7 }), observation({ position: 6, value: 6 })]);
  index.save();
  expect(index.newest()[0]?.value).toBe(7);
});

it('forgets a batch whose commit failed, and holds nothing of it however often it is tried', () => {
  index.remember([observation()]);
  index.save();
  for (let i = 0; i < 3; i++) {
    index.remember([observation({ phenomenonTime: 2000, position: 6 })]);
    index.forget();
  }
  expect(index.newestTime(1)).toBe(1000);
  index.save();
  expect(index.keysOf(6)).toEqual([]);
});
