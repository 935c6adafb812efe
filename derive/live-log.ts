import type { LiveEvent, LiveLog } from '../model/live.ts';
import type { Observation } from '../model/observation.ts';

/** The newest observations in the order in which they were stored, in memory and bounded. */
export class MemoryLiveLog implements LiveLog {
  readonly #epoch: string;
  readonly #capacity: number;
  readonly #listeners = new Set<(events: readonly LiveEvent[]) => void>();
  #events: LiveEvent[] = [];
  #count = 0;

  /** `epoch` tells this log from the one before a restart; `capacity` is the number of events held. */
  constructor({ epoch, capacity }: { epoch: string; capacity: number }) {
    this.#epoch = epoch;
    this.#capacity = capacity;
  }

  get head(): string {
    return `${this.#epoch}-${this.#count}`;
  }

  append(observations: readonly Observation[]): void {
    const events = observations.map(
      (observation): LiveEvent => ({ id: `${this.#epoch}-${++this.#count}`, observation }),
    );
    this.#events.push(...events);
    if (this.#events.length > 2 * this.#capacity) this.#events = this.#events.slice(-this.#capacity);
    for (const listener of this.#listeners) listener(events);
  }

  since(id: string): readonly LiveEvent[] | 'reset' {
    const match = /^(.+)-(\d+)$/.exec(id);
    const seen = Number(match?.[2]);
    if (match?.[1] !== this.#epoch || seen > this.#count) return 'reset';
    const missed = this.#count - seen;
    if (missed > this.#events.length) return 'reset';
    return missed === 0 ? [] : this.#events.slice(-missed);
  }

  subscribe(listener: (events: readonly LiveEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
