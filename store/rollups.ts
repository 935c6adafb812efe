import type { Bucket } from '../model/observation.ts';
import type { EpochMs } from '../model/time.ts';

/** Figures of one hour of a datastream that holds observations; `fail` and `missing` values count in n and flags only. */
export interface Rollup extends Omit<Bucket, 'from' | 'to'> {
  /** Start of the hour (UTC). */
  readonly hour: EpochMs;
}

export interface RollupReader {
  /** Hours that begin in [from, to), in order of time; hours without observations are left out. */
  range(datastream: number, from: EpochMs, to: EpochMs): Promise<Rollup[]>;
}

/** All hours of [from, to) that hold observations. */
export interface RollupReplacement {
  readonly datastream: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly rows: readonly Rollup[];
}

/**
 * Hourly figures by (datastream, hour), which outlive the observations they were computed from. Contract suite:
 * store/rollups.contract.ts.
 */
export interface RollupStore extends RollupReader {
  /** What the store holds of each span afterwards is exactly its rows. Durable when it resolves. */
  replace(replacements: readonly RollupReplacement[]): Promise<void>;
}
