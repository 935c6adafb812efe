import { HubError } from '../../model/errors.ts';

interface Waiting {
  readonly start: () => void;
  readonly refuse: (error: HubError) => void;
}

/** At most so many at once; the others wait, in the order in which they came. */
export class Turns {
  #free: number;
  #closed = false;
  readonly #waiting: Waiting[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  /** Resolves when it is the caller's turn: what it resolves to ends the turn. Throws HUB_STORE_UNAVAILABLE once closed. */
  async take(): Promise<() => void> {
    if (this.#closed) throw closedError();
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((start, refuse) => this.#waiting.push({ start, refuse }));
    return () => this.#end();
  }

  /** Nobody gets a turn any more; turns that have begun are left alone. */
  close(): void {
    this.#closed = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(closedError());
  }

  /** The next one inherits the turn: somebody who comes in between cannot take it away. */
  #end(): void {
    const next = this.#waiting.shift();
    if (next) next.start();
    else this.#free++;
  }
}

const closedError = (): HubError => new HubError('HUB_STORE_UNAVAILABLE', 'The connection to InfluxDB is closed');
