import { DAY, type EpochMs, HOUR } from '../../model/time.ts';
import { between } from '../random.ts';

/** One leak in each block of twelve days, so that any two weeks see one begin: more than a house has, enough to show. */
const BLOCK = 12 * DAY;
const LITRES_PER_HOUR = 95;

export interface Leak {
  /** A full hour. */
  readonly from: EpochMs;
  /** When the pipe was mended; a full hour. */
  readonly to: EpochMs;
  readonly litresPerHour: number;
}

export interface Leaks {
  /** Leaks that begin in the span. */
  between(from: EpochMs, to: EpochMs): Leak[];
  /** The leak that runs at an instant. */
  at(time: EpochMs): Leak | undefined;
}

export const createLeaks = (key: number): Leaks => {
  const leakOf = (block: number): Leak => {
    const hour = (word: number, days: readonly [number, number]) => Math.round(between(key, word, days) * 24) * HOUR;
    const from = block * BLOCK + hour(2 * block, [1, 3]);
    return { from, to: from + hour(2 * block + 1, [4.5, 7]), litresPerHour: LITRES_PER_HOUR };
  };
  return {
    between: (from, to) => {
      const leaks: Leak[] = [];
      for (let block = Math.floor(from / BLOCK); block <= Math.floor(to / BLOCK); block++) leaks.push(leakOf(block));
      return leaks.filter((leak) => leak.from >= from && leak.from < to);
    },
    // A block's leak is mended before the block ends.
    at: (time) => {
      const leak = leakOf(Math.floor(time / BLOCK));
      return time >= leak.from && time < leak.to ? leak : undefined;
    },
  };
};
