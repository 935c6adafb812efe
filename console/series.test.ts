import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judged, Quality } from './api.ts';
import { columnsWithGaps, csvOf, extremesOf, withObservations } from './series.ts';

const at = (time: number, value: number | null, quality: Quality = 'pass'): Judged => ({
  value,
  quality,
  failedTests: [],
  phenomenonTime: new Date(time).toISOString(),
});

describe('a series', () => {
  it('is in order of time with each instant once, and without what failed or lies before its begin', () => {
    const first = withObservations(
      [],
      [at(3_000, 3), at(1_000, 1), at(2_000, 99, 'fail'), at(4_000, null, 'missing')],
      0,
    );
    expect(first).toEqual([
      { time: 1_000, value: 1 },
      { time: 3_000, value: 3 },
    ]);
    expect(withObservations(first, [at(3_000, 4), at(2_000, 2, 'suspect')], 1_500)).toEqual([
      { time: 2_000, value: 2 },
      { time: 3_000, value: 4 },
    ]);
  });

  it('loses a value that fails its test later', () => {
    expect(withObservations([{ time: 1_000, value: 1 }], [at(1_000, 1, 'fail')], 0)).toEqual([]);
  });

  it('breaks its line where more than three intervals passed', () => {
    const points = [0, 10, 20, 60, 70, 100].map((time) => ({ time: time * 1000, value: time }));
    expect(columnsWithGaps(points)).toEqual([
      [0, 10, 20, 40, 60, 70, 100],
      [0, 10, 20, null, 60, 70, 100],
    ]);
    expect(columnsWithGaps([])).toEqual([[], []]);
  });

  it('gives columns of growing time, and all its values', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 100_000 }));
    fc.assert(
      fc.property(times, (list) => {
        const points = withObservations(
          [],
          list.map((time) => at(time, time)),
          0,
        );
        const [xs, ys] = columnsWithGaps(points);
        expect(xs).toEqual(xs.toSorted((a, b) => a - b));
        expect(ys.filter((value) => value !== null)).toEqual(points.map(({ value }) => value));
      }),
    );
  });

  it('knows its lowest, highest and last', () => {
    const points = [5, 2, 8, 6].map((value, time) => ({ time, value }));
    expect(extremesOf(points)).toEqual({ min: points[1], max: points[2], last: points[3] });
    expect(extremesOf([])).toBeUndefined();
  });

  it('is a CSV file for German spreadsheets and for others', () => {
    const points = [{ time: Date.UTC(2026, 2, 2), value: -0.5 }];
    expect(csvOf(points, { german: true, header: 'water_level [m]' })).toBe(
      'phenomenonTime;water_level [m]\r\n2026-03-02T00:00:00.000Z;-0,5\r\n',
    );
    expect(csvOf(points, { german: false, header: 'x' })).toContain('Z,-0.5\r\n');
  });
});
