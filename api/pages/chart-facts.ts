import { observedProperties } from '../../model/observed-properties.ts';
import { DAY, type EpochMs, HOUR, MINUTE, SECOND } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import type { Stream } from '../visibility.ts';
import type { ValueRow } from './newest-rows.ts';
import { isState } from './state-facts.ts';

const SPAN = 7 * DAY;
const MAX_CHARTS = 3;
const MAX_LINES = 4;

export type BucketName = 'hour' | 'hours3' | 'hours6' | 'day';
const bucketLengths: Readonly<Record<BucketName, number>> = {
  hour: HOUR,
  hours3: 3 * HOUR,
  hours6: 6 * HOUR,
  day: DAY,
};

export interface Line {
  readonly stream: Stream;
  /** One for each bucket; null where nothing was measured. */
  readonly values: readonly (number | null)[];
}

/** One quantity over the last days, at some of the places where it is measured. */
export interface ChartFacts {
  readonly property: string;
  readonly unit: string;
  readonly aggregation: 'mean' | 'sum' | 'last';
  readonly bucket: BucketName;
  readonly bucketMs: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly lines: readonly Line[];
}

const order = new Map([...observedProperties.keys()].map((id, index) => [id, index]));

/** Charts of what is measured, in the order of the catalogue; states have lanes of their own. */
export const chartFacts = async (reader: Reader, rows: readonly ValueRow[], now: EpochMs): Promise<ChartFacts[]> => {
  const recent = rows.filter(
    ({ stream, observation }) => !isState(stream.datastream.property) && observation.phenomenonTime >= now - SPAN,
  );
  const byProperty = [...Map.groupBy(recent, ({ stream }) => stream.datastream.property)];
  const rank = (property: string): number => order.get(property) ?? order.size;
  byProperty.sort(([a], [b]) => rank(a) - rank(b));
  const charts: ChartFacts[] = [];
  for (const [property, members] of byProperty.slice(0, MAX_CHARTS)) {
    const chart = await chartOf(reader, { property, members, now });
    if (chart) charts.push(chart);
  }
  return charts;
};

interface ChartQuery {
  readonly property: string;
  readonly members: readonly ValueRow[];
  readonly now: EpochMs;
}

const chartOf = async (reader: Reader, { property, members, now }: ChartQuery): Promise<ChartFacts | undefined> => {
  const [first] = members;
  if (!first) return undefined;
  const aggregation = observedProperties.get(property)?.aggregation ?? 'mean';
  const { unit } = first.stream.datastream;
  const bucket = bucketFor(reader, first);
  const bucketMs = bucketLengths[bucket];
  // Whole buckets: a sum over half an hour would look like a lull.
  const to = Math.floor(now / bucketMs) * bucketMs;
  const from = to - SPAN;
  const lines: Line[] = [];
  for (const { stream } of members.filter((member) => member.stream.datastream.unit === unit).slice(0, MAX_LINES)) {
    const end = Math.min(to, Math.floor(reader.horizon(stream) / bucketMs) * bucketMs);
    if (end <= from) continue;
    const buckets = await reader.aggregate(stream, { from, to: end, every: { ms: bucketMs } });
    lines.push({ stream, values: buckets.map((figures) => figures[aggregation]) });
  }
  if (!lines.some(({ values }) => values.some((value) => value !== null))) return undefined;
  return { property, unit, aggregation, bucket, bucketMs, from, to, lines };
};

/** A bucket should hold two reports at least, or a late one tears a gap where none is. */
const bucketFor = (reader: Reader, { stream, observation }: ValueRow): BucketName => {
  const interval = (reader.reportingIntervalS(stream, observation) ?? 0) * SECOND;
  if (interval <= 30 * MINUTE) return 'hour';
  if (interval <= 90 * MINUTE) return 'hours3';
  return interval <= 3 * HOUR ? 'hours6' : 'day';
};
