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
  #counted = 0;
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
    { value, flag }: Omit<Value, 'phenomenonTime'>,
    { without, smallestCount }: Pick<BucketQuery, 'without' | 'smallestCount'>,
  ): void {
    this.#n++;
    this.#flags[flag]++;
    if (value === null || without.includes(flag)) return;
    if (isWithheld(value, smallestCount)) {
      this.#withheld++;
      return;
    }
    this.#counted++;
    this.#min = this.#min === null ? value : Math.min(this.#min, value);
    this.#max = this.#max === null ? value : Math.max(this.#max, value);
    this.#sum = (this.#sum ?? 0) + value;
    this.#first ??= value;
    this.#last = value;
  }

  /** `spacing`: the usual time between two values of the datastream, undefined if not known. */
  close(spacing: number | undefined): Bucket {
    const counted = this.#counted;
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

/** Distances between neighbours from which the usual one is taken; more would not change it. */
const MAX_GAPS = 100_000;

/**
 * Consecutive buckets that cover [from, to), the first and last whole ones cut to it, from values in order of time that are
 * given one by one: memory is that of the buckets. Coverage is measured against the median spacing of the values.
 */
export class Bucketizer {
  readonly #query: BucketQuery;
  readonly #figures: BucketFigures[] = [];
  readonly #times: EpochMs[] = [];
  #bucket: BucketFigures | undefined;
  #end: EpochMs;

  constructor(query: BucketQuery) {
    this.#query = query;
    this.#end = bucketStart(query.from, query.every);
  }

  add(value: Value): void {
    while (value.phenomenonTime >= this.#end) this.#open();
    if (this.#times.length <= MAX_GAPS) this.#times.push(value.phenomenonTime);
    this.#bucket?.add(value, this.#query);
  }

  finish(): Bucket[] {
    while (this.#end < this.#query.to) this.#open();
    const spacing = medianSpacing(this.#times);
    return this.#figures.map((figures) => figures.close(spacing));
  }

  #open(): void {
    const { from, to, every } = this.#query;
    const start = this.#end;
    this.#end = nextBucket(start, every);
    this.#bucket = new BucketFigures(Math.max(start, from), Math.min(this.#end, to));
    this.#figures.push(this.#bucket);
  }
}

export const bucketize = (values: readonly Value[], query: BucketQuery): Bucket[] => {
  const buckets = new Bucketizer(query);
  for (const value of values) buckets.add(value);
  return buckets.finish();
};
