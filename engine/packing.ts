import type { IncomingMessage } from '../ingest/intake.ts';
import type { Bucket, Observation } from '../model/observation.ts';
import type { QualityFlag } from '../model/quality.ts';
import { type IntakeMessage, STORED_COLUMNS } from './protocol.ts';

/** Observations as one block of numbers, which crosses threads without being copied. */
export const packStored = (observations: readonly Observation[]): Float64Array => {
  const rows = new Float64Array(observations.length * STORED_COLUMNS);
  for (const [index, observation] of observations.entries()) pack(observation, rows, index * STORED_COLUMNS);
  return rows;
};

/** The observation in row `index` of a packed block. */
export const unpackStored = (rows: Float64Array, index: number): Observation => unpack(rows, index * STORED_COLUMNS);

const pack = (observation: Observation, rows: Float64Array, i: number): void => {
  const { datastream, phenomenonTime, value, flag, tests, position, record, receivedAt, storedAt } = observation;
  rows[i] = datastream;
  rows[i + 1] = phenomenonTime;
  rows[i + 2] = value ?? Number.NaN;
  rows[i + 3] = flag;
  rows[i + 4] = tests;
  rows[i + 5] = position;
  rows[i + 6] = record;
  rows[i + 7] = receivedAt;
  rows[i + 8] = storedAt;
};

const unpack = (rows: Float64Array, i: number): Observation => {
  const value = rows[i + 2] as number;
  return {
    datastream: rows[i] as number,
    phenomenonTime: rows[i + 1] as number,
    value: Number.isNaN(value) ? null : value,
    flag: rows[i + 3] as QualityFlag,
    tests: rows[i + 4] as number,
    position: rows[i + 5] as number,
    record: rows[i + 6] as number,
    receivedAt: rows[i + 7] as number,
    storedAt: rows[i + 8] as number,
  };
};

/** Columns of `PackedRows.rows`: those of a stored observation, and the place of its source. */
const PACKED_COLUMNS = STORED_COLUMNS + 1;

/** Observations in answer to a question: one block of numbers, and the few sources that they share. */
export interface PackedRows {
  readonly rows: Float64Array<ArrayBuffer>;
  readonly sources: readonly Pick<Observation, 'codec' | 'deployment'>[];
}

export const packRows = (observations: readonly Observation[]): PackedRows => {
  const rows = new Float64Array(observations.length * PACKED_COLUMNS);
  const sources: Pick<Observation, 'codec' | 'deployment'>[] = [];
  const places = new Map<string, number>();
  for (const [index, observation] of observations.entries()) {
    const { codec, deployment } = observation;
    const name = `${codec ?? ''} ${deployment ?? ''}`;
    let place = places.get(name);
    if (place === undefined) {
      place =
        sources.push({ ...(codec !== undefined && { codec }), ...(deployment !== undefined && { deployment }) }) - 1;
      places.set(name, place);
    }
    const i = index * PACKED_COLUMNS;
    pack(observation, rows, i);
    rows[i + STORED_COLUMNS] = place;
  }
  return { rows, sources };
};

export const unpackRows = ({ rows, sources }: PackedRows): Observation[] => {
  const observations: Observation[] = [];
  for (let i = 0; i < rows.length; i += PACKED_COLUMNS) {
    const source = sources[rows[i + STORED_COLUMNS] as number];
    observations.push(Object.assign(unpack(rows, i), source));
  }
  return observations;
};

/** Figures of a packed bucket, behind which stand the numbers of its flags and of what is withheld (NaN: nothing). */
const FIGURES = ['from', 'to', 'n', 'min', 'max', 'mean', 'sum', 'first', 'last', 'coverage'] as const;
const FLAGS = [1, 2, 3, 4, 9] as const satisfies QualityFlag[];
const BUCKET_COLUMNS = FIGURES.length + FLAGS.length + 1;

/** Buckets as one block of numbers. */
export const packBuckets = (buckets: readonly Bucket[]): { rows: Float64Array<ArrayBuffer> } => {
  const rows = new Float64Array(buckets.length * BUCKET_COLUMNS);
  let i = 0;
  for (const bucket of buckets) {
    for (const figure of FIGURES) rows[i++] = bucket[figure] ?? Number.NaN;
    for (const flag of FLAGS) rows[i++] = bucket.flags[flag];
    rows[i++] = bucket.withheld ?? Number.NaN;
  }
  return { rows };
};

export const unpackBuckets = ({ rows }: { readonly rows: Float64Array }): Bucket[] => {
  const buckets: Bucket[] = [];
  const figure = (i: number): number | null => {
    const value = rows[i] as number;
    return Number.isNaN(value) ? null : value;
  };
  const count = (i: number): number => rows[i] as number;
  for (let i = 0; i < rows.length; i += BUCKET_COLUMNS) {
    const withheld = figure(i + 15);
    buckets.push({
      from: count(i),
      to: count(i + 1),
      n: count(i + 2),
      min: figure(i + 3),
      max: figure(i + 4),
      mean: figure(i + 5),
      sum: figure(i + 6),
      first: figure(i + 7),
      last: figure(i + 8),
      coverage: count(i + 9),
      flags: { 1: count(i + 10), 2: count(i + 11), 3: count(i + 12), 4: count(i + 13), 9: count(i + 14) },
      ...(withheld !== null && { withheld }),
    });
  }
  return buckets;
};

/** The messages of a batch; their bodies stay where they lie. */
export const unpackIntake = ({ networks, topics, lengths, bodies, arrivedAt }: IntakeMessage): IncomingMessage[] => {
  let offset = 0;
  return networks.map((network, i) => {
    const length = lengths[i] as number;
    const topic = topics[i];
    const body = bodies.subarray(offset, offset + length);
    offset += length;
    return { network, body, arrivedAt, ...(topic !== undefined && { topic }) };
  });
};
