import { HubError } from './errors.ts';

/** Instants are UTC epoch milliseconds inside the hub and RFC 3339 at its borders. */
export type EpochMs = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Earliest and latest instant that a network server or a device may claim: a clock outside is broken. */
export const PLAUSIBLE_TIME = { min: Date.UTC(2015, 0, 1), max: Date.UTC(2090, 0, 1) } as const;

const RFC3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,12})?([Zz]|[+-]\d{2}:\d{2})$/;

/** RFC 3339 date-time (RFC 3339 §5.6, any number of fractional digits) to epoch milliseconds; undefined if it is none. */
export const parseRfc3339 = (text: string): EpochMs | undefined => {
  if (!RFC3339.test(text)) return undefined;
  // Date.parse misreads fractions of ten digits and more; milliseconds are all that is kept.
  const ms = Date.parse(text.replace(' ', 'T').replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(ms) ? undefined : ms;
};

/** Epoch milliseconds to RFC 3339 in UTC with fixed-width milliseconds. */
export const formatTime = (time: EpochMs): string => new Date(time).toISOString();

/** ISO 8601 duration of days and smaller units, or a short form such as `15m`, `1h`, `7d`, to milliseconds. */
export const parseDuration = (text: string): number => {
  const short = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  if (short) {
    const factor = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }[short[2] as 'ms' | 's' | 'm' | 'h' | 'd'];
    return Number(short[1]) * factor;
  }
  try {
    return Temporal.Duration.from(text).total({ unit: 'milliseconds' });
  } catch (cause) {
    throw new HubError('HUB_REQUEST_INVALID', `"${text}" is no duration; write 15m, 1h, 7d or PT15M`, { cause });
  }
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
