import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimation, decimate } from './decimate.ts';
import type { StreamBlock } from './stream-blocks.ts';

const TO = 1_000_000;

/** Values at some instants, in blocks of three. */
async function* blocksOf(points: readonly (readonly [number, number])[]): AsyncGenerator<StreamBlock> {
  for (let i = 0; i < points.length; i += 3) {
    const some = points.slice(i, i + 3);
    yield {
      rows: some.length,
      runs: [],
      times: Float64Array.from(some, ([time]) => time),
      values: Float64Array.from(some, ([, value]) => value),
      flags: new Uint8Array(some.length).fill(1),
      tests: new Uint32Array(some.length),
      withheld: new Uint8Array(some.length),
    };
  }
}

const run = async (points: readonly (readonly [number, number])[], maxPoints: number, method: Decimation = 'minmax') =>
  decimate(blocksOf(points), { maxPoints, method, span: { from: 0, to: TO } });

const series = fc
  .uniqueArray(fc.tuple(fc.nat(TO - 1), fc.double({ noNaN: true, min: -1e6, max: 1e6 })), {
    selector: ([time]) => time,
    minLength: 1,
    maxLength: 300,
  })
  .map((points) => points.toSorted(([a], [b]) => a - b));

describe('decimation', () => {
  it('gives single observations in order of time, never more than asked for, with the extremes at their instants', async () => {
    await fc.assert(
      fc.asyncProperty(series, fc.integer({ min: 2, max: 60 }), async (points, maxPoints) => {
        const { points: chosen, of } = await run(points, maxPoints);
        expect(of).toBe(points.length);
        expect(chosen.length).toBeLessThanOrEqual(maxPoints);
        const known = new Map(points);
        for (const { time, value } of chosen) expect(known.get(time)).toBe(value);
        const times = chosen.map(({ time }) => time);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const values = points.map(([, value]) => value);
        expect(Math.max(...chosen.map(({ value }) => value))).toBe(Math.max(...values));
        expect(Math.min(...chosen.map(({ value }) => value))).toBe(Math.min(...values));
      }),
    );
  });

  it('keeps first and last by triangles, and no more than asked for', async () => {
    await fc.assert(
      fc.asyncProperty(series, fc.integer({ min: 3, max: 60 }), async (points, maxPoints) => {
        const { points: chosen } = await run(points, maxPoints, 'lttb');
        expect(chosen.length).toBeLessThanOrEqual(maxPoints);
        expect(new Set(chosen.map(({ time }) => time)).size).toBe(chosen.length);
        if (points.length <= maxPoints) expect(chosen).toHaveLength(points.length);
      }),
    );
    const sine = Array.from({ length: 3_000 }, (_, i) => [i * 300, Math.sin(i / 100)] as const);
    const { points: chosen } = await run(sine, 40, 'lttb');
    expect(chosen).toHaveLength(40);
    expect(Math.max(...chosen.map(({ value }) => value))).toBeGreaterThan(0.99);
  });

  it('leaves all where they are few, and out what has no value', async () => {
    expect(
      await run(
        [
          [1, 5],
          [2, Number.NaN],
          [3, 7],
        ],
        2,
      ),
    ).toMatchObject({ of: 3, points: [{ time: 1 }, { time: 3 }] });
    expect(await run([], 10)).toEqual({ points: [], of: 0 });
  });

  it('puts nothing into a gap', async () => {
    const day = (from: number) => Array.from({ length: 200 }, (_, i) => [from + i, i % 7] as const);
    const { points: chosen } = await run([...day(0), ...day(900_000)], 50);
    expect(chosen.filter(({ time }) => time > 200 && time < 900_000)).toEqual([]);
  });
});
