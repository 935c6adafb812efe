import { HubError } from '../../model/errors.ts';
import { type Bucket, isLater, type Observation } from '../../model/observation.ts';
import type { Datastream } from '../../model/registry.ts';
import { DAY, type EpochMs } from '../../model/time.ts';
import { bucketize } from '../buckets.ts';
import type { ObservationIndex } from '../observation-index.ts';
import type {
  AggregateQuery,
  Judged,
  ObservationKey,
  ObservationStore,
  RangeQuery,
  Rejection,
} from '../observations.ts';
import { BatchWriter, type Line, type RefusedLine } from './batch-writer.ts';
import type { InfluxConnection } from './connection.ts';
import { lineOf, misfit, seriesKey, shapeOf } from './point.ts';
import { PointReader } from './point-reader.ts';
import { knownTime, seriesPredicate } from './query-text.ts';

/** Rows that one request of a range asks for. */
const PAGE_ROWS = 5_000;
/** How far before the newest known value it is looked for newer ones. */
const LOOK_BACK = 10 * DAY;

export interface InfluxObservationDeps {
  readonly connection: InfluxConnection;
  readonly index: ObservationIndex;
  readonly datastreamOf: (key: number) => Datastream | undefined;
  /** All that there are, for the index to be made anew. */
  readonly datastreams: () => Iterable<Datastream>;
  /** Days; what is older is not written, InfluxDB would refuse it. Null keeps everything. */
  readonly keepDays: number | null;
  readonly clock: () => EpochMs;
}

/** Observations in InfluxDB 2.x, their index in hub.db: see docs/decisions/0008-observations-in-influxdb.md. */
export class InfluxObservationStore implements ObservationStore {
  readonly #deps: InfluxObservationDeps;
  readonly #reader: PointReader;
  readonly #writer: BatchWriter;
  readonly #keys = new Map<number, string>();

  constructor(deps: InfluxObservationDeps) {
    this.#deps = deps;
    this.#reader = new PointReader(deps);
    this.#writer = new BatchWriter(deps.connection);
  }

  /** Finishes rewrites that were cut off, by a stop or by a server that went away. Before anything else is written. */
  async recover(): Promise<void> {
    const kept = this.#deps.index.kept();
    if (kept.length === 0) return;
    await this.#write(await this.#decide(kept));
    this.#deps.index.release(kept);
  }

