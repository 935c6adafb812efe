/**
 * What of a filter over Observations a store can serve: ranges of time and result, ids, and conditions on the Datastream
 * alone. All of it is exact for rows whose phenomenonTime is an instant and whose result is a number (or null): for these
 * only `rest` is left to run. Any other row takes the whole expression.
 */
import { DAY, type EpochMs } from '../../../model/time.ts';
import type { Comparison, Expression } from './ast.ts';
import { chainOf, constantOf, mirrored } from './compile.ts';
import { pathsOf } from './paths.ts';
import { endOf, startOf } from './times.ts';

/** Epoch milliseconds [from, to): whole, or infinite where nothing bounds them. Empty where to <= from. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export interface ResultRange {
  readonly min: number;
  /** Whether `min` itself is left out. */
  readonly minOpen: boolean;
  readonly max: number;
  readonly maxOpen: boolean;
}

export interface ObservationBounds {
  readonly phenomenonTime: TimeRange;
  readonly resultTime: TimeRange;
  /** Undefined where the filter takes any result, null too. */
  readonly result: ResultRange | undefined;
  /** The only `@iot.id`s that fit. */
  readonly ids: readonly number[] | undefined;
  /** To be run once for a Datastream, in whose words it is: `Datastream/name eq 'x'` stands here as `name eq 'x'`. */
  readonly datastream: Expression | undefined;
  /** To be run for each row. */
  readonly rest: Expression | undefined;
}

const ALWAYS: TimeRange = { from: -Infinity, to: Infinity };

export const both = (a: TimeRange, b: TimeRange): TimeRange => ({
  from: Math.max(a.from, b.from),
  to: Math.min(a.to, b.to),
});

/** First whole millisecond that is after, or not before, an instant. */
const after = (at: number): number => Math.floor(at) + 1;
const notBefore = (at: number): number => Math.ceil(at);

/** Instants that compare so with [start, end] (`spanOrder` in compare.ts with an instant on the left). */
const rangeOf = (op: Comparison, start: number, end: number): TimeRange | undefined => {
  switch (op) {
    case 'gt':
      return { from: Math.max(notBefore(end), after(start)), to: Infinity };
    case 'ge':
      return { from: notBefore(end), to: Infinity };
    case 'lt':
      return { from: -Infinity, to: notBefore(start) };
    case 'le':
      return { from: -Infinity, to: after(start) };
    case 'eq':
      return { from: notBefore(end), to: after(start) };
    case 'ne':
      return undefined;
    default:
      return op satisfies never;
  }
};

/** Days that compare so with the day of `midnight`. */
const daysOf = (op: Comparison, midnight: number): TimeRange | undefined => {
  const range = rangeOf(op, midnight, midnight);
  if (range === undefined) return undefined;
  return {
    from: op === 'gt' ? midnight + DAY : range.from,
    to: op === 'le' || op === 'eq' ? midnight + DAY : range.to,
  };
};

const resultRange = (op: Comparison, number: number): ResultRange | undefined => {
  const all = { min: -Infinity, minOpen: false, max: Infinity, maxOpen: false };
  switch (op) {
    case 'gt':
    case 'ge':
      return { ...all, min: number, minOpen: op === 'gt' };
    case 'lt':
    case 'le':
      return { ...all, max: number, maxOpen: op === 'lt' };
    case 'eq':
      return { ...all, min: number, max: number };
    case 'ne':
      return undefined;
    default:
      return op satisfies never;
  }
};

const tighter = (a: ResultRange, b: ResultRange | undefined): ResultRange => {
  if (b === undefined) return a;
  const low = a.min > b.min || (a.min === b.min && a.minOpen) ? a : b;
  const high = a.max < b.max || (a.max === b.max && a.maxOpen) ? a : b;
  return { min: low.min, minOpen: low.minOpen, max: high.max, maxOpen: high.maxOpen };
};

/** A comparison with what stays on its right. */
interface Condition {
  readonly op: Comparison;
  readonly left: Expression;
  readonly value: unknown;
}

