import { isStoreTrouble } from '../../model/errors.ts';
import type { Bucket, Observation } from '../../model/observation.ts';
import type { Datastream } from '../../model/registry.ts';
import { DAY, type EpochMs } from '../../model/time.ts';
import { bucketize } from '../buckets.ts';
import { type BlockQuery, type ObservationBlock, readBlock } from '../observation-block.ts';
import type { ObservationIndex, Suspect } from '../observation-index.ts';
import type {
  AggregateQuery,
  Judged,
  ObservationKey,
  ObservationStore,
  RangeQuery,
  Rejection,
} from '../observations.ts';
import type { InfluxConnection } from './connection.ts';
import { type Change, Doubts, type Projected } from './doubts.ts';
import { type DatastreamOf, knownDatastream } from './known-datastream.ts';
import { misfit, placeOf, shapeOf } from './point.ts';
import { earliestOf, PointEraser } from './point-eraser.ts';
import { PointReader } from './point-reader.ts';
import { PointWriter } from './point-writer.ts';
import { Rivals } from './rivals.ts';

/** How far before the newest known value it is looked for newer ones. */
const LOOK_BACK = 10 * DAY;

export interface InfluxObservationDeps {
  readonly connection: InfluxConnection;
  readonly index: ObservationIndex;
  readonly datastreamOf: DatastreamOf;
  /** All that there are, for the index to be made anew. */
  readonly datastreams: () => Iterable<Datastream>;
  /** Days; what is older is not written, InfluxDB would refuse it. Null keeps everything. */
  readonly keepDays: number | null;
  readonly clock: () => EpochMs;
  /** Where observations are a projection: without it nothing is kept of what a lost answer leaves in doubt. */
  readonly projected?: Projected | undefined;
}

/** Observations in InfluxDB 2.x, their index in hub.db: see docs/decisions/0008-observations-in-influxdb.md. */
export class InfluxObservationStore implements ObservationStore {
  readonly #deps: InfluxObservationDeps;
  readonly #reader: PointReader;
  readonly #writer: PointWriter;
  readonly #eraser: PointEraser;
  readonly #doubts: Doubts;
  readonly #rivals: Rivals;

  constructor(deps: InfluxObservationDeps) {
    this.#deps = deps;
    this.#reader = new PointReader(deps);
    this.#writer = new PointWriter(deps);
    this.#eraser = new PointEraser({ ...deps, reader: this.#reader, writer: this.#writer });
    this.#doubts = new Doubts({ ...deps, suspects: deps.index.suspects, reader: this.#reader });
    this.#rivals = new Rivals({ ...deps, reader: this.#reader, doubts: this.#doubts });
  }

  /** Finishes rewrites that were cut off, by a stop or by a server that went away. Before anything else is written. */
  async recover(): Promise<void> {
    await this.#doubts.lookAgain();
    const kept = this.#deps.index.kept();
    if (kept.length === 0) return;
    const { winners, changes } = await this.#rivals.decide(kept);
    await this.#makeRoom(changes);
    await this.#writer.write(winners);
    this.#deps.index.release(kept);
  }

  /** Before anything is written: finishes what a stop interrupted, and learns from the store which values are the newest. */
  async prepare(): Promise<void> {
    await this.#doubts.lookForLeftovers();
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
    this.save();
    await this.settle();
  }

  /** Part of the transaction that moves the cursor. */
  save(): void {
    this.#deps.index.save();
    this.#doubts.save();
  }

  /** The batch that was written is worked out again, perhaps otherwise: its commit failed. */
  forget(): void {
    this.#doubts.forget();
    this.#deps.index.forget();
  }

  /**
   * After a commit: takes away what earlier tries left and the last one did not write again. Where the server cannot be
   * asked now, it is done after a later commit.
   */
  async settle(): Promise<void> {
    try {
      await this.#clear(await this.#doubts.due());
    } catch (thrown) {
      if (!isStoreTrouble(thrown)) throw thrown;
    }
  }

  async append(batch: readonly Observation[]): Promise<{ rejected: readonly Rejection[] }> {
    const rejected: Rejection[] = [];
    const oldest = this.#oldestKept();
    const valid = batch.filter((observation) => {
      const reason = misfit(observation);
      if (reason !== undefined) rejected.push({ observation, reason });
      return reason === undefined && observation.phenomenonTime >= oldest;
    });
    const { winners, changes } = await this.#rivals.winners(valid);
    await this.#doubts.before(winners, changes);
    await this.#makeRoom(changes);
    const refused = await this.#writer.write(winners, () => this.#doubts.add(winners));
    // What the server keeps no longer is like what the hub keeps no longer: not stored, and nobody's fault.
    for (const { of: observation, words: reason, isTooOld } of refused)
      if (!isTooOld) rejected.push({ observation, reason });
    const gone = new Set(refused.map((line) => line.of));
    const stored = gone.size === 0 ? valid : valid.filter((observation) => !gone.has(observation));
    this.#deps.index.remember(stored);
    this.#doubts.written(stored);
    return { rejected };
  }

