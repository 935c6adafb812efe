import { escape as escaped } from '@influxdata/influxdb-client';
import type { Observation } from '../../model/observation.ts';
import type { QualityFlag } from '../../model/quality.ts';
import type { Datastream } from '../../model/registry.ts';

/**
 * An observation as a point of InfluxDB, see docs/decisions/0008-observations-in-influxdb.md: field `value` for flags that
 * may be used, `failed` for a refused value, and `origin`, which packs position, record, tests and flag.
 */
type Stamp = Pick<Observation, 'position' | 'record' | 'tests' | 'flag'>;

const flags: readonly QualityFlag[] = [1, 2, 3, 4, 9];
const FLAGS = 8;
const TESTS = 256;
const RECORDS = 128;
/** Largest position that fits: 2^53 / (8 × 256 × 128). */
export const LARGEST_POSITION = Number.MAX_SAFE_INTEGER / (FLAGS * TESTS * RECORDS);

/** Position, record, tests and flag as one integer below 2^53; in it the later (position, record) is the greater. */
export const packOrigin = ({ position, record, tests, flag }: Stamp): number =>
  ((position * RECORDS + record) * TESTS + tests) * FLAGS + flags.indexOf(flag);

/** The least that any observation of a position or a later one has. */
export const originsFrom = (position: number): number => position * RECORDS * TESTS * FLAGS;

/** Condition of InfluxQL, to go on with: not with one of these flags. */
export const withoutFlags = (without: readonly QualityFlag[] = []): string =>
  without.map((flag) => ` AND "origin" % ${FLAGS} != ${flags.indexOf(flag)}`).join('');

export const unpackOrigin = (origin: number): Stamp => {
  const place = Math.floor(origin / (TESTS * FLAGS));
  return {
    position: Math.floor(place / RECORDS),
    record: place % RECORDS,
    tests: Math.floor(origin / FLAGS) % TESTS,
    flag: flags[origin % FLAGS] ?? 2,
  };
};

/** Whether an observation fits into the packing and InfluxDB's numbers; why not. */
export const misfit = ({ phenomenonTime, value, position, record, tests }: Observation): string | undefined => {
  if (!Number.isInteger(phenomenonTime)) return `time ${phenomenonTime} is no whole millisecond`;
  if (value !== null && !Number.isFinite(value)) return `value ${value} is not finite`;
  if (record >= RECORDS || tests >= TESTS) return `record ${record} or tests ${tests} is out of bounds`;
  if (position > LARGEST_POSITION) return `position ${position} is out of bounds`;
  return undefined;
};

/** What stands before the fields in every line of a datastream. */
export const seriesKey = ({ id, property, thing }: Datastream): string =>
  `${escaped.measurement(property)},datastream=${escaped.tag(id)},thing=${escaped.tag(thing)}`;

const isUsable = (flag: QualityFlag): boolean => flag !== 4 && flag !== 9;

/** One line of line protocol, time in milliseconds. */
export const lineOf = (key: string, observation: Observation): string => {
  const { value, flag, phenomenonTime } = observation;
  const origin = `origin=${packOrigin(observation)}i ${phenomenonTime}`;
  if (value === null) return `${key} ${origin}`;
  return `${key} ${isUsable(flag) ? 'value' : 'failed'}=${value},${origin}`;
};

/** Which of the fields a point has: another one must go before it is written over. */
export type PointShape = 'value' | 'failed' | 'none';

export const shapeOf = ({ value, flag }: Pick<Observation, 'value' | 'flag'>): PointShape => {
  if (value === null) return 'none';
  return isUsable(flag) ? 'value' : 'failed';
};

export const placeOf = ({ datastream, phenomenonTime }: Pick<Observation, 'datastream' | 'phenomenonTime'>): string =>
  `${datastream}|${phenomenonTime}`;
