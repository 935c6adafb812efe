import type { Bucket, Observation } from '../../model/observation.ts';
import type { QualityFlag } from '../../model/quality.ts';
import { DAY, type EpochMs } from '../../model/time.ts';
import { aggregateBlocks } from '../aggregate-blocks.ts';
import type { BlockQuery, ObservationBlock } from '../observation-block.ts';
import type {
  AggregateQuery,
  Judged,
  ObservationKey,
  ObservationStore,
  RangeQuery,
  Rejection,
} from '../observations.ts';
import type { Database } from './database.ts';
import { DayCounts } from './day-counts.ts';
import { readRows } from './observation-blocks.ts';
import {
  OBSERVATION_COLUMNS,
  type ObservationCells,
  type ObservationRow,
  observationOf,
  observationOfCells,
} from './observation-row.ts';
import { Origins } from './origins.ts';
import { Sources } from './sources.ts';

/** Rows that one statement of a range reads before it starts the next, so that no read holds the database for long. */
const RANGE_CHUNK = 5_000;

/** Datastreams from which on it is quicker to read the newest values of all. */
const MANY = 500;

const dayOf = (time: EpochMs): number => Math.floor(time / DAY);

const daysOf = (observations: readonly Pick<Observation, 'phenomenonTime'>[]): Set<number> => {
  const days = new Set<number>();
  for (const { phenomenonTime } of observations) days.add(dayOf(phenomenonTime));
  return days;
};

/** Neighbouring rows are then written to pages that are at hand. */
const inTableOrder = (batch: readonly Observation[]): Observation[] =>
  [...batch].sort(
    (a, b) =>
      dayOf(a.phenomenonTime) - dayOf(b.phenomenonTime) ||
      a.datastream - b.datastream ||
      a.phenomenonTime - b.phenomenonTime,
  );

/** Rows of one statement: fewer calls into SQLite for the same rows. */
const ROWS_AT_ONCE = 16;

const upsertOf = (rows: number): string => `
  INSERT INTO observation (day, ${OBSERVATION_COLUMNS}) VALUES ${Array(rows).fill('(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}
  ON CONFLICT (day, datastream, time) DO UPDATE SET
    value = excluded.value, flag = excluded.flag, tests = excluded.tests, position = excluded.position,
    record = excluded.record, received_at = excluded.received_at, stored_at = excluded.stored_at, source = excluded.source
  WHERE excluded.position > position OR (excluded.position = position AND excluded.record >= record)`;

const UPSERT_ONE = upsertOf(1);
const UPSERT_MANY = upsertOf(ROWS_AT_ONCE);

export class SqliteObservationStore implements ObservationStore {
  readonly #database: Database;
  readonly #sources: Sources;
  readonly #origins: Origins;
  readonly #counts: DayCounts;

  constructor(database: Database) {
    this.#database = database;
    this.#sources = new Sources(database);
    this.#origins = new Origins(database);
    this.#counts = new DayCounts(database);
  }

