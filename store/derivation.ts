import type { Observation } from '../model/observation.ts';
import type { EpochMs } from '../model/time.ts';
import type { EventReplacement } from './events.ts';
import type { Judged, ObservationReader } from './observations.ts';
import type { RegistryIndex } from './registry-index.ts';
import type { RollupReader, RollupReplacement } from './rollups.ts';
import type { DirtyMark } from './work.ts';

/** A figure computed from observations for a datastream and a window of time, recomputed when the window becomes dirty. */
export interface Derivation {
  /** Stable name: marks and events are stored under it. */
  readonly name: string;
  /** Length of a window in milliseconds; windows are aligned to the epoch. */
  readonly windowMs: number;
  /** Whether observations of this property make the figure stale. */
  readonly concerns: (property: string) => boolean;
  /** Computes the window anew; answers what to write. Reads through `deps` only and writes nothing itself. */
  compute(mark: DirtyMark, deps: DerivationDeps): Promise<Derived>;
}

export interface DerivationDeps {
  readonly observations: ObservationReader;
  readonly registry: RegistryIndex;
  readonly rollups: RollupReader;
  /** Observations before this instant may have been pruned: what was derived from them must outlive them. */
  readonly keptSince: EpochMs;
}

/** What a computation comes to. All of it may be written again and again with the same end. */
export interface Derived {
  /** Verdicts on observations. */
  readonly judged?: readonly Judged[];
  /** All events of a span, so that what late data have disproved goes. */
  readonly events?: EventReplacement;
  /** All hours of a span that hold observations. */
  readonly rollups?: RollupReplacement;
}

/** What a marker needs of an observation. */
export type Instant = Pick<Observation, 'datastream' | 'phenomenonTime'>;
