import type { Observation } from '../../model/observation.ts';
import type { QualityFlag } from '../../model/quality.ts';
import type { Datastream } from '../../model/registry.ts';
import { type EpochMs, HOUR } from '../../model/time.ts';
import type { ObservationIndex, ObservationKey, Series as Stream } from '../observation-index.ts';
import type { RangeQuery } from '../observations.ts';
import type { InfluxConnection, Series } from './connection.ts';
import type { DatastreamOf } from './known-datastream.ts';
import { originsFrom, unpackOrigin, withoutFlags } from './point.ts';
import { during, knownTime, quotedName, through } from './query-text.ts';

/** Times further apart are asked for by a statement each. */
const CLUSTER_GAP = HOUR;
/** Statements of one request. */
const STATEMENTS = 100;
/** Requests of one look-up at once: others want the connection too. */
const REQUESTS = 4;
/** Rows that one request of a range asks for. */
const PAGE_ROWS = 5_000;

const FIELDS = '"origin", "value", "failed"';

interface Cluster<S extends Stream = Stream> {
  readonly datastream: S;
  readonly from: EpochMs;
  /** Inclusive. */
  readonly to: EpochMs;
}

export interface Page {
  readonly datastream: Datastream;
  readonly from: EpochMs;
  /** Exclusive. */
  readonly to: EpochMs;
  readonly descending: boolean;
  readonly limit: number;
  /** Observations with one of these flags are left out. */
  readonly without?: readonly QualityFlag[] | undefined;
}

/** A point by its place, whether a datastream of it is known or not, and whose it is. */
export interface Stamp {
  readonly series: Stream;
  readonly time: EpochMs;
  readonly position: number;
  readonly record: number;
}

interface PointReaderDeps {
  readonly connection: InfluxConnection;
  readonly index: ObservationIndex;
  readonly datastreamOf: DatastreamOf;
}

/** Asks InfluxDB for points, and makes observations of them again. */
export class PointReader {
  readonly #deps: PointReaderDeps;

  constructor(deps: PointReaderDeps) {
    this.#deps = deps;
  }

  /** Observations of one datastream in order of time. */
  async page({ datastream, from, to, descending, limit, without }: Page): Promise<Observation[]> {
    const order = `ORDER BY time ${descending ? 'DESC' : 'ASC'} LIMIT ${limit}`;
    return Array.fromAsync(this.#points(datastream, `${during(from, to)}${withoutFlags(without)} ${order}`));
  }

  /** One datastream after the other, page by page. */
  async *range({ datastreams, from, to, order, limit, without }: RangeQuery): AsyncGenerator<Observation> {
    const descending = order === 'descending';
    let left = limit ?? Number.POSITIVE_INFINITY;
    for (const key of datastreams) {
      const datastream = this.#deps.datastreamOf(key);
      let span = { from, to };
      while (datastream && left > 0 && span.from < span.to) {
        const rows = Math.min(left, PAGE_ROWS);
        const page = await this.page({ datastream, ...span, descending, limit: rows, without });
        yield* page;
        left -= page.length;
        const last = page.at(-1);
        if (!last || page.length < rows) break;
        span = descending ? { from, to: last.phenomenonTime } : { from: last.phenomenonTime + 1, to };
      }
    }
  }

  /** How many observations of each datastream, in the order asked for. */
  async count({ datastreams, from, to, without }: Omit<RangeQuery, 'order' | 'limit'>): Promise<number[]> {
    const counts = new Map<number, number>();
    const known = [...new Set(datastreams)].flatMap((key) => this.#deps.datastreamOf(key) ?? []);
    await this.#inRequests(known, async (some) => {
      const statements = some.map(
        ({ property }, i) =>
          `SELECT count("origin") FROM ${quotedName(property)} WHERE "datastream" = $d${i} AND ${during(from, to)}${withoutFlags(without)}`,
      );
      for await (const { statement, series } of this.#deps.connection.query(statements, idsOf(some))) {
        const key = some[statement]?.key;
        const n = series.values[0]?.[series.columns.indexOf('count')];
        if (key !== undefined && typeof n === 'number') counts.set(key, n);
      }
    });
    return datastreams.map((key) => counts.get(key) ?? 0);
  }

