import type { Bucket } from '../model/observation.ts';
import { type QualityFlag, qualityFlag } from '../model/quality.ts';
import { type EpochMs, HOUR } from '../model/time.ts';
import { bucketStart, medianSpacing, nextBucket } from './buckets.ts';
import type { AggregateQuery, ObservationReader } from './observations.ts';
import type { Rollup, RollupReader } from './rollups.ts';

export interface PrunedHistoryDeps {
  readonly observations: Pick<ObservationReader, 'aggregate'>;
  readonly rollups: RollupReader;
  /** Observations before this instant may have been pruned; their rollups are left. */
  readonly keptSince: () => EpochMs;
}

/**
 * Buckets of time as the observations give them, and before these begin as the rollups do. Rollups serve buckets of whole
 * hours without failed and missing values; to all other questions there is no answer but what is left of the observations.
 */
export const createAggregate =
  ({ observations, rollups, keptSince }: PrunedHistoryDeps): ObservationReader['aggregate'] =>
  async (query) => {
    const { datastream, from, to } = query;
    const border = Math.min(Math.ceil(keptSince() / HOUR) * HOUR, to);
    // Hours know no single counts that could be withheld.
    const isServed = query.smallestCount === undefined && isUsual(query.without);
    const spans = from < border && isServed ? wholeHours({ ...query, to: border }) : undefined;
    if (!spans) return observations.aggregate(query);
    // An hour that reaches beyond the end would tell of what was not asked for.
    const rows = await rollups.range(datastream, from, Math.floor(border / HOUR) * HOUR);
    const spacing = usualSpacing(rows);
    let next = 0;
    const old = spans.map((span) => {
      const first = next;
      while ((rows[next]?.hour ?? span.to) < span.to) next++;
      return summedUp(rows.slice(first, next), { ...span, spacing });
    });
    const rest = border < to ? await observations.aggregate({ ...query, from: border }) : [];
    const [last, first] = [old.at(-1), rest[0]];
    // The border may lie within a bucket.
    if (!last || !first || bucketStart(first.from, query.every) === first.from) return [...old, ...rest];
    const joined = summedUp([last, first], { from: last.from, to: first.to, spacing });
    return [...old.slice(0, -1), joined, ...rest.slice(1)];
  };

const isUsual = (without: readonly QualityFlag[] | undefined): boolean =>
  without === undefined ||
  (without.length === 2 && without.includes(qualityFlag.fail) && without.includes(qualityFlag.missing));

interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The buckets of a query, the first and last cut to it; undefined where one begins within an hour. */
const wholeHours = ({ from, to, every }: AggregateQuery): Span[] | undefined => {
  const spans: Span[] = [];
  for (let start = bucketStart(from, every); start < to; start = nextBucket(start, every)) {
    if (start % HOUR !== 0) return undefined;
    spans.push({ from: Math.max(start, from), to: Math.min(nextBucket(start, every), to) });
  }
  return spans;
};

type Figures = Omit<Bucket, 'from' | 'to'>;

const countedOf = ({ n, flags }: Figures): number => n - flags[qualityFlag.fail] - flags[qualityFlag.missing];

/** Usual time between two values, as far as hours tell it. */
const usualSpacing = (rows: readonly Rollup[]): number | undefined => {
  const holding = rows.filter((row) => countedOf(row) > 0);
  const counts = holding.map(countedOf).toSorted((a, b) => a - b);
  const perHour = counts[counts.length >> 1] ?? 0;
  return perHour > 1 ? HOUR / perHour : medianSpacing(holding.map(({ hour }) => hour));
};

const chosen = (values: readonly (number | null)[], pick: (...values: number[]) => number): number | null => {
  const numbers = values.filter((value) => value !== null);
  return numbers.length === 0 ? null : pick(...numbers);
};

/** One bucket from the figures of its parts, in order of time. */
const summedUp = (parts: readonly Figures[], { from, to, spacing }: Span & { spacing: number | undefined }): Bucket => {
  const total = (pick: (part: Figures) => number): number => parts.reduce((sum, part) => sum + pick(part), 0);
  const counted = total(countedOf);
  const sum = counted === 0 ? null : total((part) => part.sum ?? 0);
  const expected = spacing === undefined ? counted : Math.max(1, Math.round((to - from) / spacing));
  const flagged = (flag: QualityFlag): number => total(({ flags }) => flags[flag]);
  return {
    from,
    to,
    n: total(({ n }) => n),
    min: chosen(
      parts.map(({ min }) => min),
      Math.min,
    ),
    max: chosen(
      parts.map(({ max }) => max),
      Math.max,
    ),
    mean: sum === null ? null : sum / counted,
    sum,
    first: parts.find(({ first }) => first !== null)?.first ?? null,
    last: parts.findLast(({ last }) => last !== null)?.last ?? null,
    coverage: counted === 0 ? 0 : Math.min(1, counted / expected),
    flags: { 1: flagged(1), 2: flagged(2), 3: flagged(3), 4: flagged(4), 9: flagged(9) },
  };
};
