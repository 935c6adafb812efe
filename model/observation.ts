import type { QualityFlag } from './quality.ts';
import type { EpochMs } from './time.ts';

/** One value of a datastream. Keyed by (datastream, phenomenonTime); the highest (position, record) wins. */
export interface Observation {
  /** Key of the datastream. */
  readonly datastream: number;
  readonly phenomenonTime: EpochMs;
  /** In the datastream's unit; truth as 0/1; null where the device reported the value as missing. */
  readonly value: number | null;
  readonly flag: QualityFlag;
  /** Bit mask of the tests that did not pass, see model/quality.ts. */
  readonly tests: number;
  /** Journal position of the uplink it came from. */
  readonly position: number;
  /** Index of the record within that uplink. */
  readonly record: number;
  /** The network's receive time. */
  readonly receivedAt: EpochMs;
  /** When the hub stored it. */
  readonly storedAt: EpochMs;
  /** `vendor/model@version` of the codec, as the store interned it; undefined for health events. */
  readonly codec?: string | undefined;
  /** Id of the deployment under which it was placed. */
  readonly deployment?: string | undefined;
}

/** A count that must not tell who was counted is withheld from an asker: above zero and below `smallest`. */
export const isWithheld = (value: number | null, smallest: number | undefined): boolean =>
  smallest !== undefined && value !== null && value > 0 && value < smallest;

type Rank = Pick<Observation, 'position' | 'record'>;

/** Whether the first of two observations of one instant counts: the one of the higher position and record. */
export const isLater = (a: Rank, b: Rank): boolean => (a.position - b.position || a.record - b.record) > 0;

/** Figures of one bucket of time; `fail` and `missing` values count in n and flags only. */
export interface Bucket {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Observations in the bucket, whatever their flag. */
  readonly n: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly sum: number | null;
  readonly first: number | null;
  readonly last: number | null;
  /** Share of the bucket's intervals (median spacing of the datastream's values in it) that hold a value, 0 to 1. */
  readonly coverage: number;
  /** Number of observations per quality flag. */
  readonly flags: Readonly<Record<QualityFlag, number>>;
  /** Number of values that were left out because they are small counts; absent where none are withheld. */
  readonly withheld?: number;
}
