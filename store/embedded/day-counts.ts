import { type QualityFlag, qualityFlag } from '../../model/quality.ts';
import { DAY, type EpochMs } from '../../model/time.ts';
import type { Database } from './database.ts';

/** Columns of a day's count, by flag. */
const columns = new Map<QualityFlag, string>([
  [qualityFlag.pass, 'pass'],
  [qualityFlag.notEvaluated, 'not_evaluated'],
  [qualityFlag.suspect, 'suspect'],
  [qualityFlag.fail, 'fail'],
  [qualityFlag.missing, 'missing'],
]);

/** Datastreams from which on it is quicker to go through all. */
const MANY = 500;

interface Span {
  readonly datastreams: readonly number[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly without: readonly QualityFlag[];
}

/**
 * How many observations of each flag a closed day holds, so that half a million are counted without being read. A day is
 * believed only while it stands in `counted_day`: whatever is written into it takes it out of there, in one transaction.
 */
export class DayCounts {
  readonly #database: Database;
  /** No later day was ever counted, so that writes of today need look for nothing. */
  #newest: number | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** To be called in the transaction that writes into these days (counted since 1970). */
  changed(days: ReadonlySet<number>): void {
    this.#newest ??= this.#newestCounted();
    for (const day of days) {
      if (day <= this.#newest) this.#database.statement('DELETE FROM counted_day WHERE day = ?').run(day);
    }
  }

  /** Counts the newest day before `day` that is not counted; answers whether there was one. */
  step(day: number): boolean {
    this.#newest ??= this.#newestCounted();
    const known = this.#counted();
    let counted = this.#nextDay('max', '<', day);
    while (counted !== undefined && known.has(counted)) counted = this.#nextDay('max', '<', counted);
    if (counted === undefined) return false;
    const next = counted;
    this.#database.transaction(() => {
      this.#database.statement('DELETE FROM day_count WHERE day = ?').run(next);
      this.#database
        .statement(
          `INSERT INTO day_count (datastream, day, ${[...columns.values()].join(', ')})
           SELECT datastream, day, ${[...columns.keys()].map((flag) => `sum(flag = ${flag})`).join(', ')}
           FROM observation WHERE day = ? GROUP BY datastream`,
        )
        .run(next);
      this.#database.statement('INSERT INTO counted_day (day) VALUES (?)').run(next);
    });
    this.#newest = Math.max(this.#newest, next);
    return true;
  }

  /** Observations in [from, to) of each datastream, in the order asked for. */
  count({ datastreams, from, to, without }: Span): number[] {
    if (from >= to || datastreams.length === 0) return datastreams.map(() => 0);
    const isMany = datastreams.length > MANY;
    const keys = isMany ? [] : [JSON.stringify(datastreams)];
    const wanted = [...columns].flatMap(([flag, column]) => (without.includes(flag) ? [] : [column]));
    const totals = new Map<number, number>();
    const add = (rows: unknown[]): void => {
      for (const { datastream, n } of rows as { datastream: number; n: number }[]) {
        totals.set(datastream, (totals.get(datastream) ?? 0) + n);
      }
    };
    // Few are looked up one by one, many by going through all. Whole days only; what is left of the first and last is read. CROSS JOIN fixes the order: one run of neighbouring rows
    // for each datastream, and the plus keeps it from a look-up for every day.
    const [first, end] = [Math.ceil(from / DAY), Math.floor(to / DAY)];
    if (wanted.length > 0) {
      const sum = this.#database.statement(
        `SELECT c.datastream, sum(${wanted.map((column) => `c.${column}`).join(' + ')}) AS n
         FROM ${isMany ? 'day_count c' : 'json_each(?) k CROSS JOIN day_count c ON c.datastream = k.value'}
         WHERE +c.day >= ? AND +c.day < ? AND +c.day IN (SELECT day FROM counted_day) GROUP BY c.datastream`,
      );
      add(sum.all(...keys, first, end));
    }
    const read = this.#database.statement(
      `SELECT o.datastream, count(*) AS n
       FROM ${isMany ? 'observation o' : 'json_each(?) k CROSS JOIN observation o ON o.datastream = k.value'}
       WHERE o.day = ? AND o.time >= ? AND o.time < ?
       ${without.length > 0 ? `AND o.flag NOT IN (${without.map(Number).join(', ')})` : ''} GROUP BY o.datastream`,
    );
    for (const day of this.#uncounted(from, to)) add(read.all(...keys, day, from, to));
    return datastreams.map((datastream) => totals.get(datastream) ?? 0);
  }

  /** Days that [from, to) touches and of which no count of the whole day serves. */
  #uncounted(from: EpochMs, to: EpochMs): number[] {
    const counted = this.#counted();
    const last = Math.floor((to - 1) / DAY);
    const days: number[] = [];
    let day = this.#nextDay('min', '>=', Math.floor(from / DAY));
    while (day !== undefined && day <= last) {
      const isWhole = day * DAY >= from && (day + 1) * DAY <= to;
      if (!isWhole || !counted.has(day)) days.push(day);
      day = this.#nextDay('min', '>', day);
    }
    return days;
  }

  #counted(): Set<number> {
    const rows = this.#database.statement('SELECT day FROM counted_day').all() as { day: number }[];
    return new Set(rows.map(({ day }) => day));
  }

  /** One look into the key each: SELECT DISTINCT would read every row. */
  #nextDay(edge: 'min' | 'max', side: '<' | '>' | '>=', of: number): number | undefined {
    const row = this.#database.statement(`SELECT ${edge}(day) AS day FROM observation WHERE day ${side} ?`).get(of);
    return (row as { day: number | null }).day ?? undefined;
  }

  #newestCounted(): number {
    const row = this.#database.statement('SELECT max(day) AS day FROM counted_day').get() as { day: number | null };
    return row.day ?? Number.NEGATIVE_INFINITY;
  }
}
