import type { IncomingMessage } from '../ingest/intake.ts';
import type { Observation } from '../model/observation.ts';
import type { QualityFlag } from '../model/quality.ts';
import { type IntakeMessage, STORED_COLUMNS } from './protocol.ts';

/** Observations as one block of numbers, which crosses threads without being copied. */
export const packStored = (observations: readonly Observation[]): Float64Array => {
  const rows = new Float64Array(observations.length * STORED_COLUMNS);
  let i = 0;
  for (const {
    datastream,
    phenomenonTime,
    value,
    flag,
    tests,
    position,
    record,
    receivedAt,
    storedAt,
  } of observations) {
    rows[i] = datastream;
    rows[i + 1] = phenomenonTime;
    rows[i + 2] = value ?? Number.NaN;
    rows[i + 3] = flag;
    rows[i + 4] = tests;
    rows[i + 5] = position;
    rows[i + 6] = record;
    rows[i + 7] = receivedAt;
    rows[i + 8] = storedAt;
    i += STORED_COLUMNS;
  }
  return rows;
};

/** The observation in row `index` of a packed block. */
export const unpackStored = (rows: Float64Array, index: number): Observation => {
  const i = index * STORED_COLUMNS;
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
