import { HubError } from '../../model/errors.ts';
import { type EpochMs, PLAUSIBLE_TIME, parseRfc3339 } from '../../model/time.ts';

/** Times of envelopes: several are read of every message, and none is believed that a broken clock wrote. */

/** An RFC 3339 time that no broken clock wrote. */
export const timeOf = (value: unknown): EpochMs | undefined => {
  if (typeof value !== 'string' || value.length > 40) return undefined;
  return plausible(parseUtc(value) ?? parseRfc3339(value));
};

/** UTC of `ticksPerSecond` since 1970, as a number or in digits. */
export const unixTimeOf = (value: unknown, ticksPerSecond = 1000): EpochMs | undefined => {
  const ticks = typeof value === 'string' && /^\d{1,20}(\.\d{1,9})?$/.test(value) ? Number(value) : value;
  if (typeof ticks !== 'number') return undefined;
  return plausible(Math.floor((ticks * 1000) / ticksPerSecond));
};

const plausible = (time: EpochMs | undefined): EpochMs | undefined =>
  time !== undefined && time >= PLAUSIBLE_TIME.min && time < PLAUSIBLE_TIME.max ? time : undefined;

/**
 * The first plausible one of the times of an envelope, the best first; when it got here where the envelope has no time
 * at all. Throws HUB_ENVELOPE_TIME where all that it has are broken.
 */
export const firstTime = (
  candidates: readonly unknown[],
  arrivedAt: EpochMs | undefined,
  read: (value: unknown) => EpochMs | undefined = timeOf,
): EpochMs => {
  let isTimeless = true;
  for (const candidate of candidates) {
    if (candidate === undefined || candidate === null) continue;
    isTimeless = false;
    const time = read(candidate);
    if (time !== undefined) return time;
  }
  if (isTimeless && arrivedAt !== undefined) return arrivedAt;
  throw noTime();
};

/**
 * The two spellings of UTC that network servers use, `…Z` and `…+00:00`, twice as fast as by regular expression: several
 * times are read of every message. undefined for everything else, right or wrong.
 */
const parseUtc = (text: string): EpochMs | undefined => {
  const end = text.endsWith('Z') ? text.length - 1 : text.endsWith('+00:00') ? text.length - 6 : 0;
  if (end < 19 || end > 32 || !hasMarks(text)) return undefined;
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (!(month > 0 && month < 13 && day > 0 && day < 32 && hour < 24 && minute < 60 && second < 60)) return undefined;
  const ms = end === 19 ? 0 : text.charCodeAt(19) === 0x2e ? milliseconds(text, end) : Number.NaN;
  const time = Date.UTC(digits(text, 0, 4), month - 1, day, hour, minute, second, ms);
  // Date.UTC makes 2 March of 30 February.
  return (day < 29 && !Number.isNaN(time)) || new Date(time).getUTCDate() === day ? time : undefined;
};

/** `-`, `-`, `T`, `:`, `:` of 2026-03-02T07:15:31. */
const hasMarks = (text: string): boolean =>
  text.charCodeAt(4) === 0x2d &&
  text.charCodeAt(7) === 0x2d &&
  text.charCodeAt(10) === 0x54 &&
  text.charCodeAt(13) === 0x3a &&
  text.charCodeAt(16) === 0x3a;

/** A number of `count` digits; NaN where one is none. */
const digits = (text: string, at: number, count: number): number => {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
};

/** Thousandths of a fraction whose digits stand from 20 to `end`; finer digits are checked and dropped. */
const milliseconds = (text: string, end: number): number => {
  const count = end - 20;
  if (count < 1) return Number.NaN;
  if (count < 4) return digits(text, 20, count) * (count === 3 ? 1 : count === 2 ? 10 : 100);
  return digits(text, 20, 3) + 0 * digits(text, 23, count - 3);
};

/** Throws HUB_ENVELOPE_TIME. */
export const noTime = (): HubError => new HubError('HUB_ENVELOPE_TIME');
