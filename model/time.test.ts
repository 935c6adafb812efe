import { describe, expect, it } from 'vitest';
import { HubError } from './errors.ts';
import { formatTime, HOUR, nextCalendarUnit, parseDuration, parseRfc3339, startOfCalendarUnit } from './time.ts';

describe('RFC 3339', () => {
  it.each([
    ['2026-03-02T07:15:31Z', '2026-03-02T07:15:31.000Z'],
    ['2026-03-02T07:15:31.775023242+00:00', '2026-03-02T07:15:31.775Z'],
    ['2026-03-02T07:15:31.0001000000Z', '2026-03-02T07:15:31.000Z'],
    ['2026-03-02 09:15:31.5+02:00', '2026-03-02T07:15:31.500Z'],
    ['2026-03-02t07:15:31.123456789012z', '2026-03-02T07:15:31.123Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('reads %s', (text, time) => {
    expect(formatTime(parseRfc3339(text) as number)).toBe(time);
  });

  it.each([
    '',
    '2026-03-02',
    '2026-13-02T07:15:31Z',
    '2026-03-02T07:15:31',
    'yesterday',
    '2026-03-02T25:15:31Z',
    '2026-03-02T24:00:00Z',
    '2026-02-30T00:00:00Z',
    '2027-02-29T00:00:00+01:00',
    '2026-03-02T07:15:31123Z',
    '2026-03-02T07:15Z',
    '2026-03-02T07:15:31+24:00',
    '2026-03-02T07:15:31Z[Europe/Berlin]',
  ])('refuses "%s"', (text) => {
    expect(parseRfc3339(text)).toBeUndefined();
  });
});

describe('durations', () => {
  it('are a number and a unit', () => {
    expect(['36s', '15m', '2h', '7d'].map((text) => parseDuration(text) / HOUR)).toEqual([0.01, 0.25, 2, 168]);
  });

  it.each(['soon', '', '-1h', '1.5h', '9999999d', 'P1M'])('refuses "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(HubError);
  });
});

describe('local calendar', () => {
  const at = (text: string) => Date.parse(text);
  it('knows the days on which the clocks change', () => {
    const spring = startOfCalendarUnit(at('2026-03-29T12:00:00Z'), 'day', 'Europe/Berlin');
    const autumn = startOfCalendarUnit(at('2026-10-25T12:00:00Z'), 'day', 'Europe/Berlin');
    const length = (start: number) => (nextCalendarUnit(start, 'day', 'Europe/Berlin') - start) / HOUR;
    expect([length(spring), length(autumn)]).toEqual([23, 25]);
  });

  it('begins weeks on Monday, months and years on the first', () => {
    const start = (unit: 'week' | 'month' | 'year') =>
      formatTime(startOfCalendarUnit(at('2026-07-15T12:00:00Z'), unit, 'Europe/Berlin'));
    expect([start('week'), start('month'), start('year')]).toEqual([
      '2026-07-12T22:00:00.000Z',
      '2026-06-30T22:00:00.000Z',
      '2025-12-31T23:00:00.000Z',
    ]);
  });
});
