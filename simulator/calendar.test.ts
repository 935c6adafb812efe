import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../model/time.ts';
import {
  easter,
  isFree,
  isHoliday,
  isSchoolHoliday,
  localDay,
  localHour,
  seasonOf,
  startOfDay,
  tourism,
  weekday,
  yearOf,
} from './calendar.ts';

const day = (text: string) => Date.parse(`${text}T00:00:00Z`) / DAY;

describe('the calendar of Schleswig-Holstein', () => {
  it('keeps the time of Europe/Berlin', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2090, 0, 1) }), (time) => {
        expect(localDay(time + 0.5)).toBe(localDay(time));
        const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO('Europe/Berlin');
        expect(localDay(time)).toBe(day(zoned.toPlainDate().toString()));
        expect(Math.floor(localHour(time))).toBe(zoned.hour);
        expect(weekday(localDay(time)) + 1).toBe(zoned.dayOfWeek);
        expect(yearOf(localDay(time))).toBe(zoned.year);
        expect(startOfDay(localDay(time))).toBe(zoned.startOfDay().epochMilliseconds);
        expect(seasonOf(localDay(time))).toBeCloseTo((zoned.dayOfYear - 1) / 365.25, 9);
      }),
      { numRuns: 1_000 },
    );
    // The hours of the changes themselves
    const hours = (change: number) => [change - 1, change, change + 0.5].map((time) => Math.floor(localHour(time)));
    expect(hours(Date.UTC(2026, 2, 29, 1))).toEqual([1, 3, 3]);
    expect(hours(Date.UTC(2026, 9, 25, 1))).toEqual([2, 2, 2]);
  });

  it('knows Easter and the public holidays', () => {
    const known = {
      2019: '2019-04-21',
      2024: '2024-03-31',
      2025: '2025-04-20',
      2026: '2026-04-05',
      2038: '2038-04-25',
    };
    for (const [year, date] of Object.entries(known)) expect(easter(Number(year))).toBe(day(date));
    const holidays2026 = Array.from({ length: 365 }, (_, i) => day('2026-01-01') + i).filter(isHoliday);
    expect(holidays2026.map((each) => new Date(each * DAY).toISOString().slice(5, 10))).toEqual([
      '01-01',
      '04-03',
      '04-06',
      '05-01',
      '05-14',
      '05-25',
      '10-03',
      '10-31',
      '12-25',
      '12-26',
    ]);
  });

  it('has no school in July, autumn, around Easter and between the years', () => {
    const school = (text: string) => !isSchoolHoliday(day(text)) && !isFree(day(text));
    for (const free of [
      '2026-07-06',
      '2026-08-14',
      '2026-10-13',
      '2026-10-23',
      '2026-12-28',
      '2027-01-05',
      '2026-03-31',
    ])
      expect([free, school(free)]).toEqual([free, false]);
    for (const taught of [
      '2026-07-03',
      '2026-08-17',
      '2026-09-30',
      '2026-10-26',
      '2026-12-18',
      '2027-01-07',
      '2026-03-20',
    ])
      expect([taught, school(taught)]).toEqual([taught, true]);
    const lessons = Array.from({ length: 365 }, (_, i) => day('2026-01-01') + i).filter(
      (each) => !isSchoolHoliday(each) && !isFree(each),
    ).length;
    expect(lessons).toBeGreaterThan(180);
    expect(lessons).toBeLessThan(205);
  });

  it('has guests in summer and few in November', () => {
    expect(tourism(day('2026-07-31'))).toBeGreaterThan(0.9);
    expect(tourism(day('2026-11-15'))).toBeLessThan(0.1);
    expect(tourism(day('2026-04-05'))).toBeGreaterThan(0.4);
  });
});