  /** Observations at exactly these places, in any order; thousands of them are asked for together. */
  async at(keys: readonly ObservationKey[]): Promise<Observation[]> {
    const wanted = Map.groupBy(keys, ({ datastream }) => datastream);
    const clusters = [...wanted].flatMap(([key, places]) => {
      const datastream = this.#deps.datastreamOf(key);
      return datastream ? clustersOf(datastream, places) : [];
    });
    const times = new Map([...wanted].map(([key, places]) => [key, new Set(places.map(({ time }) => time))]));
    const found: Observation[] = [];
    await this.#inClusters(clusters, ({ datastream: { key } }, row) => {
      if (times.get(key)?.has(row.time)) found.push(this.#observationOf(key, row));
    });
    return found;
  }

  /** Which points stand at these places. */
  async stamps(places: readonly { readonly series: Stream; readonly time: EpochMs }[]): Promise<Stamp[]> {
    const clusters = [...Map.groupBy(places, ({ series }) => series.id).values()].flatMap((list) => {
      const [first] = list;
      return first ? clustersOf(first.series, list) : [];
    });
    const wanted = new Set(places.map(({ series, time }) => `${time}|${series.id}`));
    const found: Stamp[] = [];
    await this.#inClusters(clusters, ({ datastream: series }, { time, origin }) => {
      if (!wanted.has(`${time}|${series.id}`)) return;
      const { position, record } = unpackOrigin(origin);
      found.push({ series, time, position, record });
    });
    return found;
  }

  /** Points of uplinks behind one position up to another, since an instant: the server reads every point of that time. */
  async ofUplinks({ after, to }: { after: number; to: number }, since: EpochMs): Promise<Stamp[]> {
    const statement = [
      `SELECT "origin" FROM /./ WHERE time >= ${knownTime(since)}ms`,
      `AND "origin" >= ${originsFrom(after + 1)} AND "origin" < ${originsFrom(to + 1)} GROUP BY "datastream"`,
    ].join(' ');
    const found: Stamp[] = [];
    for await (const { series } of this.#deps.connection.query(statement)) {
      const id = series.tags?.datastream ?? '';
      for (const { time, origin } of rowsOf(series)) {
        const { position, record } = unpackOrigin(origin);
        found.push({ series: { id, property: series.name }, time, position, record });
      }
    }
    return found;
  }

  /** All points of a datastream from one instant to another, both inclusive, in order. */
  between(datastream: Stream & Pick<Datastream, 'key'>, from: EpochMs, to: EpochMs): AsyncGenerator<Observation> {
    return this.#points(datastream, through(from, to));
  }

  /**
   * The newest observation of each datastream of a property since `from`, inclusive; the server reads every point of that
   * time to answer.
   */
  async newest(
    property: string,
    byId: ReadonlyMap<string, Datastream>,
    from: EpochMs = Number.NEGATIVE_INFINITY,
  ): Promise<Observation[]> {
    const statement = [
      `SELECT last("origin") AS "origin", "value", "failed" FROM ${quotedName(property)}`,
      `WHERE time >= ${knownTime(from)}ms GROUP BY "datastream"`,
    ].join(' ');
    const observations: Observation[] = [];
    for await (const { series } of this.#deps.connection.query(statement)) {
      const datastream = byId.get(series.tags?.datastream ?? '');
      if (!datastream) continue;
      for (const row of rowsOf(series)) observations.push(this.#observationOf(datastream.key, row));
    }
    return observations;
  }

  async *#points(datastream: Stream & Pick<Datastream, 'key'>, rest: string): AsyncGenerator<Observation> {
    const statement = `SELECT ${FIELDS} FROM ${quotedName(datastream.property)} WHERE "datastream" = $d AND ${rest}`;
    for await (const { series } of this.#deps.connection.query(statement, { d: datastream.id })) {
      for (const row of rowsOf(series)) yield this.#observationOf(datastream.key, row);
    }
  }

  #inClusters<S extends Stream>(
    clusters: readonly Cluster<S>[],
    take: (cluster: Cluster<S>, row: Row) => void,
  ): Promise<void> {
    return this.#inRequests(clusters, async (some) => {
      const statements = some.map(
        ({ datastream: { property }, from, to }, i) =>
          `SELECT ${FIELDS} FROM ${quotedName(property)} WHERE "datastream" = $d${i} AND ${through(from, to)}`,
      );
      const parameters = idsOf(some.map(({ datastream }) => datastream));
      for await (const { statement, series } of this.#deps.connection.query(statements, parameters)) {
        const cluster = some[statement];
        if (cluster) for (const row of rowsOf(series)) take(cluster, row);
      }
    });
  }

  /** As many statements in each request as it may have, some requests at a time. */
  async #inRequests<T>(all: readonly T[], ask: (some: readonly T[]) => Promise<void>): Promise<void> {
    const requests = batchesOf(all);
    const work = async (): Promise<void> => {
      for (let request = requests.shift(); request; request = requests.shift()) await ask(request);
    };
    await Promise.all(Array.from({ length: Math.min(REQUESTS, requests.length) }, work));
  }

  #observationOf(datastream: number, { time, origin, value, failed }: Row): Observation {
    const stamp = unpackOrigin(origin);
    const provenance = this.#deps.index.provenance(stamp.position, datastream) ?? { receivedAt: time, storedAt: time };
    return { datastream, phenomenonTime: time, value: stamp.flag === 4 ? failed : value, ...stamp, ...provenance };
  }
}

interface Row {
  readonly time: EpochMs;
  readonly origin: number;
  readonly value: number | null;
  readonly failed: number | null;
}

const rowsOf = ({ columns, values }: Series): Row[] => {
  const column = (name: string): number => columns.indexOf(name);
  const [time, origin, value, failed] = [column('time'), column('origin'), column('value'), column('failed')];
  const numberAt = (row: readonly unknown[], index: number): number | null => {
    const member = row[index];
    return typeof member === 'number' ? member : null;
  };
  return values.flatMap((row): Row[] => {
    const when = numberAt(row, time);
    const stamp = numberAt(row, origin);
    if (when === null || stamp === null) return [];
    return [{ time: when, origin: stamp, value: numberAt(row, value), failed: numberAt(row, failed) }];
  });
};

const clustersOf = <S extends Stream>(datastream: S, places: readonly { readonly time: EpochMs }[]): Cluster<S>[] => {
  const times = places.map(({ time }) => time).sort((a, b) => a - b);
  const clusters: { datastream: S; from: EpochMs; to: EpochMs }[] = [];
  for (const time of times) {
    const last = clusters.at(-1);
    if (last && time - last.to <= CLUSTER_GAP) last.to = time;
    else clusters.push({ datastream, from: time, to: time });
  }
  return clusters;
};

/** Parameters $d0, $d1, ... of as many statements. */
const idsOf = (streams: readonly Stream[]): Record<string, string> =>
  Object.fromEntries(streams.map(({ id }, i) => [`d${i}`, id]));

const batchesOf = <T>(all: readonly T[]): (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / STATEMENTS) }, (_, i) => all.slice(i * STATEMENTS, (i + 1) * STATEMENTS));
