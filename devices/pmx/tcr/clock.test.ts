import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../model/time.ts';
import { intervalEnd, intervalEndInZone } from './clock.ts';

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

describe('a clock that follows summer time', () => {
  const at = (text: string) => Date.parse(text);
  it.each([
    ['in winter', 14, 0, '2026-01-10T13:01:00Z', '2026-01-10T13:00:00Z'],
    ['in summer', 14, 0, '2026-07-10T12:01:00Z', '2026-07-10T12:00:00Z'],
    ['across midnight', 23, 55, '2026-07-10T22:01:00Z', '2026-07-10T21:55:00Z'],
    ['in the first pass of the autumn hour', 2, 30, '2026-10-25T00:31:00Z', '2026-10-25T00:30:00Z'],
    ['in the second pass of it', 2, 30, '2026-10-25T01:31:00Z', '2026-10-25T01:30:00Z'],
  ])('is read %s', (_, hour, minute, receivedAt, end) => {
    expect(intervalEndInZone({ hour, minute }, 'Europe/Berlin', at(receivedAt))).toBe(at(end));
  });

  it('has no hour that spring leaves out', () => {
    expect(intervalEndInZone({ hour: 2, minute: 30 }, 'Europe/Berlin', at('2026-03-29T01:31:00Z'))).toBeUndefined();
  });

  it('must be of a zone that exists', () => {
    expect(() => intervalEndInZone({ hour: 2, minute: 30 }, 'Europe/Kiel', at('2026-03-29T01:31:00Z'))).toThrow(
      RangeError,
    );
  });
});
