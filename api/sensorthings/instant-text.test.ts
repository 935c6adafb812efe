import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatTime } from '../../model/time.ts';
import { instantText } from './instant-text.ts';

it('writes every instant as formatTime does', () => {
  fc.assert(
    fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), (time) => instantText(time) === formatTime(time)),
    { numRuns: 5_000 },
  );
  expect(instantText(Date.UTC(2026, 2, 2, 7, 15, 31, 7))).toBe('2026-03-02T07:15:31.007Z');
});
