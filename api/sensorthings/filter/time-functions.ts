/**
 * Functions of times (OGC 18-088 §9.3.3.5.2, URL Conventions §5.1.1.4): parts are those of the clock that the time was
 * written by, and those of an interval are its start's. What is no time has the answer null.
 */
import { DAY, HOUR, MINUTE, SECOND } from '../../../model/time.ts';
import type { Instant } from './ast.ts';
import { spansOf } from './compare.ts';
import { timeOf, timeOfDayOf } from './times.ts';

/** A time's start on its own clock: milliseconds since 1970-01-01T00:00 there. */
const localOf = (value: unknown): { readonly local: number; readonly offsetMinutes: number } | null => {
  const time = timeOf(value);
  if (time === undefined) return null;
  if (time.kind === 'date') return { local: time.at, offsetMinutes: 0 };
  const { at, offsetMinutes }: Instant = time.kind === 'interval' ? time.start : time;
  return { local: at + offsetMinutes * MINUTE, offsetMinutes };
};

const floorMod = (number: number, divisor: number): number => number - Math.floor(number / divisor) * divisor;

const ofDay =
  (part: (date: Date) => number) =>
  (value: unknown): number | null => {
    const moment = localOf(value);
    return moment === null ? null : part(new Date(Math.floor(moment.local)));
  };

const ofClock =
  (part: (ms: number) => number) =>
  (value: unknown): number | null => {
    const clock = timeOfDayOf(value);
    if (clock !== undefined) return part(clock.ms);
    const moment = localOf(value);
    return moment === null ? null : part(floorMod(moment.local, DAY));
  };

const relation =
  (holds: (s1: number, e1: number, other: readonly [number, number]) => boolean) => (a: unknown, b: unknown) => {
    const spans = spansOf(a, b);
    return spans === undefined ? null : holds(spans.s1, spans.e1, [spans.s2, spans.e2]);
  };

export const timeFunctions = {
  year: ofDay((date) => date.getUTCFullYear()),
  month: ofDay((date) => date.getUTCMonth() + 1),
  day: ofDay((date) => date.getUTCDate()),
  hour: ofClock((ms) => Math.floor(ms / HOUR)),
  minute: ofClock((ms) => Math.floor((ms % HOUR) / MINUTE)),
  second: ofClock((ms) => Math.floor((ms % MINUTE) / SECOND)),
  fractionalseconds: ofClock((ms) => (ms % SECOND) / SECOND),
  date: (value: unknown) => {
    const moment = localOf(value);
    return moment === null ? null : { kind: 'date', at: Math.floor(moment.local / DAY) * DAY };
  },
  time: (value: unknown) => {
    const moment = localOf(value);
    return moment === null ? null : { kind: 'time', ms: floorMod(moment.local, DAY) };
  },
  totaloffsetminutes: (value: unknown) => localOf(value)?.offsetMinutes ?? null,
  // relations of FROST-Server, after Allen's; an interval does not contain its end
  before: relation((s1, e1, [s2]) => e1 <= s2 && s1 < s2),
  after: relation((s1, _e1, [s2, e2]) => s1 >= e2 && s1 > s2),
  meets: relation((s1, e1, [s2, e2]) => s1 === e2 || e1 === s2),
  during: relation((s1, e1, [s2, e2]) => s2 <= s1 && e2 > s1 && e2 >= e1),
  overlaps: relation((s1, e1, [s2, e2]) => s1 === s2 || (s1 < e2 && s2 < e1)),
  starts: relation((s1, _e1, [s2]) => s1 === s2),
  finishes: relation((_s1, e1, [, e2]) => e1 === e2),
};
