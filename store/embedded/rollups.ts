import { type EpochMs, HOUR } from '../../model/time.ts';
import type { Rollup, RollupReplacement, RollupStore } from '../rollups.ts';
import type { Database } from './database.ts';

interface Row {
  hour: number;
  n: number;
  min: number | null;
  max: number | null;
  mean: number | null;
  sum: number | null;
  first: number | null;
  last: number | null;
  coverage: number;
  pass: number;
  not_evaluated: number;
  suspect: number;
  fail: number;
  missing: number;
}

const FIGURES = 'n, min, max, mean, sum, first, last, coverage, pass, not_evaluated, suspect, fail, missing' as const;

export class SqliteRollupStore implements RollupStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async range(datastream: number, from: EpochMs, to: EpochMs): Promise<Rollup[]> {
    const rows = this.#database
      .statement(`SELECT hour, ${FIGURES} FROM rollup WHERE datastream = ? AND hour >= ? AND hour < ? ORDER BY hour`)
      .all(datastream, hourOf(from), hourOf(to)) as unknown as Row[];
    return rows.map(rollupOf);
  }

  async replace(replacements: readonly RollupReplacement[]): Promise<void> {
    const remove = this.#database.statement('DELETE FROM rollup WHERE datastream = ? AND hour >= ? AND hour < ?');
    const insert = this.#database.statement(
      `INSERT INTO rollup (datastream, hour, ${FIGURES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#database.transaction(() => {
      for (const { datastream, from, to, rows } of replacements) {
        remove.run(datastream, hourOf(from), hourOf(to));
        for (const { hour, n, min, max, mean, sum, first, last, coverage, flags } of rows) {
          const counts = [flags[1], flags[2], flags[3], flags[4], flags[9]] as const;
          insert.run(datastream, hour / HOUR, n, min, max, mean, sum, first, last, coverage, ...counts);
        }
      }
    });
  }
}

/** Number of the first hour that begins at or after an instant. */
const hourOf = (time: EpochMs): number => Math.ceil(Math.max(-1e15, Math.min(1e15, time)) / HOUR);

const rollupOf = ({ hour, n, min, max, mean, sum, first, last, coverage, ...counts }: Row): Rollup => {
  const { pass, not_evaluated, suspect, fail, missing } = counts;
  const flags = { 1: pass, 2: not_evaluated, 3: suspect, 4: fail, 9: missing };
  return { hour: hour * HOUR, n, min, max, mean, sum, first, last, coverage, flags };
};
