import type { EpochMs } from '../../model/time.ts';
import type { StreamBlock } from './stream-blocks.ts';

export const decimations = ['minmax', 'lttb'] as const;
export type Decimation = (typeof decimations)[number];

export interface Point {
  readonly time: EpochMs;
  readonly value: number;
  readonly flag: number;
  readonly tests: number;
}

export interface Decimated {
  readonly points: readonly Point[];
  /** Observations that were looked at; those without a value are not among the points. */
  readonly of: number;
}

/** Points from which the largest triangles are chosen, for each that stays (Van Der Donckt et al., MinMaxLTTB, 2023). */
const PRESELECTED = 4;

interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

interface Extremes {
  min: Point;
  max: Point;
}

/**
 * At most `maxPoints` points of one datastream that show its course: the smallest and the largest value of each of equally
 * long buckets, at their own instants; or of these the ones that span the largest triangles. Where nothing was measured there
 * is no point. All points stay where there are few enough.
 */
export const decimate = async (
  blocks: AsyncIterable<StreamBlock>,
  { maxPoints, method, span }: { maxPoints: number; method: Decimation; span: Span },
): Promise<Decimated> => {
  const kept = method === 'lttb' ? maxPoints * PRESELECTED : maxPoints;
  const buckets = Math.max(1, Math.floor(kept / 2));
  const extremes: (Extremes | undefined)[] = [];
  const all: Point[] = [];
  let of = 0;
  let measured = 0;
  let first: EpochMs | undefined;
  for await (const { rows, times, values, flags, tests } of blocks) {
    of += rows;
    for (let row = 0; row < rows; row++) {
      const value = values[row] as number;
      if (Number.isNaN(value)) continue;
      const time = times[row] as number;
      first ??= time;
      const width = (span.to - first) / buckets;
      const bucket = Math.min(buckets - 1, Math.floor((time - first) / width));
      const held = extremes[bucket];
      if (measured++ >= maxPoints && held && value >= held.min.value && value <= held.max.value) continue;
      const point = { time, value, flag: flags[row] as number, tests: tests[row] as number };
      if (measured <= maxPoints) all.push(point);
      if (!held) extremes[bucket] = { min: point, max: point };
      else if (value < held.min.value) held.min = point;
      else if (value > held.max.value) held.max = point;
    }
  }
  if (measured <= maxPoints) return { points: all, of };
  const points = extremes.flatMap((pair) => (pair ? inOrder(pair) : []));
  return { points: method === 'lttb' ? largestTriangles(points, maxPoints) : points, of };
};

const inOrder = ({ min, max }: Extremes): Point[] => {
  if (min === max) return [min];
  return min.time < max.time ? [min, max] : [max, min];
};

/** Largest triangle three buckets (Steinarsson, Downsampling Time Series for Visual Representation, 2013). */
const largestTriangles = (points: readonly Point[], wanted: number): readonly Point[] => {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length <= wanted || wanted < 3 || !first || !last) return points.slice(0, wanted);
  const width = (points.length - 2) / (wanted - 2);
  const chosen: Point[] = [first];
  for (let i = 0; i < wanted - 2; i++) {
    const begin = Math.floor(i * width) + 1;
    const end = Math.floor((i + 1) * width) + 1;
    const next = points.slice(end, Math.min(Math.floor((i + 2) * width) + 1, points.length));
    const middle = next.length === 0 ? last : middleOf(next);
    chosen.push(furthest(points.slice(begin, end), chosen.at(-1) ?? first, middle));
  }
  return [...chosen, last];
};

type Corner = Pick<Point, 'time' | 'value'>;

const middleOf = (points: readonly Point[]): Corner => ({
  time: points.reduce((sum, { time }) => sum + time, 0) / points.length,
  value: points.reduce((sum, { value }) => sum + value, 0) / points.length,
});

/** The point that spans the largest triangle with the one chosen before and the middle of those behind. */
const furthest = (points: readonly Point[], before: Corner, middle: Corner): Point => {
  let [best] = points as [Point];
  let largest = -1;
  for (const point of points) {
    const area = Math.abs(
      (before.time - middle.time) * (point.value - before.value) -
        (before.time - point.time) * (middle.value - before.value),
    );
    if (area > largest) [largest, best] = [area, point];
  }
  return best;
};
