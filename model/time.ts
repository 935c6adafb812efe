import { HubError } from './errors.ts';

/** Instants are UTC epoch milliseconds inside the hub and RFC 3339 at its borders. */
export type EpochMs = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Earliest and latest instant that a network server or a device may claim: a clock outside is broken. */
export const PLAUSIBLE_TIME = { min: Date.UTC(2015, 0, 1), max: Date.UTC(2090, 0, 1) } as const;

/** Temporal takes more of ISO 8601 than RFC 3339 has, and no more than nine digits of a fraction. */
const RFC3339 = /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?:(?<=\.\d{9})\d{1,3})?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * RFC 3339 date-time (RFC 3339 §5.6, up to twelve fractional digits) to epoch milliseconds; undefined if it is none or
 * there is no such day. A leap second is the second before it.
 */
export const parseRfc3339 = (text: string): EpochMs | undefined => {
  const [, time, offset] = RFC3339.exec(text) ?? [];
  if (time === undefined || offset === undefined) return undefined;
  try {
    return Temporal.Instant.from(time + offset).epochMilliseconds;
  } catch {
    return undefined;
  }
};

/** Epoch milliseconds to RFC 3339 in UTC with fixed-width milliseconds. */
export const formatTime = (time: EpochMs): string => new Date(time).toISOString();

const durationUnits = { s: SECOND, m: MINUTE, h: HOUR, d: DAY } as const;

/** A duration such as `90s`, `15m`, `1h` or `7d` in milliseconds. Throws HUB_REQUEST_INVALID. */
export const parseDuration = (text: string): number => {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined)
    throw new HubError('HUB_REQUEST_INVALID', `"${text}" is no duration; write 90s, 15m, 1h or 7d`);
  return Number(count) * durationUnits[unit as keyof typeof durationUnits];
};

export type CalendarUnit = 'hour' | 'day' | 'week' | 'month' | 'year';

/** Start of the local calendar unit that contains `time` in an IANA time zone; weeks start on Monday (ISO 8601). */
export const startOfCalendarUnit = (time: EpochMs, unit: CalendarUnit, timeZone: string): EpochMs => {
  const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone);
  if (unit === 'hour') return zoned.round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds;
  const day = zoned.startOfDay();
  if (unit === 'day') return day.epochMilliseconds;
  if (unit === 'week') return day.subtract({ days: day.dayOfWeek - 1 }).startOfDay().epochMilliseconds;
  if (unit === 'month') return day.with({ day: 1 }).startOfDay().epochMilliseconds;
  return day.with({ month: 1, day: 1 }).startOfDay().epochMilliseconds;
};

/** Start of the next calendar unit after the one that starts at `start`. */
export const nextCalendarUnit = (start: EpochMs, unit: CalendarUnit, timeZone: string): EpochMs => {
  const zoned = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timeZone);
  if (unit === 'hour') return start + HOUR;
  return zoned.add({ [`${unit}s`]: 1 }).startOfDay().epochMilliseconds;
};
