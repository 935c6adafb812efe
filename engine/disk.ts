import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DAY, type EpochMs, HOUR } from '../model/time.ts';

/** The first minutes say nothing about a day. */
const MIN_OBSERVED = HOUR / 6;

export interface DiskForecast {
  readonly freeBytes: number;
  readonly storeBytes: number;
  /** undefined while the store does not grow, or has not been watched for long enough. */
  readonly daysUntilFull?: number;
}

/** Watches the growth of the store file and says when the disk will be full at that rate. */
export class DiskWatch {
  readonly #file: string;
  readonly #clock: () => EpochMs;
  readonly #samples: { at: EpochMs; bytes: number }[] = [];

  constructor(file: string, clock: () => EpochMs) {
    this.#file = file;
    this.#clock = clock;
  }

  measure(): DiskForecast {
    const { bavail, bsize } = statfsSync(dirname(this.#file));
    const freeBytes = Number(bavail) * Number(bsize);
    const storeBytes = ['', '-wal'].reduce(
      (sum, end) => sum + (existsSync(this.#file + end) ? statSync(this.#file + end).size : 0),
      0,
    );
    const now = this.#clock();
    this.#samples.push({ at: now, bytes: storeBytes });
    while ((this.#samples[0]?.at ?? now) < now - DAY) this.#samples.shift();
    const first = this.#samples[0];
    const growth = first && now - first.at >= MIN_OBSERVED ? (storeBytes - first.bytes) / (now - first.at) : 0;
    return { freeBytes, storeBytes, ...(growth > 0 && { daysUntilFull: freeBytes / growth / DAY }) };
  }
}
