import type { Job } from '../model/ports.ts';

/** What a codec left behind for a device's next frame. */
export interface CodecState {
  readonly devEui: string;
  /** The profile it belongs to: another profile's state means nothing. */
  readonly profile: string;
  readonly state: unknown;
}

/** A window of one datastream in which a derived figure no longer fits its observations. */
export interface DirtyMark {
  readonly derivation: string;
  /** Start of the window, epoch milliseconds; its length is the derivation's. */
  readonly window: number;
  readonly datastream: number;
}

/** A job with where it stands, so that a restart goes on from there. */
export interface StoredJob extends Job {
  /** A replay first compares, then takes back what is gone, then writes the rest. */
  readonly pass: 'compare' | 'takeBack' | 'apply';
  /** Journal position up to which the present pass has read. */
  readonly position: number;
  /** Journal position at which it began. */
  readonly start: number;
}

/** What the hub itself needs to remember between two steps of work. Contract suite: store/work.contract.ts. */
export interface WorkStore {
  codecState(devEui: string): Promise<CodecState | undefined>;
  saveCodecStates(states: readonly CodecState[]): Promise<void>;
  markDirty(marks: readonly DirtyMark[]): Promise<void>;
  /** The oldest marks of a derivation. */
  dirty(derivation: string, limit: number): Promise<DirtyMark[]>;
  dirtyCount(): Promise<number>;
  clean(marks: readonly DirtyMark[]): Promise<void>;
  /** Remembers observations that a replay is to take back. */
  saveGone(job: string, keys: readonly { datastream: number; time: number }[]): Promise<void>;
  /** Up to `limit` of them. */
  gone(job: string, limit: number): Promise<{ datastream: number; time: number }[]>;
  /** They have been taken back. */
  clearGone(job: string, keys: readonly { datastream: number; time: number }[]): Promise<void>;
  saveJob(job: StoredJob): Promise<void>;
  job(id: string): Promise<StoredJob | undefined>;
  /** Newest first. */
  jobs(limit: number): Promise<StoredJob[]>;
}

/**
 * Writes what belongs together: first `elsewhere` (what observation stores of another program hold), then `here` (what
 * the hub's own database holds), the latter together or not at all. Where both are one database, both are.
 */
export type Commit = <T>(parts: { elsewhere: () => Promise<void>; here: () => Promise<T> }) => Promise<T>;
