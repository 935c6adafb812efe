import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../model/time.ts';
import { intervalEnd } from './clock.ts';

const at = (text: string): number => Date.parse(text);

describe('intervalEnd', () => {
  it.each([
    ['just ended', { hour: 20, minute: 10 }, 0, '2026-03-02T20:10:20Z', '2026-03-02T20:10Z'],
    ['the day before', { hour: 23, minute: 55 }, 0, '2026-03-02T00:00:30Z', '2026-03-01T23:55Z'],
    ['clocks that differ a little', { hour: 0, minute: 0 }, 0, '2026-03-01T23:58:00Z', '2026-03-02T00:00Z'],
    ['buffered for hours', { hour: 9, minute: 0 }, 0, '2026-03-02T20:00:00Z', '2026-03-02T09:00Z'],
    ['local clock', { hour: 0, minute: 30 }, 60, '2026-03-01T23:30:10Z', '2026-03-01T23:30Z'],
    ['clock west of UTC', { hour: 22, minute: 0 }, -120, '2026-03-02T00:00:10Z', '2026-03-02T00:00Z'],
  ])('%s', (_, clock, offset, receivedAt, end) => {
    expect(intervalEnd(clock, offset, at(receivedAt))).toBe(at(end));
  });

  it.each([
    ['an hour ahead', { hour: 21, minute: 10 }],
    ['no hour of a day', { hour: 24, minute: 0 }],
    ['no minute of an hour', { hour: 3, minute: 60 }],
  ])('%s is no end', (_, clock) => {
    expect(intervalEnd(clock, 0, at('2026-03-02T20:10:00Z'))).toBeUndefined();
  });

  it('gives the five frames of an interval one time, whenever within half a day each arrives', () => {
    const end = at('2026-03-02T00:00Z');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 12 * HOUR - MINUTE }),
        fc.integer({ min: 0, max: 12 * HOUR - MINUTE }),
        (a, b) => {
          const clock = { hour: 0, minute: 0 };
          expect(intervalEnd(clock, 0, end + a)).toBe(end);
          expect(intervalEnd(clock, 0, end + b)).toBe(end);
        },
      ),
    );
  });
});
