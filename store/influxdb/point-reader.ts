import type { Observation } from '../../model/observation.ts';
import type { Datastream } from '../../model/registry.ts';
import { type EpochMs, HOUR } from '../../model/time.ts';
import type { ObservationIndex, ObservationKey } from '../observation-index.ts';
import type { InfluxConnection, Series } from './connection.ts';
import { unpackOrigin } from './point.ts';
import { during, knownTime, quotedName } from './query-text.ts';

/** Times further apart are asked for by a statement each. */
const CLUSTER_GAP = HOUR;
/** Statements of one request. */
const STATEMENTS = 100;
/** Requests of one look-up at once: others want the connection too. */
const REQUESTS = 4;

const FIELDS = '"origin", "value", "failed"';

interface Cluster {
  readonly datastream: Datastream;
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
    const requests = batchesOf(clusters);
    const work = async (): Promise<void> => {
      for (let request = requests.shift(); request; request = requests.shift()) {
        for await (const observation of this.#inClusters(request)) {
          if (times.get(observation.datastream)?.has(observation.phenomenonTime)) found.push(observation);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(REQUESTS, requests.length) }, work));
    return found;
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

  async *#inClusters(clusters: readonly Cluster[]): AsyncGenerator<Observation> {
    const statements = clusters.map(
      ({ datastream, from, to }, i) =>
        `SELECT ${FIELDS} FROM ${quotedName(datastream.property)} WHERE "datastream" = $d${i} AND time >= ${from}ms AND time <= ${to}ms`,
    );
    const parameters = Object.fromEntries(clusters.map(({ datastream }, i) => [`d${i}`, datastream.id]));
    for await (const { statement, series } of this.#deps.connection.query(statements, parameters)) {
      const cluster = clusters[statement];
      if (!cluster) continue;
      for (const row of rowsOf(series)) yield this.#observationOf(cluster.datastream.key, row);
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

const clustersOf = (datastream: Datastream, places: readonly ObservationKey[]): Cluster[] => {
  const times = places.map(({ time }) => time).sort((a, b) => a - b);
  const clusters: { datastream: Datastream; from: EpochMs; to: EpochMs }[] = [];
  for (const time of times) {
    const last = clusters.at(-1);
    if (last && time - last.to <= CLUSTER_GAP) last.to = time;
    else clusters.push({ datastream, from: time, to: time });
  }
  return clusters;
};

const batchesOf = (clusters: readonly Cluster[]): (readonly Cluster[])[] =>
  Array.from({ length: Math.ceil(clusters.length / STATEMENTS) }, (_, i) =>
    clusters.slice(i * STATEMENTS, (i + 1) * STATEMENTS),
  );
