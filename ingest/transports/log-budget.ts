import type { EpochMs } from '../../model/time.ts';
import { MINUTE } from '../../model/time.ts';

/** Bounds the log lines that strangers can cause: some a minute are written, the others are only counted. */
export class LogBudget {
  readonly #perMinute: number;
  readonly #clock: () => EpochMs;
  #minute = 0;
  #written = 0;
  #leftOut = 0;

  constructor({ perMinute, clock }: { readonly perMinute: number; readonly clock: () => EpochMs }) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Whether a line may be written now, and how many were left out since the last one. */
  take(): { readonly leftOut: number } | undefined {
    const minute = Math.floor(this.#clock() / MINUTE);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#written = 0;
    }
    if (this.#written >= this.#perMinute) {
      this.#leftOut++;
      return undefined;
    }
    this.#written++;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return { leftOut };
  }
}
