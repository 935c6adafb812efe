/**
 * Times, dates and durations as a filter writes them and as a row carries them. Reading an instant is the hottest step
 * of a filter over observations, so that it takes characters one by one and allocates nothing.
 */
import { DAY, HOUR, MINUTE, SECOND } from '../../../model/time.ts';
import type { CalendarDate, Duration, Instant, Interval, TimeOfDay, TimeValue } from './ast.ts';

/** Bounds of Edm.DateTimeOffset, what `mindatetime()` and `maxdatetime()` give (OData §5.1.1.4). */
export const FIRST_INSTANT: Instant = { kind: 'instant', at: -62_135_596_800_000, offsetMinutes: 0 };
export const LAST_INSTANT: Instant = { kind: 'instant', at: 253_402_300_799_999, offsetMinutes: 0 };

const ZERO = 48;
const DOT = 46;
const COLON = 58;
const DASH = 45;
const PLUS = 43;
const FEBRUARY = 2;

/** Two digits as a number; NaN where there are none. */
const two = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
};

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days from 1970-01-01 in the Gregorian calendar, by counting years from March; NaN where there is no such day. */
const daysFromCivil = (year: number, month: number, day: number): number => {
  const last = month === FEBRUARY && isLeap(year) ? 29 : daysOfMonth[month - 1];
  if (last === undefined || !(day >= 1 && day <= last)) return Number.NaN;
  const marchYear = month > FEBRUARY ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > FEBRUARY ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

/** Midnight of `YYYY-MM-DD` at a place in a text; NaN where it is none. */
const midnightAt = (text: string, at: number): number =>
  text.charCodeAt(at + 4) === DASH && text.charCodeAt(at + 7) === DASH
    ? daysFromCivil(two(text, at) * 100 + two(text, at + 2), two(text, at + 5), two(text, at + 8)) * DAY
    : Number.NaN;

/** Offset of `Z` or `+01:00` that fills [at, end), in minutes; NaN where it is none. */
const offsetAt = (text: string, at: number, end: number): number => {
  const sign = text.charCodeAt(at);
  if (at + 1 === end) return (sign | 32) === 122 ? 0 : Number.NaN;
  if (at + 6 !== end || text.charCodeAt(at + 3) !== COLON || (sign !== PLUS && sign !== DASH)) return Number.NaN;
  const hours = two(text, at + 1);
  const minutes = two(text, at + 4);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  return (sign === DASH ? -1 : 1) * (hours * 60 + minutes);
};

/** Where the clock reading that begins at `at` ends: after the seconds or their fraction. */
const clockEnd = (text: string, at: number): number => {
  if (text.charCodeAt(at + 5) !== COLON) return at + 5;
  if (text.charCodeAt(at + 8) !== DOT) return at + 8;
  let end = at + 9;
  while (text.charCodeAt(end) >= ZERO && text.charCodeAt(end) <= ZERO + 9) end += 1;
  return end;
};

/** Milliseconds since midnight of `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fff`; a leap second is the one before it. */
const clockAt = (text: string, at: number, end: number): number => {
  const hours = two(text, at);
  const minutes = two(text, at + 3);
  if (text.charCodeAt(at + 2) !== COLON || !(hours <= 23 && minutes <= 59)) return Number.NaN;
  const whole = hours * HOUR + minutes * MINUTE;
  if (end === at + 5) return whole;
  const seconds = two(text, at + 6);
  if (!(seconds <= 60)) return Number.NaN;
  if (end === at + 9) return Number.NaN;
  let fraction = 0;
  for (let digit = at + 9, weight = 100; digit < end; digit += 1, weight /= 10)
    fraction += (text.charCodeAt(digit) - ZERO) * weight;
  return whole + Math.min(seconds, 59) * SECOND + fraction;
};

/** Epoch milliseconds of the RFC 3339 date-time that fills [at, end) of a text; NaN where it is none. */
const instantAt = (text: string, at: number, end: number): number => {
  if (end - at < 17 || (text.charCodeAt(at + 10) | 32) !== 116) return Number.NaN;
  const clock = clockEnd(text, at + 11);
  return midnightAt(text, at) + clockAt(text, at + 11, clock) - offsetAt(text, clock, end) * MINUTE;
};

const DATE_LENGTH = 10;

/** First instant of a row's time in epoch milliseconds, whichever way it is written; NaN where it is no time. */
export const startOf = (value: unknown): number => {
  if (typeof value === 'string') {
    const slash = value.indexOf('/');
    if (slash >= 0) return instantAt(value, 0, slash);
    return value.length === DATE_LENGTH ? midnightAt(value, 0) : instantAt(value, 0, value.length);
  }
  const time = timeOf(value);
  if (time === undefined) return Number.NaN;
  return time.kind === 'interval' ? time.start.at : time.at;
};

/** Last instant of the same; that of a moment is its start. */
export const endOf = (value: unknown): number => {
  if (typeof value === 'string') {
    const slash = value.indexOf('/');
    return slash < 0 ? startOf(value) : instantAt(value, slash + 1, value.length);
  }
  const time = timeOf(value);
  if (time === undefined) return Number.NaN;
  return time.kind === 'interval' ? time.end.at : time.at;
};

const readInstant = (text: string): Instant | undefined => {
  const at = instantAt(text, 0, text.length);
  if (Number.isNaN(at)) return undefined;
  return { kind: 'instant', at, offsetMinutes: offsetAt(text, clockEnd(text, 11), text.length) };
};

const shifted = (instant: Instant, ms: number): Instant => ({ ...instant, at: instant.at + ms });

/** `a/b`, `a/PT1H` or `PT1H/b` (ISO 8601 §5.5); undefined where it is none or ends before it starts. */
const readInterval = (from: string, to: string): Interval | undefined => {
  const [first, second] = [readInstant(from), readInstant(to)];
  const length = readDuration(first === undefined ? from : to)?.ms ?? Number.NaN;
  const start = first ?? (second && shifted(second, -length));
  const end = second ?? (first && shifted(first, length));
  return start !== undefined && end !== undefined && start.at <= end.at ? { kind: 'interval', start, end } : undefined;
};

/** A time of a text as a filter's literal: instant, interval or date; undefined where it is none. */
export const readTime = (text: string): TimeValue | undefined => {
  const slash = text.indexOf('/');
  if (slash >= 0) return readInterval(text.slice(0, slash), text.slice(slash + 1));
  return text.length === DATE_LENGTH ? readDate(text) : readInstant(text);
};

const readDate = (text: string): CalendarDate | undefined => {
  const at = midnightAt(text, 0);
  return Number.isNaN(at) ? undefined : { kind: 'date', at };
};

/** What JavaScript's dates reach. */
const MAX_TIME = 8.64e15;

/** What a row holds may look like a value of ours, so that its parts are looked at too. */
const isMoment = (value: unknown, kind: 'instant' | 'date'): boolean =>
  isKind(value, kind) && Number.isFinite((value as Instant).at) && Math.abs((value as Instant).at) <= MAX_TIME;

const isTimeValue = (value: object): value is TimeValue => {
  if (isMoment(value, 'instant')) return Number.isFinite((value as Instant).offsetMinutes);
  if (isMoment(value, 'date')) return true;
  if (!isKind(value, 'interval')) return false;
  const { start, end } = value as Interval;
  return isMoment(start, 'instant') && isMoment(end, 'instant') && Number.isFinite(start.offsetMinutes);
};

/** Any value of a row as a time: texts, our own values, and `{ start, end }`. */
export const timeOf = (value: unknown): TimeValue | undefined => {
  if (typeof value === 'string') return readTime(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if ('kind' in value) return isTimeValue(value) ? value : undefined;
  return 'start' in value && 'end' in value && typeof value.start === 'string' && typeof value.end === 'string'
    ? readInterval(value.start, value.end)
    : undefined;
};

/** Whether a value is a time by more than its text, which might as well be a name. */
export const isTime = (value: unknown): boolean => typeof value === 'object' && timeOf(value) !== undefined;

/** A value of ours that is counted in milliseconds. */
const counted = <T extends TimeOfDay | Duration>(value: unknown, kind: T['kind']): T | undefined =>
  isKind(value, kind) && Number.isFinite((value as T).ms) ? (value as T) : undefined;

export const timeOfDayOf = (value: unknown): TimeOfDay | undefined => {
  if (typeof value !== 'string') return counted<TimeOfDay>(value, 'time');
  const ms = clockEnd(value, 0) === value.length ? clockAt(value, 0, value.length) : Number.NaN;
  return Number.isNaN(ms) ? undefined : { kind: 'time', ms };
};

const DURATION =
  /^([+-])?P(?=.)(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?$/i;
const WEEK = 7 * DAY;

/** `P1DT2H` (ABNF durationValue, and weeks); months and years have no fixed length and are none. */
export const readDuration = (text: string): Duration | undefined => {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const [, sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  const ms =
    Number(weeks) * WEEK +
    Number(days) * DAY +
    Number(hours) * HOUR +
    Number(minutes) * MINUTE +
    Math.round(Number(seconds) * SECOND * 1e6) / 1e6;
  return { kind: 'duration', ms: sign === '-' ? -ms : ms };
};

export const durationOf = (value: unknown): Duration | undefined =>
  typeof value === 'string' ? readDuration(value) : counted<Duration>(value, 'duration');

export const isKind = (value: unknown, kind: string): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
