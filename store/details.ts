import type { DetailOf } from '../model/sensor-things.ts';
import type { EpochMs } from '../model/time.ts';

/** From inclusive, to exclusive, by the phenomenon time of the observation. */
export interface DetailQuery {
  readonly datastreams: readonly number[];
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface DetailReader {
  /** By datastream and time; observations that are numbers and no more have none. */
  list(query: DetailQuery): Promise<DetailOf[]>;
}

/** What is kept beside observations that came by way of SensorThings. */
export interface DetailStore extends DetailReader {
  put(details: readonly DetailOf[]): Promise<void>;
  remove(keys: readonly Pick<DetailOf, 'datastream' | 'phenomenonTime'>[]): Promise<void>;
  /** Those of whole datastreams. */
  removeAll(datastreams: readonly number[]): Promise<void>;
}
