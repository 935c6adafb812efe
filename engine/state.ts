import type { PartState } from '../model/ports.ts';
import type { EpochMs } from '../model/time.ts';

/** States of the parts of one thread, each with the time of its last change. */
export class PartStates {
  readonly #clock: () => EpochMs;
  readonly #states = new Map<string, PartState>();

  constructor(clock: () => EpochMs) {
    this.#clock = clock;
  }

  set(part: string, ready: boolean, detail: string): void {
    const before = this.#states.get(part);
    const since = before?.ready === ready ? (before.since ?? this.#clock()) : this.#clock();
    this.#states.set(part, { part, ready, detail, since });
  }

  isReady(part: string): boolean {
    return this.#states.get(part)?.ready ?? false;
  }

  list(): PartState[] {
    return [...this.#states.values()];
  }
}
