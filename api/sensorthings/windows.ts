import { type EpochMs, SECOND } from '../../model/time.ts';
import type { Graph } from './node.ts';
import type { Row } from './row.ts';

/** Windows that are held at the same time, and for how long: as long as somebody needs from page to page. */
const MAX_HELD = 4;
const HELD_MS = 20 * SECOND;

interface Held {
  /** Of whoever asked: a view of a version of the registry. */
  readonly graph: Graph;
  readonly question: string;
  /** In the order that is asked for. */
  readonly rows: readonly Row[];
  /** Where reading goes on behind them. */
  readonly end: EpochMs;
  readonly widthMs: number;
}

/** Rows in order of time that were read ahead for somebody who follows @iot.nextLink. */
export class Windows {
  readonly #held = new Map<number, Held & { readonly since: EpochMs }>();
  readonly #clock: () => EpochMs;
  #next = 1;

  constructor(clock: () => EpochMs) {
    this.#clock = clock;
  }

  /** Answers the number to take them by. */
  keep(held: Held): number {
    const number = this.#next++;
    this.#held.set(number, { ...held, since: this.#clock() });
    for (const [old, { since }] of this.#held) {
      if (this.#held.size > MAX_HELD || since + HELD_MS < this.#clock()) this.#held.delete(old);
    }
    return number;
  }

  /** The rows of a number, for the same asker and question. */
  take(number: number, { graph, question }: Pick<Held, 'graph' | 'question'>): Held | undefined {
    const held = this.#held.get(number);
    if (!held) return undefined;
    if (held.since + HELD_MS < this.#clock()) {
      this.#held.delete(number);
      return undefined;
    }
    return held.graph === graph && held.question === question ? held : undefined;
  }

  /** After something was written. */
  clear(): void {
    this.#held.clear();
  }
}
