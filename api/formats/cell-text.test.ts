import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatTime } from '../../model/time.ts';
import { createTestsText, createTimeText, numberText, qualityName } from './cell-text.ts';

it('writes times as formatTime does, in whatever order they come', () => {
  const text = createTimeText();
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(2090, 0, 1) }), (time) => {
      expect(text(time)).toBe(formatTime(time));
    }),
  );
});

it('writes numbers as JavaScript does', () => {
  const readings = fc
    .integer({ min: -2e9, max: 2e9 })
    .chain((n) => fc.constantFrom(n, n / 10, n / 100, n / 1_000, n / 1e4));
  fc.assert(
    fc.property(fc.oneof(readings, fc.double()), (value) => {
      expect(numberText(value)).toBe(String(value));
    }),
    { numRuns: 2_000 },
  );
  expect([0, -0, 0.1 + 0.2, 999.9995, 1e6, 1e21].map(numberText)).toEqual(
    [0, -0, 0.1 + 0.2, 999.9995, 1e6, 1e21].map(String),
  );
});

it('names flags and tests', () => {
  const text = createTestsText((tests) => tests.join(' '));
  expect([text(0), text(5), text(5)]).toEqual(['', 'grossRange spike', 'grossRange spike']);
  expect([1, 2, 3, 4, 9].map(qualityName)).toEqual(['pass', 'notEvaluated', 'suspect', 'fail', 'missing']);
});
