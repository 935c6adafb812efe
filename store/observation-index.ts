import type { Observation } from '../model/observation.ts';
import type { Datastream } from '../model/registry.ts';
import type { EpochMs } from '../model/time.ts';
import type { Judged, ObservationKey } from './observations.ts';

export type { ObservationKey };

/** What the hub knows of an uplink's observations beside their values. */
export type Provenance = Pick<Observation, 'receivedAt' | 'storedAt' | 'codec' | 'deployment'>;

/** A datastream by what a store elsewhere knows of it: its key may be another one by the time it is tried again. */
export type Series = Pick<Datastream, 'id' | 'property'>;

/**
 * A point that a request may have left elsewhere though the hub noted nothing of it: should its uplink become something
 * else when it is tried again, this one must go.
 */
export interface Suspect {
  readonly series: Series;
  readonly time: EpochMs;
  readonly position: number;
  /** What it would have replaced; comes back with its going. */
  readonly before?: Observation | undefined;
}

/** Suspects, durable from when they are noted, also held in memory. */
export interface SuspectList {
  readonly isEmpty: boolean;
  /** At a place, any position. */
  at(series: Series, time: EpochMs): readonly Suspect[];
  /** Of uplinks up to a position. */
  upTo(position: number): Suspect[];
  /** Durable when it returns; one that is noted already stays as it is. */
  note(suspects: readonly Suspect[]): void;
  release(suspects: readonly Suspect[]): void;
  /** Earliest phenomenon time that requests under way may have, where it is earlier than usual; durable when it returns. */
  setEarliest(time: EpochMs | undefined): void;
  earliest(): EpochMs | undefined;
}

/**
 * What the hub itself remembers of observations that a store elsewhere holds: the newest of each datastream, what each
 * uplink became, and where that came from. Changes wait until `save`, which the hub calls in the transaction that moves
 * its cursor.
 */
export interface ObservationIndex {
  readonly suspects: SuspectList;
  /** The newest observation by phenomenon time of each datastream that has one; all of them when none are named. */
  newest(datastreams?: readonly number[]): Observation[];
  newestTime(datastream: number): EpochMs | undefined;
  /** These have been stored: the newest of them counts, and their uplinks became them. */
  remember(stored: readonly Observation[]): void;
  /** After a removal: what is the newest now. */
  setNewest(datastream: number, newest: Observation | undefined): void;
  /** A flag was rewritten: of the newest observation too, if that is the one. */
  requalify(judged: Judged): void;
  keysOf(position: number): ObservationKey[];
  /** By position; asked for an observation of that datastream. */
  provenance(position: number, datastream: number): Provenance | undefined;
  save(): void;
  /** What was to be saved will come again: the batch that it belongs to failed. */
  forget(): void;
  /** Keeps, durably and at once, what is about to be removed elsewhere and written again. */
  keep(observations: readonly Observation[]): void;
  kept(): Observation[];
  /** These have been written again. */
  release(observations: readonly Observation[]): void;
  /** Forgets uplinks whose observations all lie before an instant. */
  prune(before: EpochMs): void;
}