const conditionOf = (conjunct: Expression, now: EpochMs): Condition | undefined => {
  if (conjunct.kind !== 'binary' || !Object.hasOwn(mirrored, conjunct.op)) return undefined;
  const op = conjunct.op as Comparison;
  const right = constantOf(conjunct.right, now);
  if (right !== undefined) return { op, left: conjunct.left, value: right.value };
  const left = constantOf(conjunct.left, now);
  return left && { op: mirrored[op], left: conjunct.right, value: left.value };
};

const nameOf = (expression: Expression): string => (expression.kind === 'path' ? expression.steps.join('/') : '');

const timeRange = ({ op, left, value }: Condition): { name: string; range: TimeRange } | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const [start, end] = [startOf(value), endOf(value)];
  if (Number.isNaN(start)) return undefined;
  const [day] = left.kind === 'call' && left.name === 'date' ? left.args : [];
  if (day !== undefined && 'kind' in value && value.kind === 'date') {
    const range = daysOf(op, start);
    return range && { name: nameOf(day), range };
  }
  const range = rangeOf(op, start, end);
  return range && { name: nameOf(left), range };
};

const isId = (name: string): boolean => name === '@iot.id' || name === 'id';

/** `id eq 1` or `id eq 1 or id eq 2 or …`. */
const idsOf = (conjunct: Expression, now: EpochMs): number[] | undefined => {
  const ids: number[] = [];
  for (const part of chainOf(conjunct, 'or')) {
    const condition = conditionOf(part, now);
    if (condition?.op !== 'eq' || !isId(nameOf(condition.left)) || typeof condition.value !== 'number')
      return undefined;
    ids.push(condition.value);
  }
  return [...new Set(ids)];
};

const withoutFirstStep = (expression: Expression): Expression => {
  switch (expression.kind) {
    case 'literal':
      return expression;
    case 'path':
      return { ...expression, steps: expression.steps.slice(1) };
    case 'call':
      return { ...expression, args: expression.args.map(withoutFirstStep) };
    case 'not':
    case 'negate':
      return { ...expression, operand: withoutFirstStep(expression.operand) };
    case 'binary':
      return {
        ...expression,
        left: withoutFirstStep(expression.left),
        right: withoutFirstStep(expression.right),
      };
    default:
      return expression satisfies never;
  }
};

const isAbout = (step: string, expression: Expression): boolean => {
  const paths = pathsOf(expression);
  return paths.length > 0 && paths.every(([first, second]) => first === step && second !== undefined);
};

const joined = (conjuncts: readonly Expression[]): Expression | undefined => {
  const [first, ...others] = conjuncts;
  return first && others.reduce((left, right) => ({ kind: 'binary', op: 'and', left, right }), first);
};

/** Splits the conjuncts of a filter over Observations. `now` is what `now()` gives; pass the same to compile. */
export const boundsOf = (expression: Expression | undefined, now: EpochMs): ObservationBounds => {
  const times = { phenomenonTime: ALWAYS, resultTime: ALWAYS };
  let result: ResultRange | undefined;
  let ids: number[] | undefined;
  const datastream: Expression[] = [];
  const rest: Expression[] = [];
  for (const conjunct of expression === undefined ? [] : chainOf(expression, 'and')) {
    const condition = conditionOf(conjunct, now);
    const time = condition && timeRange(condition);
    const named = idsOf(conjunct, now);
    const range =
      condition && nameOf(condition.left) === 'result' && typeof condition.value === 'number'
        ? resultRange(condition.op, condition.value)
        : undefined;
    if (time?.name === 'phenomenonTime' || time?.name === 'resultTime')
      times[time.name] = both(times[time.name], time.range);
    else if (range !== undefined) result = tighter(range, result);
    else if (named !== undefined) ids = ids === undefined ? named : named.filter((id) => ids?.includes(id));
    else if (isAbout('Datastream', conjunct)) datastream.push(withoutFirstStep(conjunct));
    else rest.push(conjunct);
  }
  return { ...times, result, ids, datastream: joined(datastream), rest: joined(rest) };
};
