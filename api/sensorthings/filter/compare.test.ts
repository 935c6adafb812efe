import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues } from './compare.ts';

const instant = (at: number) => ({ kind: 'instant', at, offsetMinutes: 0 });

describe('compareValues', () => {
  it('puts null first, then truths, numbers, texts, times and the rest', () => {
    const ordered = [
      null,
      false,
      true,
      -1,
      5,
      20,
      '',
      '10',
      '9',
      instant(1),
      { kind: 'interval', start: instant(1), end: instant(2) },
      instant(2),
      { a: 1 },
      { a: 2 },
    ];
    expect(ordered.toReversed().sort(compareValues)).toEqual(ordered);
  });

  it('is an order of any values', () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>(null, undefined, true, false, '', 'a', { a: 1 }, [1]),
      fc.integer({ min: -2, max: 2 }),
      fc.integer({ min: 0, max: 3 }).map(instant),
      fc.integer({ min: 0, max: 3 }).map((ms) => ({ kind: 'duration', ms })),
    );
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        expect(Math.sign(compareValues(a, b))).toBe(0 - Math.sign(compareValues(b, a)));
        if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0) expect(compareValues(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
