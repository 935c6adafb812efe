import type { Observation } from '../../model/observation.ts';
import type { Datastream } from '../../model/registry.ts';
import { type EpochMs, HOUR } from '../../model/time.ts';
import type { ObservationIndex, ObservationKey, Series as Stream } from '../observation-index.ts';
import type { InfluxConnection, Series } from './connection.ts';
import { originsFrom, unpackOrigin } from './point.ts';
import { during, knownTime, quotedName } from './query-text.ts';

/** Times further apart are asked for by a statement each. */
const CLUSTER_GAP = HOUR;
/** Statements of one request. */
const STATEMENTS = 100;
/** Requests of one look-up at once: others want the connection too. */
const REQUESTS = 4;

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
  readonly datastreamOf: (key: number) => Datastream | undefined;
}

/** Asks InfluxDB for points, and makes observations of them again. */
export class PointReader {
  readonly #deps: PointReaderDeps;

  constructor(deps: PointReaderDeps) {
    this.#deps = deps;
  }

  /** Observations of one datastream in order of time. */
  async page({ datastream, from, to, descending, limit }: Page): Promise<Observation[]> {
    const statement = [
      `SELECT ${FIELDS} FROM ${quotedName(datastream.property)} WHERE "datastream" = $d`,
      `AND ${during(from, to)} ORDER BY time ${descending ? 'DESC' : 'ASC'} LIMIT ${limit}`,
    ].join(' ');
    const observations: Observation[] = [];
    for await (const { series } of this.#deps.connection.query(statement, { d: datastream.id })) {
      for (const row of rowsOf(series)) observations.push(this.#observationOf(datastream.key, row));
    }
    return observations;
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
  async *between(
    datastream: Stream & Pick<Datastream, 'key'>,
    from: EpochMs,
    to: EpochMs,
  ): AsyncGenerator<Observation> {
    const statement = [
      `SELECT ${FIELDS} FROM ${quotedName(datastream.property)} WHERE "datastream" = $d`,
      `AND time >= ${knownTime(from)}ms AND time <= ${knownTime(to)}ms`,
    ].join(' ');
    for await (const { series } of this.#deps.connection.query(statement, { d: datastream.id })) {
      for (const row of rowsOf(series)) yield this.#observationOf(datastream.key, row);
    }
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

  async #inClusters<S extends Stream>(
    clusters: readonly Cluster<S>[],
    take: (cluster: Cluster<S>, row: Row) => void,
  ): Promise<void> {
    const requests = batchesOf(clusters);
    const work = async (): Promise<void> => {
      for (let request = requests.shift(); request; request = requests.shift()) await this.#request(request, take);
    };
    await Promise.all(Array.from({ length: Math.min(REQUESTS, requests.length) }, work));
  }

  async #request<S extends Stream>(
    clusters: readonly Cluster<S>[],
    take: (cluster: Cluster<S>, row: Row) => void,
  ): Promise<void> {
    const statements = clusters.map(
      ({ datastream, from, to }, i) =>
        `SELECT ${FIELDS} FROM ${quotedName(datastream.property)} WHERE "datastream" = $d${i} AND time >= ${from}ms AND time <= ${to}ms`,
    );
    const parameters = Object.fromEntries(clusters.map(({ datastream }, i) => [`d${i}`, datastream.id]));
    for await (const { statement, series } of this.#deps.connection.query(statements, parameters)) {
      const cluster = clusters[statement];
      if (cluster) for (const row of rowsOf(series)) take(cluster, row);
    }
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

const batchesOf = <S extends Stream>(clusters: readonly Cluster<S>[]): (readonly Cluster<S>[])[] =>
  Array.from({ length: Math.ceil(clusters.length / STATEMENTS) }, (_, i) =>
    clusters.slice(i * STATEMENTS, (i + 1) * STATEMENTS),
  );
