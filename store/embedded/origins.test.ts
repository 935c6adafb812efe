import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Observation } from '../../model/observation.ts';
import { type Database, openDatabase } from './database.ts';
import { SqliteObservationIndex } from './observation-index.ts';
import { Origins } from './origins.ts';

const T0 = Date.UTC(2026, 4, 1);
const observation = (datastream: number, deployment: string | undefined, codec = 'a/b@1'): Observation => {
  const rest = { phenomenonTime: T0, value: 1, flag: 1, tests: 0, position: 10, record: 0 } as const;
  return { ...rest, datastream, receivedAt: T0 + 1, storedAt: T0 + 2, codec, deployment };
};

describe('where the observations of an uplink came from', () => {
  let folder: string;
  let database: Database;
  let index: SqliteObservationIndex;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plietsch-origins-'));
    database = openDatabase({ file: join(folder, 'hub.db') });
    index = new SqliteObservationIndex(database);
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  const store = (...batch: Observation[]): void => {
    index.remember(batch);
    index.save();
  };
  const said = () => [1, 2, 3].map((datastream) => index.provenance(10, datastream)?.deployment);

  it('is kept for every datastream when they come one after the other', () => {
    // As the embedded store leaves it, which says it in its own rows.
    new Origins(database).remember([observation(1, 'd1'), observation(2, undefined), observation(3, 'd3')]);
    for (const one of [observation(1, 'd1'), observation(2, undefined), observation(3, 'd3')]) store(one);
    expect(said()).toEqual(['d1', undefined, 'd3']);
    store(observation(3, 'd1'));
    expect(said()).toEqual(['d1', undefined, 'd1']);
    expect(index.provenance(10, 2)).toEqual({ receivedAt: T0 + 1, storedAt: T0 + 2, codec: 'a/b@1' });
  });

  it('is that of the last time when all of an uplink was worked out again', () => {
    store(observation(1, 'd1'), observation(2, undefined), observation(3, 'd3'));
    store(observation(1, 'e1', 'a/b@2'), observation(2, undefined, 'a/b@2'), observation(3, 'e1', 'a/b@2'));
    expect(said()).toEqual(['e1', undefined, 'e1']);
    expect(index.provenance(10, 2)).toMatchObject({ codec: 'a/b@2' });
    expect(database.statement('SELECT count(*) AS n FROM origin').get()).toEqual({ n: 1 });
  });
});
