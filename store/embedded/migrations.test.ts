import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY } from '../../model/time.ts';
import { useCaseDerivations } from '../../usecases/definitions.ts';
import { migrations } from './migrations.ts';
import { openStores } from './stores.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plietsch-migrations-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A database as version `version` of the schema left it. */
const older = (version: number, fill: (database: DatabaseSync) => void): string => {
  const file = join(folder, 'hub.db');
  const database = new DatabaseSync(file);
  for (const sql of migrations.slice(0, version)) database.exec(sql);
  database.exec(`PRAGMA user_version = ${version}`);
  fill(database);
  database.close();
  return file;
};

it('marks what was observed before events and rollups existed, so that they are derived too', async () => {
  const file = older(5, (database) => {
    const entity = database.prepare("INSERT INTO entity (kind, id, body) VALUES ('datastream', ?, ?)");
    const observation = database.prepare('INSERT INTO observation VALUES (?, ?, ?, 1, 1, 0, 1, 0, 0, 0, 1)');
    for (const [key, property] of [
      [1, 'fill_level'],
      [2, 'water_level'],
      [3, 'battery_level'],
    ] as const) {
      entity.run(`d${key}`, JSON.stringify({ id: `d${key}`, key, thing: 't', property, unit: '1' }));
      for (const day of [20_000, 20_001]) for (const hour of [1, 2]) observation.run(day, key, day * DAY + hour);
    }
  });
  const { work, database } = openStores({ file, timeZone: 'Europe/Berlin' });
  const marks = async (derivation: string) =>
    (await work.dirty(derivation, 99)).map(({ window, datastream }) => [window / DAY, datastream]);
  expect(await marks('rollup')).toHaveLength(6);
  expect(await marks('emptying')).toEqual([
    [20_000, 1],
    [20_001, 1],
  ]);
  expect(await marks('surge')).toEqual([
    [20_000, 2],
    [20_001, 2],
  ]);
  database.close();
  // The step names windows of a day: marks of other lengths would never be cleaned.
  expect(useCaseDerivations.slice(0, 2).map(({ windowMs }) => windowMs)).toEqual([DAY, DAY]);
});
