import { DAY, type EpochMs, HOUR } from '../../model/time.ts';
import { localDay, seasonOf } from '../calendar.ts';
import { between, keyOf } from '../random.ts';

/** One storm in each block of twelve days, so that any two weeks hold one: more than nature has, enough to show. */
const BLOCK = 12 * DAY;

export interface Storm {
  /** When the water stands highest. */
  readonly peakAt: EpochMs;
  /** Height of the surge above the undisturbed level in metres; from 1 m it is a storm surge (BSH). */
  readonly surgeM: number;
}

export interface Storms {
  /** Storms whose peak lies in the span. */
  between(from: EpochMs, to: EpochMs): Storm[];
  /** The storm that matters at an instant: the one whose peak is nearest. */
  near(time: EpochMs): Storm;
}

export const createStorms = (seed: number): Storms => {
  const key = keyOf('storms', seed);
  const stormOf = (block: number): Storm => {
    const peakAt = block * BLOCK + BLOCK / 2 + between(key, 2 * block, [-1, 1]) * DAY;
    const winter = 0.5 + 0.5 * Math.cos(2 * Math.PI * (seasonOf(localDay(peakAt)) - 0.03));
    return { peakAt, surgeM: between(key, 2 * block + 1, [1.08, 1.3]) + 0.22 * winter };
  };
  let cached: { readonly block: number; readonly storms: readonly Storm[] } | undefined;
  return {
    between: (from, to) => {
      const storms: Storm[] = [];
      for (let block = Math.floor(from / BLOCK); block <= Math.floor(to / BLOCK); block++) storms.push(stormOf(block));
      return storms.filter(({ peakAt }) => peakAt >= from && peakAt < to);
    },
    near: (time) => {
      const block = Math.floor(time / BLOCK);
      if (cached?.block !== block) cached = { block, storms: [-1, 0, 1].map((step) => stormOf(block + step)) };
      return cached.storms.reduce((best, storm) =>
        Math.abs(storm.peakAt - time) < Math.abs(best.peakAt - time) ? storm : best,
      );
    },
  };
};

const bell = (x: number, width: number): number => Math.exp(-((x / width) ** 2));

/**
 * The water that a storm moves, in metres: the west wind before it empties the bays, the north-east wind fills them, and
 * afterwards the Baltic swings in its basin (period 27.4 h, e-folding two days).
 */
export const surgeAt = (storm: Storm, time: EpochMs): number => {
  const hours = (time - storm.peakAt) / HOUR;
  const ebb = -0.32 * bell(hours + 32, 11);
  const flood = bell(hours, hours < 0 ? 11 : 8);
  const swing =
    hours > 0 ? -0.2 * (1 - bell(hours, 14)) * Math.exp(-hours / 48) * Math.cos((2 * Math.PI * hours) / 27.4) : 0;
  return storm.surgeM * (ebb + flood + swing);
};

/** How much of a storm's north-east and of its preceding west wind blows, 0 to 1. */
export const stormWinds = (storm: Storm, time: EpochMs): { readonly northEast: number; readonly west: number } => {
  const hours = (time - storm.peakAt) / HOUR;
  return { northEast: bell(hours + 4, 13), west: bell(hours + 38, 12) };
};