  async append(batch: readonly Observation[]): Promise<{ rejected: readonly Rejection[] }> {
    const rejected: Rejection[] = [];
    this.#database.transaction(() => {
      const extents = new Map<number, { oldest: EpochMs; newest: EpochMs }>();
      const valid = batch.filter((observation) => {
        const { phenomenonTime: time, value } = observation;
        if (Number.isInteger(time) && (value === null || Number.isFinite(value))) return true;
        rejected.push({ observation, reason: `time ${time} or value ${value} is not finite` });
        return false;
      });
      this.#write(inTableOrder(valid));
      this.#origins.remember(valid);
      for (const { datastream, phenomenonTime: time } of valid) {
        const extent = extents.get(datastream);
        if (!extent) extents.set(datastream, { oldest: time, newest: time });
        else if (time < extent.oldest) extent.oldest = time;
        else if (time > extent.newest) extent.newest = time;
      }
      this.#widen(extents);
      this.#counts.changed(daysOf(valid));
    });
    return { rejected };
  }

  async replace(datastream: number, from: EpochMs, to: EpochMs, batch: readonly Observation[]): Promise<void> {
    this.#database.transaction(() => {
      const remove = this.#database.statement(
        'DELETE FROM observation WHERE day = ? AND datastream = ? AND time >= ? AND time < ?',
      );
      const extent = this.#extent(datastream);
      if (extent) {
        const first = Math.max(from, extent.oldest);
        const end = Math.min(to, extent.newest + 1);
        for (let day = dayOf(first); day <= dayOf(end - 1); day++) {
          if (remove.run(day, datastream, first, end).changes > 0) this.#counts.changed(new Set([day]));
        }
      }
      this.#counts.changed(daysOf(batch));
      this.#write(batch);
      this.#origins.remember(batch);
      this.#measureExtent(datastream, batch);
    });
  }

  async remove(keys: readonly ObservationKey[]): Promise<void> {
    for (const { datastream, time } of keys) await this.replace(datastream, time, time + 1, []);
  }

  async heldAt(keys: readonly ObservationKey[]): Promise<Observation[]> {
    const held: Observation[] = [];
    for (const { datastream, time } of keys) {
      const observation = await this.at(datastream, time);
      if (observation) held.push(observation);
    }
    return held;
  }

  async qualify(judged: readonly Judged[]): Promise<void> {
    const update = this.#database.statement(
      'UPDATE observation SET flag = ?, tests = ? WHERE day = ? AND datastream = ? AND time = ? AND position = ? AND record = ?',
    );
    this.#database.transaction(() => {
      for (const { flag, tests, phenomenonTime: time, datastream, position, record } of judged) {
        update.run(flag, tests, dayOf(time), datastream, time, position, record);
      }
      this.#counts.changed(daysOf(judged));
    });
  }

  async *range(query: RangeQuery): AsyncIterable<Observation> {
    let left = query.limit ?? Number.POSITIVE_INFINITY;
    for (const datastream of query.datastreams) {
      const extent = this.#extent(datastream);
      if (!extent) continue;
      let from = Math.max(query.from, extent.oldest);
      let to = Math.min(query.to, extent.newest + 1);
      while (from < to && left > 0) {
        const rows = this.#rows({ ...query, datastream, from, to, limit: Math.min(left, RANGE_CHUNK) });
        for (const row of rows) yield observationOf(row, this.#sources);
        left -= rows.length;
        const last = rows.at(-1);
        if (!last || rows.length < RANGE_CHUNK) break;
        if (query.order === 'descending') to = last.time;
        else from = last.time + 1;
      }
    }
  }

  async block(query: BlockQuery): Promise<ObservationBlock> {
    return readRows(this.#database, query);
  }

  aggregate(query: AggregateQuery): Promise<Bucket[]> {
    return aggregateBlocks(this, query);
  }

  async latest(datastreams?: readonly number[]): Promise<Observation[]> {
    // Left to itself, SQLite would begin with the many rows of observations instead of the few of extents.
    const select = (condition: string) => {
      const statement = this.#database.statement(
        `SELECT ${OBSERVATION_COLUMNS.split(', ')
          .map((column) => `o.${column}`)
          .join(', ')}
         FROM extent e CROSS JOIN observation o
           ON o.day = e.newest / ${DAY} AND o.datastream = e.datastream AND o.time = e.newest
         ${condition}`,
      );
      statement.setReturnArrays(true);
      return statement;
    };
    const present = (cells: unknown): Observation => observationOfCells(cells as ObservationCells, this.#sources);
    if (!datastreams || datastreams.length > MANY) {
      const all = select('ORDER BY e.datastream').all().map(present);
      const wanted = new Map(all.map((observation) => [observation.datastream, observation]));
      return datastreams ? datastreams.flatMap((datastream) => wanted.get(datastream) ?? []) : all;
    }
    const one = select('WHERE e.datastream = ?');
    return datastreams.flatMap((datastream) => {
      const cells = one.get(datastream);
      return cells ? [present(cells)] : [];
    });
  }

  async count({ datastreams, from, to, without = [] }: Parameters<ObservationStore['count']>[0]): Promise<number[]> {
    return this.#counts.count({ datastreams, from, to, without });
  }

  /** Counts a closed day in advance; answers whether there was one to be counted. */
  countAhead(now: EpochMs): boolean {
    return this.#counts.step(dayOf(now));
  }

  async ofPositions(positions: readonly number[]): Promise<Observation[]> {
    return positions.flatMap((position) =>
      this.#origins
        .keysOf(position)
        .flatMap(({ datastream, time }) => this.#at(datastream, time) ?? [])
        .filter((observation) => observation.position === position),
    );
  }

  async at(datastream: number, time: EpochMs): Promise<Observation | undefined> {
    return this.#at(datastream, time);
  }

  #at(datastream: number, time: EpochMs): Observation | undefined {
    const row = this.#database
      .statement(`SELECT ${OBSERVATION_COLUMNS} FROM observation WHERE day = ? AND datastream = ? AND time = ?`)
      .get(dayOf(time), datastream, time);
    return row && observationOf(row as unknown as ObservationRow, this.#sources);
  }

  /** Removes whole days before an instant; answers how many observations went. */
  async prune(before: EpochMs): Promise<number> {
    return this.#database.transaction(() => {
      const day = dayOf(before);
      const { changes } = this.#database.statement('DELETE FROM observation WHERE day < ?').run(day);
      this.#origins.prune(day);
      this.#database.statement('DELETE FROM counted_day WHERE day < ?').run(day);
      this.#database.statement('DELETE FROM day_count WHERE day < ?').run(day);
      this.#database.statement('DELETE FROM extent WHERE newest < ?').run(day * DAY);
      this.#database.statement('UPDATE extent SET oldest = max(oldest, ?)').run(day * DAY);
      return Number(changes);
    });
  }

  #write(observations: readonly Observation[]): void {
    const many = this.#database.statement(UPSERT_MANY);
    const whole = observations.length - (observations.length % ROWS_AT_ONCE);
    const parameters: (number | null)[] = [];
    for (let i = 0; i < whole; i += ROWS_AT_ONCE) {
      parameters.length = 0;
      for (let j = i; j < i + ROWS_AT_ONCE; j++) this.#bind(observations[j] as Observation, parameters);
      many.run(...parameters);
    }
    const one = this.#database.statement(UPSERT_ONE);
    for (const observation of observations.slice(whole)) {
      parameters.length = 0;
      this.#bind(observation, parameters);
      one.run(...parameters);
    }
  }

  #bind(observation: Observation, parameters: (number | null)[]): void {
    const { datastream, phenomenonTime: time, value, flag, tests, position, record } = observation;
    const { receivedAt, storedAt, codec = '', deployment = '' } = observation;
    const source = this.#sources.id(codec, deployment);
    parameters.push(dayOf(time), datastream, time, value, flag, tests, position, record, receivedAt, storedAt, source);
  }

  #widen(extents: ReadonlyMap<number, { oldest: EpochMs; newest: EpochMs }>): void {
    const upsert = this.#database.statement(
      `INSERT INTO extent (datastream, oldest, newest) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET oldest = min(oldest, excluded.oldest), newest = max(newest, excluded.newest)`,
    );
    for (const [datastream, { oldest, newest }] of extents) upsert.run(datastream, oldest, newest);
  }

  /** After a replacement the newest value may be gone: look for what is left. */
  #measureExtent(datastream: number, batch: readonly Observation[]): void {
    const known = this.#extent(datastream);
    const times = batch.map((observation) => observation.phenomenonTime);
    const low = Math.min(known?.oldest ?? Number.POSITIVE_INFINITY, ...times);
    const high = Math.max(known?.newest ?? Number.NEGATIVE_INFINITY, ...times);
    if (low > high) return;
    const edge = (order: 'ascending' | 'descending') =>
      this.#rows({ datastream, from: low, to: high + 1, order, limit: 1 })[0];
    const oldest = edge('ascending');
    const newest = edge('descending');
    this.#database.statement('DELETE FROM extent WHERE datastream = ?').run(datastream);
    if (oldest && newest) this.#widen(new Map([[datastream, { oldest: oldest.time, newest: newest.time }]]));
  }

  #extent(datastream: number): { oldest: EpochMs; newest: EpochMs } | undefined {
    return this.#database.statement('SELECT oldest, newest FROM extent WHERE datastream = ?').get(datastream) as
      | { oldest: EpochMs; newest: EpochMs }
      | undefined;
  }

  #rows(query: {
    datastream: number;
    from: EpochMs;
    to: EpochMs;
    order?: 'ascending' | 'descending';
    without?: readonly QualityFlag[];
    limit: number;
  }): ObservationRow[] {
    const { datastream, from, to } = query;
    if (from >= to) return [];
    const descending = query.order === 'descending';
    const without = (query.without ?? []).map(Number);
    // One statement per day: the table is clustered by (day, datastream, time), so each reads one run of neighbouring rows.
    const statement = this.#database.statement(
      `SELECT ${OBSERVATION_COLUMNS} FROM observation WHERE day = ? AND datastream = ? AND time >= ? AND time < ?
       ${without.length > 0 ? `AND flag NOT IN (${without.join(', ')})` : ''}
       ORDER BY time ${descending ? 'DESC' : 'ASC'}`,
    );
    const first = dayOf(from);
    const last = dayOf(to - 1);
    const rows: ObservationRow[] = [];
    for (let i = 0; i <= last - first && rows.length < query.limit; i++) {
      const day = descending ? last - i : first + i;
      for (const row of statement.all(day, datastream, from, to) as unknown as ObservationRow[]) {
        if (rows.length === query.limit) break;
        rows.push(row);
      }
    }
    return rows;
  }
}
