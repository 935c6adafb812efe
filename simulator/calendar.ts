import { DAY, type EpochMs, HOUR } from '../model/time.ts';

const TIME_ZONE = 'Europe/Berlin';

/** From one change of the clocks to the next. */
interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly offset: number;
}

const spanAround = (time: EpochMs): Span => {
  const zoned = Temporal.Instant.fromEpochMilliseconds(Math.floor(time)).toZonedDateTimeISO(TIME_ZONE);
  // The change before an instant is strictly before it: look from just after, so that a span holds its own beginning.
  const from = zoned.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds;
  const to = zoned.getTimeZoneTransition('next')?.epochMilliseconds;
  return {
    from: from ?? Number.NEGATIVE_INFINITY,
    to: to ?? Number.POSITIVE_INFINITY,
    offset: zoned.offsetNanoseconds / 1e6,
  };
};

/** Spans met so far, two a year; asking Temporal each time is too slow for a hundred thousand uplinks. */
const spans: Span[] = [];
let last: Span = { from: 0, to: 0, offset: 0 };

/** Milliseconds that local time is ahead of UTC. */
const localOffset = (time: EpochMs): number => {
  if (time >= last.from && time < last.to) return last.offset;
  const known = spans.find(({ from, to }) => time >= from && time < to);
  last = known ?? spanAround(time);
  if (!known) spans.push(last);
  return last.offset;
};

/** A local calendar day: days since 1970-01-01. */
export type LocalDay = number;

export const localDay = (time: EpochMs): LocalDay => Math.floor((time + localOffset(time)) / DAY);

/** Hours since local midnight, with fraction. */
export const localHour = (time: EpochMs): number => ((time + localOffset(time)) % DAY) / HOUR;

/** The instant at which a local day begins. */
export const startOfDay = (day: LocalDay): EpochMs => {
  const utc = day * DAY;
  return utc - localOffset(utc - HOUR);
};

/** 0 is Monday, 6 Sunday. */
export const weekday = (day: LocalDay): number => (((day + 3) % 7) + 7) % 7;

const years = new Map<number, LocalDay>();
/** The local day that begins a year. */
const newYear = (year: number): LocalDay => {
  let day = years.get(year);
  if (day === undefined) {
    day = Date.UTC(year, 0, 1) / DAY;
    years.set(year, day);
  }
  return day;
};

export const yearOf = (day: LocalDay): number => {
  const year = 1970 + Math.floor(day / 365.2425);
  if (day < newYear(year)) return year - 1;
  return day >= newYear(year + 1) ? year + 1 : year;
};

/** Share of the year gone by, 0 to 1. */
export const seasonOf = (day: LocalDay): number => (day - newYear(yearOf(day))) / 365.25;

/** Easter Sunday in the Gregorian calendar (anonymous Gregorian computus, Nature 1876), as a local day. */
export const easter = (year: number): LocalDay => {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return Date.UTC(year, month - 1, ((h + l - 7 * m + 114) % 31) + 1) / DAY;
};

const holidays = new Map<number, ReadonlySet<LocalDay>>();

/** Public holidays by the act on Sundays and holidays of Schleswig-Holstein (SFTG § 2), Reformation Day included. */
const holidaysOf = (year: number): ReadonlySet<LocalDay> => {
  let days = holidays.get(year);
  if (!days) {
    const sunday = easter(year);
    const fixed = [
      [0, 1],
      [4, 1],
      [9, 3],
      [9, 31],
      [11, 25],
      [11, 26],
    ] as const;
    // Good Friday, Easter Monday, Ascension Day, Whit Monday
    const movable = [-2, 1, 39, 50].map((days) => sunday + days);
    days = new Set([...fixed.map(([month, day]) => Date.UTC(year, month, day) / DAY), ...movable]);
    holidays.set(year, days);
  }
  return days;
};

export const isHoliday = (day: LocalDay): boolean => holidaysOf(yearOf(day)).has(day);

/** Weekend or public holiday. */
export const isFree = (day: LocalDay): boolean => weekday(day) >= 5 || isHoliday(day);

/**
 * School holidays by rule, close to those of Schleswig-Holstein, which the ministry sets year by year: six weeks from the
 * first Saturday of July, two weeks in October, the days around Easter, and from 21 December to Epiphany.
 */
export const isSchoolHoliday = (day: LocalDay): boolean => {
  const year = yearOf(day);
  const date = (month: number, ofMonth: number): LocalDay => Date.UTC(year, month, ofMonth) / DAY;
  const firstOn = (target: number, from: LocalDay): LocalDay => from + ((target - weekday(from) + 7) % 7);
  const within = (first: LocalDay, days: number): boolean => day >= first && day < first + days;
  return (
    within(firstOn(5, date(6, 1)), 43) ||
    within(firstOn(0, date(9, 10)), 13) ||
    within(easter(year) - 10, 16) ||
    day >= date(11, 21) ||
    day <= date(0, 6)
  );
};

/**
 * How many guests the coast has, 0 (November) to 1 (high summer): a broad summer, the holidays around Easter and
 * Whitsun, and the days between the years.
 */
export const tourism = (day: LocalDay): number => {
  const season = seasonOf(day);
  const bump = (centre: number, width: number) => Math.exp(-(((season - centre) / width) ** 2));
  const near = (target: LocalDay, width: number) => Math.exp(-(((day - target) / width) ** 2));
  const spring = easter(yearOf(day));
  const turn = near(Date.UTC(yearOf(day), 11, 30) / DAY, 4) + near(Date.UTC(yearOf(day), 0, 1) / DAY, 3);
  return Math.min(1, bump(0.58, 0.11) + 0.55 * near(spring, 8) + 0.45 * near(spring + 49, 5) + 0.35 * turn);
};
