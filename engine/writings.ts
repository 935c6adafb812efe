import { HubError } from '../model/errors.ts';
import type { Receipt } from '../model/ports.ts';
import { SECOND } from '../model/time.ts';
import type { WrittenMessage } from './protocol.ts';

/** How long somebody who wrote waits until it can be read. */
const PATIENCE_MS = 10 * SECOND;

/** Those who wrote observations and wait until they are stored. */
export class Writings {
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  /** Outcomes that came before the receipt did. */
  readonly #early = new Map<number, WrittenMessage['settled'][number]>();

  /** Resolves once the writing of a receipt is stored. Throws HUB_STORE_REJECTED, HUB_NOT_FOUND or HUB_UNAVAILABLE. */
  async stored(receipt: Receipt): Promise<void> {
    if (!('position' in receipt)) return;
    const { position } = receipt;
    const early = this.#early.get(position);
    this.#early.delete(position);
    if (early) return verdictOn(early);
    const waiter = Promise.withResolvers<void>();
    this.#waiting.set(position, waiter);
    const timer = setTimeout(
      () =>
        waiter.reject(
          new HubError(
            'HUB_UNAVAILABLE',
            'The observations are written down and will be stored; the store does not answer',
          ),
        ),
      PATIENCE_MS,
    );
    try {
      await waiter.promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(position);
    }
  }

  settle({ settled }: WrittenMessage): void {
    for (const one of settled) {
      const waiter = this.#waiting.get(one.position);
      if (!waiter) {
        this.#early.set(one.position, one);
        // Whoever gave up, or wrote before a restart, never asks.
        if (this.#early.size > 1_000) this.#early.delete(this.#early.keys().next().value ?? 0);
      } else Promise.try(verdictOn, one).then(waiter.resolve, waiter.reject);
    }
  }
}

const verdictOn = ({ outcome, detail }: WrittenMessage['settled'][number]): void => {
  if (outcome === 'deadLetter') throw new HubError('HUB_STORE_REJECTED', detail);
  if (outcome === 'notPlaced') throw new HubError('HUB_NOT_FOUND', 'There is no such datastream any more');
};
