import { asHubError } from '../model/errors.ts';
import { SECOND } from '../model/time.ts';

const FIRST_MS = 100;
const LONGEST_MS = SECOND;
/** Where somebody has to help first, asking often helps nobody. */
const REFUSED_MS = 15 * SECOND;
/** A server that asks for more than this is asked again all the same. */
const LONGEST_ASKED_MS = 60 * SECOND;

/** How long to wait before the next try: ever longer, never in step with others, and at least what the other side asks for. */
export class BackOff {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Milliseconds. */
  after(thrown: unknown): number {
    const { code, retryAfterMs = 0 } = asHubError(thrown);
    if (code === 'HUB_STORE_REFUSED') return REFUSED_MS;
    const growing = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures++);
    return Math.max(growing * (0.5 + this.#random() / 2), Math.min(retryAfterMs, LONGEST_ASKED_MS));
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
