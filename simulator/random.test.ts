import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyed, keyOf, normal, poisson, smoothNoise, uniform } from './random.ts';

const sample = (draw: (i: number) => number, n = 20_000) => {
  const values = Array.from({ length: n }, (_, i) => draw(i));
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n };
};

describe('stateless random numbers', () => {
  it('answer the same for the same question and something else for another', () => {
    fc.assert(
      fc.property(fc.integer(), fc.maxSafeInteger(), (key, word) => {
        expect(keyed(key, word)).toBe(keyed(key, word));
        expect(keyed(key, word)).not.toBe(keyed(key, word + 1));
        expect(uniform(key, word)).toBeGreaterThanOrEqual(0);
        expect(uniform(key, word)).toBeLessThan(1);
      }),
    );
    expect(new Set(Array.from({ length: 10_000 }, (_, i) => keyed(7, i))).size).toBeGreaterThan(9_990);
    expect(new Set(['ab', 'ba', 'a', 'b', ''].map((text) => keyOf(text))).size).toBe(5);
  });

  it('have the moments of their distributions', () => {
    const flat = sample((i) => uniform(1, i));
    expect(flat.mean).toBeCloseTo(0.5, 1);
    expect(flat.variance).toBeCloseTo(1 / 12, 2);
    const bell = sample((i) => normal(2, i));
    expect(bell.mean).toBeCloseTo(0, 1);
    expect(bell.variance).toBeCloseTo(1, 1);
    for (const mean of [0.3, 4, 200]) {
      const counts = sample((i) => poisson(3, i, mean));
      expect(counts.mean / mean).toBeCloseTo(1, 1);
      expect(counts.variance / mean).toBeCloseTo(1, 1);
    }
  });

  it('are smooth where they should be', () => {
    for (let x = -50; x < 50; x += 0.37)
      expect(Math.abs(smoothNoise(5, x + 0.01) - smoothNoise(5, x))).toBeLessThan(0.12);
  });
});
