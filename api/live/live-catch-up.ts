import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveEvent } from '../../model/live.ts';
import type { LiveClient } from './live-client.ts';
import { LiveTexts } from './live-event.ts';

/** Events that are written out before others of the thread have their turn: some milliseconds. */
const EVENTS_A_TURN = 250;

interface Job {
  readonly client: LiveClient;
  /** What it missed, in order. */
  readonly events: readonly LiveEvent[];
  /** What it is told at the end. */
  readonly hello: string;
  readonly at: number;
}

/**
 * Tells clients that come again what they missed, slice by slice and by turns: a thousand that come at once after a break
 * keep nobody else waiting, and none has more on its way than it reads.
 */
export class LiveCatchUp {
  readonly #jobs: Job[] = [];
  #isBusy = false;

  add(job: Omit<Job, 'at'>): void {
    this.#put({ ...job, at: 0 });
  }

  #put(job: Job): void {
    this.#jobs.push(job);
    if (!this.#isBusy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
      this.#slice(job);
      await nextTurn();
    }
    this.#isBusy = false;
  }

  #slice({ client, events, hello, at }: Job): void {
    const texts = new LiveTexts();
    const end = at + EVENTS_A_TURN;
    const seen = events.slice(at, end).flatMap((event) => client.textOf(event, texts) ?? []);
    if (end >= events.length) client.caughtUp(seen.join('') + hello);
    else client.missed(seen.join(''), () => this.#put({ client, events, hello, at: end }));
  }
}
