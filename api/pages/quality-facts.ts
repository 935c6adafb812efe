import type { Bucket } from '../../model/observation.ts';
import type { QualityFlag } from '../../model/quality.ts';
import { DAY, type EpochMs } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import type { Stream } from '../visibility.ts';

const DAYS = 30;
/** Datastreams that are summed up; of more, a page says how many it left out. */
const MAX_SUMMED_UP = 24;

/** Quality and completeness of a dataset's last 30 days. */
export interface QualityFacts {
  readonly values: number;
  /** Number of values per QARTOD flag. */
  readonly flags: Readonly<Record<QualityFlag, number>>;
  readonly withheld: number;
  /** Share of the expected values that are there, 0 to 1; undefined where none could be expected. */
  readonly complete: number | undefined;
  /** By day (UTC), oldest first; null where nothing could be expected. */
  readonly days: readonly { readonly from: EpochMs; readonly complete: number | null }[];
  /** Datastreams that these figures are of. */
  readonly streams: number;
}

/** Undefined without any value. */
export const qualityFacts = async (
  reader: Reader,
  streams: readonly Stream[],
  now: EpochMs,
): Promise<QualityFacts | undefined> => {
  const from = Math.floor(now / DAY) * DAY - (DAYS - 1) * DAY;
  const shown = streams.slice(0, MAX_SUMMED_UP);
  const all: Bucket[][] = [];
  for (const stream of shown) {
    const to = Math.min(now, reader.horizon(stream));
    if (to > from) all.push(await reader.aggregate(stream, { from, to, every: { ms: DAY } }));
  }
  const buckets = all.flat();
  const values = sum(buckets, ({ n }) => n);
  if (values === 0) return undefined;
  const flagged = (flag: QualityFlag): number => sum(buckets, ({ flags }) => flags[flag]);
  const expected = all.flatMap(expectedDays);
  const days = Array.from({ length: DAYS }, (_, i) => {
    const start = from + i * DAY;
    return { from: start, complete: completeness(expected.filter((bucket) => bucket.from === start)) ?? null };
  });
  return {
    values,
    flags: { 1: flagged(1), 2: flagged(2), 3: flagged(3), 4: flagged(4), 9: flagged(9) },
    withheld: sum(buckets, ({ withheld = 0 }) => withheld),
    complete: completeness(expected),
    days,
    streams: shown.length,
  };
};

const sum = (buckets: readonly Bucket[], pick: (bucket: Bucket) => number): number =>
  buckets.reduce((total, bucket) => total + pick(bucket), 0);

/** Days on which a datastream was there: from the one after its first value on, for that one is cut by chance. */
const expectedDays = (buckets: readonly Bucket[]): readonly Bucket[] => {
  const first = buckets.findIndex(({ n }) => n > 0);
  if (first === -1) return [];
  const before = first === 0 ? 0 : 1;
  return buckets.slice(first + before < buckets.length ? first + before : first);
};

/** Weighted by time: the present day has only begun. Withheld counts were measured. */
const completeness = (buckets: readonly Bucket[]): number | undefined => {
  const time = sum(buckets, ({ from, to }) => to - from);
  if (time === 0) return undefined;
  return sum(buckets, (bucket) => (bucket.to - bucket.from) * presentShare(bucket)) / time;
};

/** The store leaves withheld values out of coverage: they are added again in the proportion of those that are shown. */
const presentShare = ({ coverage, withheld = 0, n, flags }: Bucket): number => {
  const shown = n - flags[4] - flags[9] - withheld;
  if (withheld === 0) return coverage;
  return shown > 0 ? Math.min(1, (coverage * (shown + withheld)) / shown) : 1;
};
