import type { Intake } from '../../model/ports.ts';

export interface Bounds {
  /** Messages of one connection that may wait for the journal. */
  readonly perConnection: number;
  /** Bytes of all connections that may wait for the journal, and as many more of packets that are not whole yet. */
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
  #unfinishedBytes = 0;

  constructor(intake: Intake, bounds: Bounds) {
    this.#intake = intake;
    this.#bounds = bounds;
  }

  /**
   * Messages that a connection may read now, of which so many wait already. 0: none; then its own messages wake it when
   * they settle, or `wake` is called once it may be worth asking again.
   */
  room(inFlight: number, wake: () => void): number {
    const own = this.#bounds.perConnection - inFlight;
    if (own <= 0) return 0;
    const room = Math.min(own, this.#intake.limit - this.#intake.waiting);
    if (room > 0 && this.#bytes < this.#bounds.bytes) return room;
    if (this.#parked.size === 0) setTimeout(() => this.#wakeAll(), RETRY_MS);
    this.#parked.add(wake);
    return 0;
  }

  taken(bytes: number): void {
    this.#bytes += bytes;
  }

  settled(bytes: number): void {
    this.#bytes -= bytes;
  }

  /**
   * Notes that the beginning of a packet that a connection holds grew from `before` to `now` bytes. Answers false where
   * all connections together hold too much; the only one that holds any may always complete its packet.
   */
  unfinished(before: number, now: number): boolean {
    this.#unfinishedBytes += now - before;
    return this.#unfinishedBytes <= this.#bounds.bytes || this.#unfinishedBytes === now;
  }

  /** Forgets a connection that is gone. */
  leave(wake: () => void): void {
    this.#parked.delete(wake);
  }

  #wakeAll(): void {
    const parked = [...this.#parked];
    this.#parked.clear();
    for (const wake of parked) wake();
  }
}
