import type { Bucket, Observation } from '../model/observation.ts';
import type { QualityFlag } from '../model/quality.ts';
import type { CalendarUnit, EpochMs } from '../model/time.ts';
import type { BlockQuery, ObservationBlock } from './observation-block.ts';

export interface Rejection {
  readonly observation: Observation;
  readonly reason: string;
}

/** From inclusive, to exclusive, both by phenomenon time. */
export interface RangeQuery {
  readonly datastreams: readonly number[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly order?: 'ascending' | 'descending';
  /** Observations carrying one of these flags are left out. */
  readonly without?: readonly QualityFlag[];
  readonly limit?: number;
}

export type Every = { readonly ms: number } | { readonly calendar: CalendarUnit; readonly timeZone: string };

export interface AggregateQuery {
  readonly datastream: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly every: Every;
  /** Flags whose values count in n and flags only; default fail and missing. */
  readonly without?: readonly QualityFlag[];
  /** Counts above zero and below this are left out of all figures but n and flags, and counted as withheld. */
  readonly smallestCount?: number;
}

/** Where an observation stands. */
export interface ObservationKey {
  readonly datastream: number;
  readonly time: EpochMs;
}

/** What readers ask of the observations. */
export interface ObservationReader {
  /** One datastream after the other, each in the order asked for. Streams: memory is bounded whatever the span. */
  range(query: RangeQuery): AsyncIterable<Observation>;
  /** The first rows of some spans, as columns; `next` of the answer says where to go on. Takes little time, whatever is asked. */
  block(query: BlockQuery): Promise<ObservationBlock>;
  /** Consecutive buckets over [from, to), empty ones with n 0 included. */
  aggregate(query: AggregateQuery): Promise<Bucket[]>;
  /** The newest observation by phenomenon time of each datastream that has one; all datastreams when none are named. */
  latest(datastreams?: readonly number[]): Promise<Observation[]>;
  /** The observation of exactly this instant. */
  at(datastream: number, phenomenonTime: EpochMs): Promise<Observation | undefined>;
  /** How many observations stand in [from, to) of each datastream, without those of some flags; in the order asked for. */
  count(query: Omit<RangeQuery, 'order' | 'limit'>): Promise<number[]>;
  /** Observations that came from the given journal positions. */
  ofPositions(positions: readonly number[]): Promise<Observation[]>;
}

/**
 * Observations by (datastream, phenomenonTime). On a collision the highest (position, record) wins, in whatever order
 * they are written, so that every write may be repeated. Contract suite: store/observations.contract.ts.
 */
export interface ObservationStore extends ObservationReader {
  /** Durable when it resolves. Throws only if the whole batch may be tried again. */
  append(batch: readonly Observation[]): Promise<{ readonly rejected: readonly Rejection[] }>;
  /** What `datastream` holds in [from, to) afterwards is exactly `batch`. */
  replace(datastream: number, from: EpochMs, to: EpochMs, batch: readonly Observation[]): Promise<void>;
  /** Takes single observations away; none need be there. */
  remove(keys: readonly ObservationKey[]): Promise<void>;
  /** What stands at these places, in no order. */
  heldAt(keys: readonly ObservationKey[]): Promise<Observation[]>;
  /** Rewrites flag and tests of an observation that is still the one given (same position and record). */
  qualify(judged: readonly Judged[]): Promise<void>;
}

/** A verdict on one observation. */
export type Judged = Pick<Observation, 'datastream' | 'phenomenonTime' | 'position' | 'record' | 'flag' | 'tests'>;
