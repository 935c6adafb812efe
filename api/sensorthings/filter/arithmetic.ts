/** Arithmetic of numbers, times and durations (URL Conventions §5.1.1.2). What cannot be reckoned is null. */
import { DAY } from '../../../model/time.ts';
import type { Arithmetic, Duration, Instant, TimeValue } from './ast.ts';
import { durationOf, endOf, FIRST_INSTANT, isTime, LAST_INSTANT, startOf, timeOf } from './times.ts';

const finite = (number: number): number | null => (Number.isFinite(number) ? number : null);

/** Division never rounds: SensorThings has no property that is a whole number by its type. */
export const reckon = (op: Arithmetic, a: number, b: number): number | null => {
  switch (op) {
    case 'add':
      return finite(a + b);
    case 'sub':
      return finite(a - b);
    case 'mul':
      return finite(a * b);
    case 'div':
      return finite(a / b);
    case 'mod':
      return finite(a % b);
    default:
      return op satisfies never;
  }
};

const duration = (ms: number | null): Duration | null => (ms === null ? null : { kind: 'duration', ms });

const isOutside = (at: number): boolean => at < FIRST_INSTANT.at || at > LAST_INSTANT.at;

const shiftedInstant = (instant: Instant, ms: number): Instant | null =>
  isOutside(instant.at + ms) ? null : { ...instant, at: instant.at + ms };

/** A time moved by a duration; of a date only whole days count, and an interval moves with both its ends. */
const shifted = (time: TimeValue, ms: number): TimeValue | null => {
  if (time.kind === 'instant') return shiftedInstant(time, ms);
  if (time.kind === 'date') {
    const at = time.at + Math.trunc(ms / DAY) * DAY;
    return isOutside(at) ? null : { kind: 'date', at };
  }
  const start = shiftedInstant(time.start, ms);
  const end = shiftedInstant(time.end, ms);
  return start === null || end === null ? null : { kind: 'interval', start, end };
};

/** A duration that is none by its text alone, as a text might as well be a name. */
const ownDuration = (value: unknown): Duration | undefined =>
  typeof value === 'string' ? undefined : durationOf(value);

const withDuration = (op: Arithmetic, a: unknown, b: Duration): unknown => {
  if (typeof a === 'number') return op === 'mul' ? duration(reckon('mul', a, b.ms)) : null;
  if (op !== 'add' && op !== 'sub') return null;
  const other = ownDuration(a);
  if (other !== undefined) return duration(reckon(op, other.ms, b.ms));
  const time = timeOf(a);
  return time === undefined ? null : shifted(time, op === 'add' ? b.ms : -b.ms);
};

/** The time from b to a; that of intervals goes by their starts. */
const between = (a: unknown, b: unknown): Duration | null => {
  const ms = startOf(a) - startOf(b);
  return Number.isNaN(ms + endOf(a) + endOf(b)) ? null : { kind: 'duration', ms };
};

export const arithmetic = (op: Arithmetic, a: unknown, b: unknown): unknown => {
  if (typeof a === 'number' && typeof b === 'number') return reckon(op, a, b);
  if (a === null || b === null) return null;
  const [first, second] = [ownDuration(a), ownDuration(b)];
  if (second !== undefined) return withDuration(op, a, second);
  if (first !== undefined) {
    if (typeof b === 'number') return op === 'mul' || op === 'div' ? duration(reckon(op, first.ms, b)) : null;
    return op === 'add' ? withDuration('add', b, first) : null;
  }
  // a text is a time where the other is one: phenomenonTime sub resultTime are two texts of a row
  if (op === 'sub' && (isTime(a) || isTime(b) || (typeof a === 'string' && typeof b === 'string')))
    return between(a, b);
  return null;
};

export const negate = (value: unknown): unknown => {
  if (typeof value === 'number') return -value;
  const own = ownDuration(value);
  return own === undefined ? null : duration(-own.ms);
};
