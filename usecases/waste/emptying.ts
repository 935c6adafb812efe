import { qualityFlag } from '../../model/quality.ts';
import { DAY, type EpochMs, HOUR } from '../../model/time.ts';
import type { Derivation } from '../../store/derivation.ts';
import type { DerivedEvent } from '../../store/events.ts';

/**
 * Emptyings from the fill level: where the median of the values before stands well above the median of those after.
 * Medians, because a bag before the sensor or a lost echo is one wrong value among good ones.
 */

/** Values that each side is judged by, at most; two are enough. */
const SIDE_VALUES = 5;
const LEAST_VALUES = 2;
/** Values farther away say nothing about what happened here; a sensor that reports daily still has enough. */
const SIDE = 84 * HOUR;
/** Percentage points. Content that settles sinks by less, and an emptying of so little is none. */
const LEAST_DROP = 10;
/** An emptying that leaves so much behind, in percent and as a share of what there was, was not a whole one. */
const PARTLY = { percent: 8, share: 0.15 };
/** Whether a drop is an emptying depends on values so far from it: its sides, and those of its rivals. */
const REACH = 2 * SIDE;
const WINDOW = DAY;

export interface FillValue {
  readonly time: EpochMs;
  readonly percent: number;
}

export interface Emptying {
  /** Of the first value after it. */
  readonly time: EpochMs;
  readonly before: number;
  readonly after: number;
  /** Share of the values on both sides that were there and agree, 0 to 1. */
  readonly confidence: number;
  /** Time of the newest value that has a say. */
  readonly evidenceTo: EpochMs;
}

interface Drop extends Omit<Emptying, 'evidenceTo'> {
  /** How deep it is, less how badly the values right at it fit to their sides. */
  readonly score: number;
}

/** The middle value; of two in the middle the lower or the upper one. */
const median = (values: readonly FillValue[], of: 'lower' | 'upper'): number => {
  const sorted = values.map(({ percent }) => percent).toSorted((a, b) => a - b);
  const middle = of === 'lower' ? (sorted.length - 1) >> 1 : sorted.length >> 1;
  return sorted[middle] ?? Number.NaN;
};

/** The drop right before value `i`, if there is one. */
const dropAt = (values: readonly FillValue[], i: number): Drop | undefined => {
  const first = values[i] as FillValue;
  const isNear = ({ time }: FillValue) => Math.abs(time - first.time) <= SIDE;
  const left = values.slice(Math.max(0, i - SIDE_VALUES), i).filter(isNear);
  const right = values.slice(i, i + SIDE_VALUES).filter(isNear);
  const last = left.at(-1);
  if (!last || left.length < LEAST_VALUES || right.length < LEAST_VALUES) return undefined;
  // Of two values either may be the wrong one: it must not make a drop.
  const before = median(left, 'lower');
  const after = median(right, 'upper');
  const depth = before - after;
  if (depth < LEAST_DROP) return undefined;
  const middle = (before + after) / 2;
  const agreeing =
    left.filter(({ percent }) => percent > middle).length + right.filter(({ percent }) => percent < middle).length;
  return {
    time: first.time,
    before,
    after,
    confidence: agreeing / (2 * SIDE_VALUES),
    score: depth - Math.abs(last.percent - before) - Math.abs(first.percent - after),
  };
};

/** Time of the newest value that sides and rivals of the drop before value `i` may hold. */
const evidenceOf = (values: readonly FillValue[], i: number): EpochMs => {
  const first = values[i] as FillValue;
  const sides = values.slice(i, i + 2 * SIDE_VALUES - 1);
  return (sides.findLast(({ time }) => time - first.time <= REACH) ?? first).time;
};

/** Emptyings in values in order of time. Of drops that share values only the best is one. Pure. */
export const findEmptyings = (values: readonly FillValue[]): Emptying[] => {
  const drops = values.map((_, i) => dropAt(values, i));
  const isBeaten = (drop: Drop, i: number): boolean => {
    for (let j = Math.max(0, i - SIDE_VALUES + 1); j < i + SIDE_VALUES; j++) {
      const rival = drops[j];
      if (!rival || j === i || Math.abs(rival.time - drop.time) > SIDE) continue;
      if (rival.score > drop.score || (rival.score === drop.score && j < i)) return true;
    }
    return false;
  };
  return drops.flatMap((drop, i) => {
    if (!drop || isBeaten(drop, i)) return [];
    const { score: _, ...emptying } = drop;
    return [{ ...emptying, evidenceTo: evidenceOf(values, i) }];
  });
};

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** Emptyings of container slots, from their fill level in percent. */
export const emptyingDerivation: Derivation = {
  name: 'emptying',
  windowMs: WINDOW,
  concerns: (property) => property === 'fill_level',
  compute: async ({ window, datastream }, { observations, registry, keptSince }) => {
    const thing = registry.datastreamByKey(datastream)?.thing;
    const from = window - REACH;
    const to = window + WINDOW + REACH;
    // Where values have gone, emptyings that were found in time stay as they are.
    if (thing === undefined || from - REACH < keptSince) return {};
    const values: FillValue[] = [];
    const query = { datastreams: [datastream], from: from - REACH, to: to + REACH };
    const without = [qualityFlag.fail, qualityFlag.missing];
    for await (const { phenomenonTime: time, value } of observations.range({ ...query, without }))
      if (value !== null) values.push({ time, percent: value });
    const events = findEmptyings(values)
      .filter(({ time }) => time >= from && time < to)
      .map(({ time, before, after, confidence, evidenceTo }): DerivedEvent => {
        const isPartly = after > Math.max(PARTLY.percent, PARTLY.share * before);
        return {
          kind: 'emptying',
          thing,
          datastream,
          derivation: 'emptying',
          time,
          value: rounded(before),
          label: isPartly ? 'emptied_partly' : 'emptied',
          detail: { before: rounded(before), after: rounded(after), confidence: rounded(confidence) },
          evidenceTo,
        };
      });
    return { events: { span: { derivation: 'emptying', datastream, from, to }, events } };
  },
};
