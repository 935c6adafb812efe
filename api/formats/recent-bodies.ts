import type { EpochMs } from '../../model/time.ts';

/** Bodies that are held at the same time. */
const MAX_HELD = 4;

interface Held {
  readonly at: EpochMs;
  readonly body: Promise<Buffer>;
  /** The next one is being made. */
  isRenewed: boolean;
}

/**
 * Large answers that many ask for in the same moment: they are made once and given to all. What is older than `maxAgeMs` is
 * made anew, but given to those who ask meanwhile until it is twice as old: nobody waits as long as somebody asks.
 */
export class RecentBodies {
  readonly #maxAgeMs: number;
  readonly #held = new Map<string, Held>();

  constructor(maxAgeMs: number) {
    this.#maxAgeMs = maxAgeMs;
  }

  /** The body of a key, which names all that it depends on but the time. */
  get(key: string, now: EpochMs, make: () => Promise<Buffer>): Promise<Buffer> {
    const ageOf = ({ at }: Held): number => Math.abs(now - at);
    for (const [other, one] of this.#held) if (ageOf(one) >= this.#maxAgeMs * 2) this.#held.delete(other);
    const held = this.#held.get(key);
    if (!held) return this.#make(key, now, make);
    if (ageOf(held) >= this.#maxAgeMs && !held.isRenewed) {
      held.isRenewed = true;
      const renewed = { at: now, body: make(), isRenewed: false };
      const put = () => this.#held.get(key) === held && this.#held.set(key, renewed);
      // Where it fails, the next who asks when this one is too old is told.
      renewed.body.then(put, () => undefined);
    }
    return held.body;
  }

  #make(key: string, now: EpochMs, make: () => Promise<Buffer>): Promise<Buffer> {
    const [oldest] = this.#held.keys();
    if (oldest !== undefined && this.#held.size >= MAX_HELD) this.#held.delete(oldest);
    const made = { at: now, body: make(), isRenewed: false };
    this.#held.set(key, made);
    made.body.catch(() => {
      if (this.#held.get(key) === made) this.#held.delete(key);
    });
    return made.body;
  }
}
