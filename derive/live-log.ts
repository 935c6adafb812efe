import type { LiveEvent, LiveLog } from '../model/live.ts';
import type { Observation } from '../model/observation.ts';

/** Observations that were committed together, made into objects only for those who look at them. */
export interface LiveBlock {
  readonly length: number;
  at(index: number): Observation | undefined;
}

/** The newest observations in the order in which they were stored, in memory and bounded. */
export class MemoryLiveLog implements LiveLog {
  readonly #epoch: string;
  readonly #capacity: number;
  readonly #listeners = new Set<(events: readonly LiveEvent[]) => void>();
  readonly #blocks: { readonly first: number; readonly block: LiveBlock }[] = [];
  #count = 0;

  /** `epoch` tells this log from the one before a restart; `capacity` is the least number of events held. */
  constructor({ epoch, capacity }: { epoch: string; capacity: number }) {
    this.#epoch = epoch;
    this.#capacity = capacity;
  }

  get head(): string {
    return this.#id(this.#count);
  }

  append(block: LiveBlock): void {
    const first = this.#count + 1;
    this.#count += block.length;
    this.#blocks.push({ first, block });
    // The oldest block goes when those behind it are enough.
    while (this.#count - (this.#blocks[1]?.first ?? this.#count) >= this.#capacity) this.#blocks.shift();
    if (this.#listeners.size === 0) return;
    const events = this.#events(first);
    for (const listener of this.#listeners) listener(events);
  }

  since(id: string): readonly LiveEvent[] | 'reset' {
    const match = /^(.+)-(\d+)$/.exec(id);
    const seen = Number(match?.[2]);
    if (match?.[1] !== this.#epoch || seen > this.#count) return 'reset';
    if (seen === this.#count) return [];
    const oldest = this.#blocks[0]?.first ?? this.#count + 1;
    return seen + 1 < oldest ? 'reset' : this.#events(seen + 1);
  }

  subscribe(listener: (events: readonly LiveEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #id(number: number): string {
    return `${this.#epoch}-${number}`;
  }

  /** Every event from a number on. */
  #events(from: number): LiveEvent[] {
    const events: LiveEvent[] = [];
    for (const { first, block } of this.#blocks) {
      for (let i = Math.max(0, from - first); i < block.length; i++) {
        const observation = block.at(i);
        if (observation) events.push({ id: this.#id(first + i), observation });
      }
    }
    return events;
  }
}
