import type { Judged } from './api.ts';
import { validValue } from './rows.ts';

export const DAY_MS = 86_400_000;

export interface Point {
  /** Phenomenon time in epoch ms. */
  readonly time: number;
  readonly value: number;
}

export const since = (points: Iterable<Point>, from: number): Point[] => [...points].filter(({ time }) => time >= from);

/**
 * Brings observations into a series in order of time, each instant once. What came last about an instant counts, so
 * that a value which fails its test later goes again; what lies before `from` goes too.
 */
export const withObservations = (points: readonly Point[], batch: readonly Judged[], from: number): Point[] => {
  const byTime = new Map(points.map((point) => [point.time, point]));
  for (const observation of batch) {
    const time = Date.parse(observation.phenomenonTime);
    const value = validValue(observation);
    if (value === undefined) byTime.delete(time);
    else byTime.set(time, { time, value });
  }
  return since(byTime.values(), from).sort((a, b) => a.time - b.time);
};

/** Columns as uPlot reads them (seconds, values), with an empty value where more than three intervals passed. */
export const columnsWithGaps = (points: readonly Point[]): [number[], (number | null)[]] => {
  const gaps = points.slice(1).map(({ time }, i) => time - (points[i]?.time ?? time));
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? Number.POSITIVE_INFINITY;
  const times: number[] = [];
  const values: (number | null)[] = [];
  let last: number | undefined;
  for (const { time, value } of points) {
    if (last !== undefined && time - last > 3 * usual) {
      times.push((last + time) / 2000);
      values.push(null);
    }
    times.push(time / 1000);
    values.push(value);
    last = time;
  }
  return [times, values];
};

export interface Extremes {
  readonly min: Point;
  readonly max: Point;
  readonly last: Point;
}

export const extremesOf = (points: readonly Point[]): Extremes | undefined => {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return undefined;
  let min = first;
  let max = first;
  for (const point of points) {
    if (point.value < min.value) min = point;
    if (point.value > max.value) max = point;
  }
  return { min, max, last };
};

/** For spreadsheets: German ones read a decimal comma and semicolons. */
export const csvOf = (points: readonly Point[], { german, header }: { german: boolean; header: string }): string => {
  const separator = german ? ';' : ',';
  const lines = points.map(({ time, value }) => {
    const number = german ? String(value).replace('.', ',') : String(value);
    return `${new Date(time).toISOString()}${separator}${number}`;
  });
  return [`phenomenonTime${separator}${header}`, ...lines, ''].join('\r\n');
};
