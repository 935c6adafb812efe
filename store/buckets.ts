import { type Bucket, isWithheld, type Observation } from '../model/observation.ts';
import type { QualityFlag } from '../model/quality.ts';
import { type EpochMs, nextCalendarUnit, startOfCalendarUnit } from '../model/time.ts';
import type { Every } from './observations.ts';

/** Start of the bucket that holds `time`. Fixed buckets are aligned to the epoch, calendar ones to the local calendar. */
export const bucketStart = (time: EpochMs, every: Every): EpochMs =>
  'ms' in every ? Math.floor(time / every.ms) * every.ms : startOfCalendarUnit(time, every.calendar, every.timeZone);

/** Start of the bucket behind the one that starts at `start`. */
export const nextBucket = (start: EpochMs, every: Every): EpochMs =>
  'ms' in every ? start + every.ms : nextCalendarUnit(start, every.calendar, every.timeZone);

type Value = Pick<Observation, 'phenomenonTime' | 'value' | 'flag'>;

const emptyFlags = (): Record<QualityFlag, number> => ({ 1: 0, 2: 0, 3: 0, 4: 0, 9: 0 });

/** Figures over one bucket's values, given in order of time. */
class BucketFigures {
  readonly #from: EpochMs;
  readonly #to: EpochMs;
  readonly #flags = emptyFlags();
  readonly #times: EpochMs[] = [];
  #n = 0;
  #withheld = 0;
  #min: number | null = null;
  #max: number | null = null;
  #sum: number | null = null;
  #first: number | null = null;
  #last: number | null = null;

  constructor(from: EpochMs, to: EpochMs) {
    this.#from = from;
    this.#to = to;
  }

  add(
    { phenomenonTime, value, flag }: Value,
    { without, smallestCount }: Pick<BucketQuery, 'without' | 'smallestCount'>,
  ): void {
    this.#n++;
    this.#flags[flag]++;
    if (value === null || without.includes(flag)) return;
    if (isWithheld(value, smallestCount)) {
      this.#withheld++;
      return;
    }
    this.#times.push(phenomenonTime);
    this.#min = this.#min === null ? value : Math.min(this.#min, value);
    this.#max = this.#max === null ? value : Math.max(this.#max, value);
    this.#sum = (this.#sum ?? 0) + value;
    this.#first ??= value;
    this.#last = value;
  }

  /** `spacing`: the usual time between two values of the datastream, undefined if not known. */
  close(spacing: number | undefined): Bucket {
    const counted = this.#times.length;
    const expected = spacing === undefined ? counted : Math.max(1, Math.round((this.#to - this.#from) / spacing));
    return {
      from: this.#from,
      to: this.#to,
      n: this.#n,
      min: this.#min,
      max: this.#max,
      mean: this.#sum === null ? null : this.#sum / counted,
      sum: this.#sum,
      first: this.#first,
      last: this.#last,
      coverage: counted === 0 ? 0 : Math.min(1, counted / expected),
      flags: this.#flags,
      ...(this.#withheld > 0 && { withheld: this.#withheld }),
    };
  }
}

/** Median of the distances between neighbouring instants; undefined below two. */
export const medianSpacing = (times: readonly EpochMs[]): number | undefined => {
  const gaps: number[] = [];
  for (let i = 1; i < times.length; i++) gaps.push((times[i] as number) - (times[i - 1] as number));
  gaps.sort((a, b) => a - b);
  return gaps[gaps.length >> 1];
};

export interface BucketQuery {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly every: Every;
  /** Flags whose values count in n and flags only. */
  readonly without: readonly QualityFlag[];
  /** See AggregateQuery. */
  readonly smallestCount?: number | undefined;
}

/**
 * Consecutive buckets that cover [from, to), the first and last whole ones cut to it, from values in order of time.
 * Coverage is measured against the median spacing of all values of the query.
 */
export const bucketize = (values: readonly Value[], query: BucketQuery): Bucket[] => {
  const { from, to, every } = query;
  const figures: BucketFigures[] = [];
  let i = 0;
  for (let start = bucketStart(from, every); start < to; start = nextBucket(start, every)) {
    const end = nextBucket(start, every);
    const bucket = new BucketFigures(Math.max(start, from), Math.min(end, to));
    for (let value = values[i]; value && value.phenomenonTime < end; value = values[++i]) bucket.add(value, query);
    figures.push(bucket);
  }
  const spacing = medianSpacing(values.map((value) => value.phenomenonTime));
  return figures.map((bucket) => bucket.close(spacing));
};