  async replace(datastream: number, from: EpochMs, to: EpochMs, batch: readonly Observation[]): Promise<void> {
    const { index } = this.#deps;
    const stream = this.#datastream(datastream);
    index.keep(batch);
    await this.#eraser.span(stream, from, to - 1);
    await this.#writer.write(batch);
    index.release(batch);
    index.remember(batch);
    await this.#measureNewest(stream, from);
  }

  async remove(keys: readonly ObservationKey[]): Promise<void> {
    for (const [datastream, places] of Map.groupBy(keys, (key) => key.datastream)) {
      const stream = this.#datastream(datastream);
      const times = places.map(({ time }) => time);
      await this.#eraser.at(stream, times);
      await this.#measureNewest(stream, earliestOf(times));
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
    await this.#writer.write(changed.map(({ after }) => after));
    index.release(reshaped);
    for (const { after } of changed) index.requalify(after);
  }

  range(query: RangeQuery): AsyncIterable<Observation> {
    return this.#reader.range(query);
  }

  block(query: BlockQuery): Promise<ObservationBlock> {
    const { without = [] } = query;
    return readBlock(query, ({ datastream, from, to }, limit) =>
      this.range({ datastreams: [datastream], from, to, limit, without }),
    );
  }

  async aggregate(query: AggregateQuery): Promise<Bucket[]> {
    const { datastream, from, to, every, without = [4, 9], smallestCount } = query;
    const values: Observation[] = [];
    for await (const value of this.range({ datastreams: [datastream], from, to })) values.push(value);
    return bucketize(values, { from, to, every, without, smallestCount });
  }

  count(query: Parameters<ObservationStore['count']>[0]): Promise<number[]> {
    return this.#reader.count(query);
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

  /** A point keeps the fields that are not written over: where another one is to be its value, it goes first. */
  async #makeRoom(changes: readonly Change[]): Promise<void> {
    for (const { before, after } of changes) {
      if (shapeOf(before) === shapeOf(after)) continue;
      await this.#eraser.span(this.#datastream(before.datastream), before.phenomenonTime, before.phenomenonTime);
    }
  }

  /** Takes away points that no try wrote again, and brings back what they had replaced. */
  async #clear(due: readonly Suspect[]): Promise<void> {
    if (due.length === 0) return;
    const { index, projected, datastreams, datastreamOf } = this.#deps;
    const { ghosts, back } = this.#doubts.judge(due, await this.#reader.stamps(due));
    const byId = new Map([...datastreams()].map((datastream) => [datastream.id, datastream]));
    for (const [id, list] of Map.groupBy(ghosts, ({ series }) => series.id)) {
      const times = list.map(({ time }) => time);
      const series = byId.get(id) ?? list[0]?.series;
      if (series) await this.#eraser.at(series, times);
    }
    await this.#writer.write(back.filter(({ datastream }) => datastreamOf(datastream) !== undefined));
    const touched = Map.groupBy([...ghosts, ...due.filter(({ before }) => before)], ({ series }) =>
      byId.get(series.id),
    );
    for (const [datastream, list] of touched) {
      if (!datastream) continue;
      const times = list.map(({ time }) => time);
      await this.#measureNewest(datastream, earliestOf(times));
      await projected?.changed(times.map((phenomenonTime) => ({ datastream: datastream.key, phenomenonTime })));
    }
    index.save();
    index.suspects.release(due);
  }

  /** What was removed from an instant on may have been the newest. */
  async #measureNewest(datastream: Datastream, from: EpochMs): Promise<void> {
    const { index } = this.#deps;
    if ((index.newestTime(datastream.key) ?? from) < from) return;
    const all = { datastream, from: 0, to: Number.MAX_SAFE_INTEGER };
    const [newest] = await this.#reader.page({ ...all, descending: true, limit: 1 });
    index.setNewest(datastream.key, newest);
  }

  #datastream(key: number): Datastream {
    return knownDatastream(this.#deps.datastreamOf, key);
  }

  #oldestKept(): EpochMs {
    const { keepDays, clock } = this.#deps;
    return keepDays === null ? Number.NEGATIVE_INFINITY : clock() - keepDays * DAY;
  }
}
