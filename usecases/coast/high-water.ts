import { type EpochMs, HOUR } from '../../model/time.ts';

/** From so many metres above the mean a high water counts. */
const HIGH = 1;
/** It is over when the water has fallen below this: a storm's water swings, and is one storm all the same. */
const LOW = 0.8;
/** Nobody knows what the water did in so long a silence. */
const GAP = 12 * HOUR;
/** Values farther apart than this do not smooth each other. */
const NEAR = 3 * HOUR;

export interface Level {
  readonly time: EpochMs;
  readonly aboveMeanM: number;
}

export interface HighWater {
  /** First and last value that counts as high. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly highest: Level;
  /** First value of the rise to it that is not quiet. */
  readonly beganAt: EpochMs;
  /** Last value before the water was quiet again. */
  readonly endedAt: EpochMs;
  /** Newest value that has a say. */
  readonly evidenceTo: EpochMs;
}

export const isQuiet = ({ aboveMeanM }: Level): boolean => aboveMeanM < LOW;

/**
 * Each value replaced by the median of it and its neighbours, so that a gull in the beam is no flood; without a neighbour
 * at hand, by the lower one.
 */
export const smoothed = (levels: readonly Level[]): Level[] =>
  levels.map((level, i) => {
    const near = [levels[i - 1], levels[i + 1]].filter(
      (other): other is Level => other !== undefined && Math.abs(other.time - level.time) <= NEAR,
    );
    const sorted = [level, ...near].map(({ aboveMeanM }) => aboveMeanM).toSorted((a, b) => a - b);
    return { time: level.time, aboveMeanM: sorted[sorted.length === 3 ? 1 : 0] ?? level.aboveMeanM };
  });

/** High waters in smoothed levels in order of time, each from its rise out of the quiet until it has sunk there again. */
export const findHighWaters = (levels: readonly Level[]): HighWater[] => {
  const found: HighWater[] = [];
  let run: Level[] = [];
  /** `next` is the value behind the run, which the last one was smoothed by. */
  const close = (next?: Level): void => {
    const high = run.filter(({ aboveMeanM }) => aboveMeanM >= HIGH);
    const [first] = high;
    const [began] = run;
    const ended = run.at(-1);
    if (first && began && ended) {
      found.push({
        from: first.time,
        to: (high.at(-1) ?? first).time,
        highest: high.reduce((best, level) => (level.aboveMeanM > best.aboveMeanM ? level : best)),
        beganAt: began.time,
        endedAt: ended.time,
        evidenceTo: (next ?? ended).time,
      });
    }
    run = [];
  };
  for (const level of levels) {
    const last = run.at(-1);
    if (last && level.time - last.time > GAP) close();
    if (isQuiet(level)) close(level);
    else run.push(level);
  }
  close();
  return found;
};