  /** Before anything is written: finishes what a stop interrupted, and learns from the store which values are the newest. */
  async prepare(): Promise<void> {
    await this.recover();
    const { index } = this.#deps;
    const datastreams = [...this.#deps.datastreams()];
    for (const [property, list] of Map.groupBy(datastreams, ({ property }) => property)) {
      const known = list.flatMap(({ key }) => index.newestTime(key) ?? []);
      // The store may be some batches ahead of the index, never more: only an index that is gone asks for everything.
      const from = known.length === 0 ? undefined : Math.max(...known) - LOOK_BACK;
      const newest = await this.#reader.newest(property, new Map(list.map((one) => [one.id, one])), from);
      for (const found of newest) {
        const time = index.newestTime(found.datastream);
        if (time === undefined || found.phenomenonTime > time) index.setNewest(found.datastream, found);
      }
    }
    index.save();
  }

  async append(batch: readonly Observation[]): Promise<{ rejected: readonly Rejection[] }> {
    const rejected: Rejection[] = [];
    const oldest = this.#oldestKept();
    const valid = batch.filter((observation) => {
      const reason = misfit(observation);
      if (reason !== undefined) rejected.push({ observation, reason });
      return reason === undefined && observation.phenomenonTime >= oldest;
    });
    const winners = await this.#winners(valid);
    const refused = await this.#write(winners);
    // What the server keeps no longer is like what the hub keeps no longer: not stored, and nobody's fault.
    for (const { of: observation, words: reason, isTooOld } of refused)
      if (!isTooOld) rejected.push({ observation, reason });
    const gone = new Set(refused.map((line) => line.of));
    this.#deps.index.remember(gone.size === 0 ? valid : valid.filter((observation) => !gone.has(observation)));
    return { rejected };
  }

  async replace(datastream: number, from: EpochMs, to: EpochMs, batch: readonly Observation[]): Promise<void> {
    const { index } = this.#deps;
    const stream = this.#datastream(datastream);
    index.keep(batch);
    await this.#remove(stream, from, to - 1);
    await this.#write(batch);
    index.release(batch);
    index.remember(batch);
    await this.#measureNewest(stream, from);
  }

  async remove(keys: readonly ObservationKey[]): Promise<void> {
    for (const [datastream, places] of Map.groupBy(keys, (key) => key.datastream)) {
      const stream = this.#datastream(datastream);
      for (const { time } of places) await this.#remove(stream, time, time);
      await this.#measureNewest(stream, Math.min(...places.map(({ time }) => time)));
    }
  }

  heldAt(keys: readonly ObservationKey[]): Promise<Observation[]> {
    return this.#reader.at(keys);
  }

  async qualify(judged: readonly Judged[]): Promise<void> {
    const { index } = this.#deps;
    const held = new Map(
      (await this.#reader.at(judged.map(({ datastream, phenomenonTime: time }) => ({ datastream, time })))).map(
        (observation) => [placeOf(observation), observation],
      ),
    );
    const changed = judged.flatMap((verdict) => {
      const before = held.get(placeOf(verdict));
      if (!before || before.position !== verdict.position || before.record !== verdict.record) return [];
      return [{ before, after: { ...before, flag: verdict.flag, tests: verdict.tests } }];
    });
    // Unlike what is appended, nobody writes these again after a stop in between.
    const reshaped = changed.flatMap(({ before, after }) => (shapeOf(before) === shapeOf(after) ? [] : [after]));
    index.keep(reshaped);
    await this.#makeRoom(changed);
    await this.#write(changed.map(({ after }) => after));
    index.release(reshaped);
    for (const { after } of changed) index.requalify(after);
  }

  async *range(query: RangeQuery): AsyncIterable<Observation> {
    let left = query.limit ?? Number.POSITIVE_INFINITY;
    for (const key of query.datastreams) {
      for await (const observation of this.#all(key, query)) {
        if (left <= 0) return;
        if (query.without?.includes(observation.flag)) continue;
        left--;
        yield observation;
      }
    }
  }

  async aggregate(query: AggregateQuery): Promise<Bucket[]> {
    const { datastream, from, to, every, without = [4, 9], smallestCount } = query;
    const values: Observation[] = [];
    for await (const value of this.range({ datastreams: [datastream], from, to })) values.push(value);
    return bucketize(values, { from, to, every, without, smallestCount });
  }

  async count({ datastreams, from, to, without }: Parameters<ObservationStore['count']>[0]): Promise<number[]> {
    const counts: number[] = [];
    for (const key of datastreams) {
      // Flags are packed, so that values must be read to tell them apart.
      const wanted = without && without.length > 0 ? { without } : {};
      let n = 0;
      for await (const _ of this.range({ datastreams: [key], from, to, ...wanted })) n++;
      counts.push(n);
    }
    return counts;
  }

  async latest(datastreams?: readonly number[]): Promise<Observation[]> {
    return this.#deps.index.newest(datastreams);
  }

  async at(datastream: number, phenomenonTime: EpochMs): Promise<Observation | undefined> {
    return (await this.#reader.at([{ datastream, time: phenomenonTime }]))[0];
  }

  async ofPositions(positions: readonly number[]): Promise<Observation[]> {
    const asked = new Set(positions);
    const found = await this.#reader.at(positions.flatMap((position) => this.#deps.index.keysOf(position)));
    return found
      .filter(({ position }) => asked.has(position))
      .sort((a, b) => a.datastream - b.datastream || a.phenomenonTime - b.phenomenonTime);
  }

  async *#all(key: number, query: RangeQuery): AsyncGenerator<Observation> {
    const datastream = this.#deps.datastreamOf(key);
    if (!datastream) return;
    const descending = query.order === 'descending';
    const limit = Math.min(query.limit ?? PAGE_ROWS, PAGE_ROWS);
    let { from, to } = query;
    while (from < to) {
      const page = await this.#reader.page({ datastream, from, to, descending, limit });
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < limit) return;
      if (descending) to = last.phenomenonTime;
      else from = last.phenomenonTime + 1;
    }
  }

