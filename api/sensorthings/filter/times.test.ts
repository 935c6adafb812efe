import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime, parseRfc3339 } from '../../../model/time.ts';
import { endOf, readDuration, readTime, startOf, timeOfDayOf } from './times.ts';

describe('startOf', () => {
  it('reads every instant of RFC 3339 as the rest of the hub does', () => {
    const at = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    const offset = fc.constantFrom('Z', 'z', '+00:00', '+01:00', '-12:30', '+14:00');
    const fraction = fc.constantFrom('', '.5', '.123', '.9995');
    fc.assert(
      fc.property(at, fraction, offset, (date, digits, zone) => {
        const text = formatTime(date.getTime()).slice(0, 19) + digits + zone;
        expect(Math.floor(startOf(text))).toBe(parseRfc3339(text));
      }),
    );
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:61Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+1:00',
    '2026-01-01T00:00:00Zx',
    '2026-01-01 00:00:00Z',
    'x026-01-01T00:00:00Z',
    'Sensor Things of the sea',
    '',
    '/',
  ])('takes %j for no time', (text) => {
    expect(startOf(text)).toBeNaN();
    expect(endOf(text)).toBeNaN();
    expect(readTime(text)).toBeUndefined();
  });

  it('reads intervals in every form', () => {
    const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1, 1)];
    for (const value of [
      '2026-01-01T00:00:00Z/2026-01-01T01:00:00Z',
      { start: '2026-01-01T00:00:00Z', end: '2026-01-01T01:00:00Z' },
      readTime('2026-01-01T00:00:00Z/PT1H'),
      readTime('PT1H/2026-01-01T01:00:00Z'),
    ])
      expect([startOf(value), endOf(value)]).toEqual([from, to]);
    expect(readTime('2026-01-01T01:00:00Z/2026-01-01T00:00:00Z')).toBeUndefined();
    expect(readTime('PT1H/PT1H')).toBeUndefined();
  });

  it('takes a leap day and a leap second', () => {
    expect(startOf('2000-02-29')).toBe(Date.UTC(2000, 1, 29));
    expect(startOf('2024-02-29')).toBe(Date.UTC(2024, 1, 29));
    expect(startOf('2016-12-31T23:59:60Z')).toBe(Date.UTC(2016, 11, 31, 23, 59, 59));
  });
});

describe('durations and times of day', () => {
  it.each([
    ['P1D', 86_400_000],
    ['PT1H30M', 5_400_000],
    ['-PT0.001S', -1],
    ['P1W', 604_800_000],
    ['P', undefined],
    ['PT', undefined],
    ['P1DT', undefined],
    ['P1M', undefined],
    ['P1Y', undefined],
    ['1D', undefined],
  ])('reads duration %s', (text, ms) => {
    expect(readDuration(text)?.ms).toBe(ms);
  });

  it.each([
    ['00:00', 0],
    ['13:20:00.5', 48_000_500],
    ['24:00', undefined],
    ['1:00', undefined],
    ['13:20:', undefined],
    ['13:20:00.', undefined],
  ])('reads time of day %s', (text, ms) => {
    expect(timeOfDayOf(text)?.ms).toBe(ms);
  });
});
