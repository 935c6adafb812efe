import type { Observation } from './observation.ts';

/** One stored observation as it happened; `id` is its position in the live log. */
export interface LiveEvent {
  readonly id: string;
  readonly observation: Observation;
}

/** The newest observations in the order in which they were stored, bounded. */
export interface LiveLog {
  /** Id of the newest event; events after it are what a new subscriber gets. */
  readonly head: string;
  /** Events after `id` that are still held, or `reset` where `id` is too old or not of this log. */
  since(id: string): readonly LiveEvent[] | 'reset';
  /** Calls back with each committed batch until the returned function is called. */
  subscribe(listener: (events: readonly LiveEvent[]) => void): () => void;
}