  /**
   * Those of a batch that count: of one instant the highest (position, record). What is newer than everything that a
   * datastream holds meets nobody; for the rest the store is asked first.
   */
  async #winners(batch: readonly Observation[]): Promise<readonly Observation[]> {
    const { index } = this.#deps;
    const newest = new Map<number, EpochMs>();
    const contested = new Set<number>();
    for (const { datastream, phenomenonTime } of batch) {
      const known = newest.get(datastream) ?? index.newestTime(datastream);
      if (known !== undefined && phenomenonTime <= known) contested.add(datastream);
      else newest.set(datastream, phenomenonTime);
    }
    if (contested.size === 0) return batch;
    const free = batch.filter(({ datastream }) => !contested.has(datastream));
    return [...free, ...(await this.#decide(batch.filter(({ datastream }) => contested.has(datastream))))];
  }

  async #decide(batch: readonly Observation[]): Promise<Observation[]> {
    const best = new Map<string, Observation>();
    for (const observation of batch) {
      const rival = best.get(placeOf(observation));
      if (!rival || !isLater(rival, observation)) best.set(placeOf(observation), observation);
    }
    const { index } = this.#deps;
    const takenBefore = [...best.values()].filter(
      ({ datastream, phenomenonTime }) => phenomenonTime <= (index.newestTime(datastream) ?? Number.NEGATIVE_INFINITY),
    );
    const held = await this.#reader.at(
      takenBefore.map(({ datastream, phenomenonTime: time }) => ({ datastream, time })),
    );
    const changed: { before: Observation; after: Observation }[] = [];
    for (const before of held) {
      const after = best.get(placeOf(before));
      if (!after) continue;
      if (isLater(before, after)) best.delete(placeOf(before));
      else changed.push({ before, after });
    }
    await this.#makeRoom(changed);
    return [...best.values()];
  }

  /** A point keeps the fields that are not written over: where another one is to be its value, it goes first. */
  async #makeRoom(changes: readonly { before: Observation; after: Observation }[]): Promise<void> {
    for (const { before, after } of changes) {
      if (shapeOf(before) === shapeOf(after)) continue;
      await this.#remove(this.#datastream(before.datastream), before.phenomenonTime, before.phenomenonTime);
    }
  }

  /** What was removed from an instant on may have been the newest. */
  async #measureNewest(datastream: Datastream, from: EpochMs): Promise<void> {
    const { index } = this.#deps;
    if ((index.newestTime(datastream.key) ?? from) < from) return;
    const all = { datastream, from: 0, to: Number.MAX_SAFE_INTEGER };
    const [newest] = await this.#reader.page({ ...all, descending: true, limit: 1 });
    index.setNewest(datastream.key, newest);
  }

  async #remove(datastream: Datastream, from: EpochMs, to: EpochMs): Promise<void> {
    const { connection } = this.#deps;
    const predicate = seriesPredicate(datastream);
    await connection.delete(connection.settings.bucket, { from: knownTime(from), to: knownTime(to), predicate });
  }

  async #write(observations: readonly Observation[]): Promise<RefusedLine<Observation>[]> {
    const lines = observations.map((observation): Line<Observation> => {
      return { text: lineOf(this.#key(observation.datastream), observation), of: observation };
    });
    return this.#writer.write(this.#deps.connection.settings.bucket, lines);
  }

  #key(datastream: number): string {
    let key = this.#keys.get(datastream);
    if (key === undefined) {
      key = seriesKey(this.#datastream(datastream));
      this.#keys.set(datastream, key);
    }
    return key;
  }

  #datastream(key: number): Datastream {
    const datastream = this.#deps.datastreamOf(key);
    if (!datastream) throw new HubError('HUB_INTERNAL', `There is no datastream ${key}`);
    return datastream;
  }

  #oldestKept(): EpochMs {
    const { keepDays, clock } = this.#deps;
    return keepDays === null ? Number.NEGATIVE_INFINITY : clock() - keepDays * DAY;
  }
}

const placeOf = ({ datastream, phenomenonTime }: Pick<Observation, 'datastream' | 'phenomenonTime'>): string =>
  `${datastream}|${phenomenonTime}`;
