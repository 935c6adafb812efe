/**
 * Comparisons of any two values. Null equals null and nothing else, and is neither greater nor less, as OData has it (URL
 * Conventions §5.1.1.1). Whether a value differs from one that is missing is unknown (null), and so is which of unlike
 * values is greater: neither such a comparison nor its negation finds them. Never throws.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Comparison } from './ast.ts';
import { durationOf, endOf, isKind, isTime, startOf, timeOfDayOf } from './times.ts';

/** Three-valued truth; null is unknown. */
export type Truth = boolean | null;

const unlike = (op: Comparison): Truth => (op === 'eq' ? false : op === 'ne' ? true : null);

const ordered = <T extends number | string | boolean>(op: Comparison, a: T, b: T): boolean => {
  switch (op) {
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
    case 'gt':
      return a > b;
    case 'ge':
      return a >= b;
    case 'lt':
      return a < b;
    case 'le':
      return a <= b;
    default:
      return op satisfies never;
  }
};

/** First and last instant of two times, epoch milliseconds. */
interface Spans {
  readonly s1: number;
  readonly e1: number;
  readonly s2: number;
  readonly e2: number;
}

/**
 * Instants and intervals, as FROST-Server compares them (the standard leaves it open): an interval does not contain its
 * end; it is after what ends no later than it starts, and `ge` where neither its start nor its end lies before the other's.
 * For two instants that is plain order.
 */
const spanOrder = (op: Comparison, { s1, e1, s2, e2 }: Spans): boolean => {
  switch (op) {
    case 'eq':
      return s1 === s2 && e1 === e2;
    case 'ne':
      return s1 !== s2 || e1 !== e2;
    case 'gt':
      return s1 >= e2 && s1 > s2;
    case 'ge':
      return s1 >= s2 && e1 >= e2;
    case 'lt':
      return e1 <= s2 && s1 < s2;
    case 'le':
      return s1 <= s2 && e1 <= e2;
    default:
      return op satisfies never;
  }
};

/** One or both of the values are times; undefined where the other is none. */
export const spansOf = (a: unknown, b: unknown): Spans | undefined => {
  const spans = { s1: startOf(a), e1: endOf(a), s2: startOf(b), e2: endOf(b) };
  return Number.isNaN(spans.s1 + spans.e1 + spans.s2 + spans.e2) ? undefined : spans;
};

/** A time of the row against one instant of the filter, allocating nothing; null where the row's is no time. */
export const compareWithInstant = (op: Comparison, value: unknown, at: number): Truth => {
  const start = startOf(value);
  if (Number.isNaN(start)) return value === null ? nullOrder(op, false) : unlike(op);
  switch (op) {
    case 'gt':
      return start > at;
    case 'ge':
      return start >= at;
    case 'lt':
      return start < at && endOf(value) <= at;
    case 'le':
      return endOf(value) <= at;
    case 'eq':
      return start === at && endOf(value) === at;
    case 'ne':
      return start !== at || endOf(value) !== at;
    default:
      return op satisfies never;
  }
};

/**
 * One of two values is null, or both are. OData would have `ne` find what is missing; the OGC's suite and FROST-Server
 * would not, and clients go by these. Where the filter writes `ne null`, compile.ts asks for it in other words.
 */
const nullOrder = (op: Comparison, both: boolean): Truth => {
  if (op === 'ne') return both ? false : null;
  return both && op !== 'gt' && op !== 'lt';
};

const compareObjects = (op: Comparison, a: unknown, b: unknown): Truth => {
  if (isTime(a) || isTime(b)) {
    const spans = spansOf(a, b);
    return spans === undefined ? unlike(op) : spanOrder(op, spans);
  }
  for (const [kind, read] of [
    ['time', timeOfDayOf],
    ['duration', durationOf],
  ] as const) {
    if (!isKind(a, kind) && !isKind(b, kind)) continue;
    const [left, right] = [read(a), read(b)];
    return left === undefined || right === undefined ? unlike(op) : ordered(op, left.ms, right.ms);
  }
  if (op === 'eq' || op === 'ne') return isDeepStrictEqual(a, b) === (op === 'eq');
  return null;
};

export const compare = (op: Comparison, a: unknown, b: unknown): Truth => {
  if (a === null || b === null) return nullOrder(op, a === b);
  if (typeof a === 'object' || typeof b === 'object') return compareObjects(op, a, b);
  if (typeof a === 'number' && typeof b === 'number') return ordered(op, a, b);
  if (typeof a === 'string' && typeof b === 'string') return ordered(op, a, b);
  // true is greater than false (URL Conventions §5.1.1.1.3)
  if (typeof a === 'boolean' && typeof b === 'boolean') return ordered(op, a, b);
  return unlike(op);
};

/**
 * A comparison in which one side is text whatever the row holds: a number or truth of the other side counts as its text,
 * as FROST-Server has it for `result eq '5'`. The other way, text of a row and a number of the filter, they are unlike.
 */
export const compareAsText = (op: Comparison, a: unknown, b: unknown): Truth => compare(op, textual(a), textual(b));

const textual = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;

const rankOf = (value: unknown): number => {
  if (value === null || value === undefined) return 0;
  if (typeof value === 'boolean') return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  return isTime(value) ? 4 : 5;
};

const sign = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** Things without an order of their own go by their text, so that the same rows always come in the same order. */
const weightOf = (value: unknown): number | string => {
  if (isKind(value, 'duration') || isKind(value, 'time')) return (value as { ms: number }).ms;
  return JSON.stringify(value) ?? '';
};

/**
 * The order of $orderby, ascending: null first (URL Conventions §5.1.4), then truths, numbers, texts by code unit, times
 * by start and end, all else.
 */
export const compareValues = (a: unknown, b: unknown): number => {
  if (typeof a === 'number' && typeof b === 'number') return sign(a, b);
  if (typeof a === 'string' && typeof b === 'string') return sign(a, b);
  const rank = rankOf(a);
  const difference = rank - rankOf(b);
  if (difference !== 0 || rank === 0) return difference;
  if (rank === 1) return Number(a) - Number(b);
  if (rank === 4) return sign(startOf(a), startOf(b)) || sign(endOf(a), endOf(b));
  const [left, right] = [weightOf(a), weightOf(b)];
  if (typeof left === 'number' && typeof right === 'number') return sign(left, right);
  return sign(String(left), String(right));
};
