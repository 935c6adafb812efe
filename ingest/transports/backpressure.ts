import type { Intake } from '../../model/ports.ts';

export interface Bounds {
  /** Messages of one connection that may wait for the journal. */
  readonly perConnection: number;
  /** Bytes of all connections that may wait for the journal. */
  readonly bytes: number;
}

/** How often a full journal is asked again whether it has room. */
const RETRY_MS = 20;

/**
 * Decides how many messages may be read. Whoever finds no room leaves a wake-up call and stops reading, so that the
 * socket and in the end the sender wait; nothing is refused as long as waiting helps.
 */
export class Backpressure {
  readonly #intake: Intake;
  readonly #bounds: Bounds;
  readonly #parked = new Set<() => void>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(intake: Intake, bounds: Bounds) {
    this.#intake = intake;
    this.#bounds = bounds;
  }

  /** Messages that one connection may read now; 0: none, `wake` is called once it may be worth asking again. */
  room(wake: () => void): number {
    const room = Math.min(this.#bounds.perConnection, this.#intake.limit - this.#intake.waiting);
    if (room > 0 && this.#bytes < this.#bounds.bytes) return room;
    this.#parked.add(wake);
    this.#timer ??= setInterval(() => this.#wakeAll(), RETRY_MS);
    return 0;
  }

  taken(bytes: number): void {
    this.#bytes += bytes;
  }

  settled(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Forgets a connection that is gone. */
  leave(wake: () => void): void {
    this.#parked.delete(wake);
  }

  #wakeAll(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const parked = [...this.#parked];
    this.#parked.clear();
    for (const wake of parked) wake();
  }
}
