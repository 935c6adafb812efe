/**
 * An expression as a function of a row: made once, run for each of perhaps millions. It never throws; what has no answer
 * is null, and a filter takes null for false (URL Conventions §5.1.1.1).
 */
import type { EpochMs } from '../../../model/time.ts';
import { arithmetic, negate } from './arithmetic.ts';
import type { Arithmetic, BinaryOperator, Comparison, Expression, FunctionName } from './ast.ts';
import { compare, compareAsText, compareWithInstant } from './compare.ts';
import { geoFunctions } from './geo-functions.ts';
import { kindOf } from './kinds.ts';
import { numberFunctions } from './number-functions.ts';
import { pathsOf } from './paths.ts';
import { textFunctions } from './text-functions.ts';
import { timeFunctions } from './time-functions.ts';
import { FIRST_INSTANT, isKind, LAST_INSTANT } from './times.ts';

/**
 * Gives what a path of the row holds: a JSON value; null or undefined where there is nothing. A time is RFC 3339 text,
 * `a/b`, `{ start, end }` or, quickest, an Instant; a geometry is GeoJSON or a Feature. `steps` is the same array in
 * every call for the same path.
 *
 * Of a step to many, bind one row of the joined rows at a time and stop at the first that fits: two conditions on
 * `Datastreams/Observations` then speak of the same Observation.
 */
export type Resolve = (steps: readonly string[]) => unknown;

type Run = (resolve: Resolve) => unknown;

type Implementation = (a?: unknown, b?: unknown, c?: unknown) => unknown;

type Functions = Readonly<Record<FunctionName, Implementation>>;

const functionsAt = (now: EpochMs): Functions => ({
  ...textFunctions,
  ...numberFunctions,
  ...timeFunctions,
  ...geoFunctions,
  now: () => ({ kind: 'instant', at: now, offsetMinutes: 0 }),
  mindatetime: () => FIRST_INSTANT,
  maxdatetime: () => LAST_INSTANT,
});

/** What the parts of one expression share. */
interface Shared {
  readonly functions: Functions;
  /** The one array of steps for each path. */
  readonly steps: Map<string, readonly string[]>;
}

const sharedAt = (now: EpochMs): Shared => ({ functions: functionsAt(now), steps: new Map() });

const nothing: Resolve = () => null;

/** What a part gives that no row has a say in; undefined where one has. */
const constantIn = (shared: Shared, expression: Expression): { readonly value: unknown } | undefined => {
  if (expression.kind === 'literal') return { value: expression.value };
  return pathsOf(expression).length === 0 ? { value: runVarying(shared, expression)(nothing) } : undefined;
};

const runOf = (shared: Shared, expression: Expression): Run => {
  const constant = constantIn(shared, expression);
  if (constant === undefined) return runVarying(shared, expression);
  const { value } = constant;
  return () => value;
};

const runVarying = (shared: Shared, expression: Expression): Run => {
  switch (expression.kind) {
    case 'literal':
      return () => expression.value;
    case 'path':
      return runPath(shared, expression.steps);
    case 'call':
      return runCall(
        shared.functions[expression.name],
        expression.args.map((arg) => runOf(shared, arg)),
      );
    case 'not': {
      const operand = runOf(shared, expression.operand);
      return (resolve) => {
        const truth = operand(resolve);
        return typeof truth === 'boolean' ? !truth : null;
      };
    }
    case 'negate': {
      const operand = runOf(shared, expression.operand);
      return (resolve) => negate(operand(resolve));
    }
    case 'binary':
      return runBinary(shared, expression);
    default:
      return expression satisfies never;
  }
};

const runPath = (shared: Shared, written: readonly string[]): Run => {
  const name = written.join('/');
  const steps = shared.steps.get(name) ?? written;
  shared.steps.set(name, steps);
  return (resolve) => resolve(steps) ?? null;
};

const runCall = (implementation: Implementation, [first, second, third]: readonly Run[]): Run => {
  if (first === undefined) return () => implementation();
  if (second === undefined) return (resolve) => implementation(first(resolve));
  if (third === undefined) return (resolve) => implementation(first(resolve), second(resolve));
  return (resolve) => implementation(first(resolve), second(resolve), third(resolve));
};

type Binary = Expression & { readonly kind: 'binary' };

const runBinary = (shared: Shared, expression: Binary): Run => {
  const { op, left, right } = expression;
  if (op === 'and' || op === 'or') {
    const parts = chainOf(expression, op).map((part) => runOf(shared, part));
    return op === 'and' ? every(parts) : some(parts);
  }
  if (isComparison(op)) return runComparison(shared, { ...expression, op });
  const [a, b] = [runOf(shared, left), runOf(shared, right)];
  return (resolve) => arithmetic(op, a(resolve), b(resolve));
};

const isNull = (expression: Expression): boolean => expression.kind === 'literal' && expression.value === null;

const runComparison = (shared: Shared, { op, left, right }: Binary & { readonly op: Comparison }): Run => {
  if (op === 'ne' && (isNull(left) || isNull(right))) {
    const [a, b] = [runOf(shared, left), runOf(shared, right)];
    return (resolve) => compare('eq', a(resolve), b(resolve)) === false;
  }
  if (kindOf(left) === 'text' || kindOf(right) === 'text') {
    const [a, b] = [runOf(shared, left), runOf(shared, right)];
    return (resolve) => compareAsText(op, a(resolve), b(resolve));
  }
  const constant = constantIn(shared, right);
  if (constant !== undefined) return compareWith(op, runOf(shared, left), constant.value);
  const swapped = constantIn(shared, left);
  if (swapped !== undefined) return compareWith(mirrored[op], runOf(shared, right), swapped.value);
  const [a, b] = [runOf(shared, left), runOf(shared, right)];
  return (resolve) => compare(op, a(resolve), b(resolve));
};

const isComparison = (op: Comparison | Arithmetic): op is Comparison => op in mirrored;

/** The same comparison with its sides changed. */
export const mirrored: Readonly<Record<Comparison, Comparison>> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'lt',
  ge: 'le',
  lt: 'gt',
  le: 'ge',
};

/** The operands of a chain of one operator, from left to right. */
export const chainOf = (expression: Expression, op: BinaryOperator): Expression[] => {
  const parts: Expression[] = [];
  const pending = [expression];
  for (let part = pending.pop(); part !== undefined; part = pending.pop())
    if (part.kind === 'binary' && part.op === op) pending.push(part.right, part.left);
    else parts.push(part);
  return parts;
};

/** Kleene's and: false where any is, else null where any is unknown. */
const every =
  (parts: readonly Run[]): Run =>
  (resolve) => {
    let answer: boolean | null = true;
    for (const part of parts) {
      const truth = part(resolve);
      if (truth === false) return false;
      if (truth !== true) answer = null;
    }
    return answer;
  };

const some =
  (parts: readonly Run[]): Run =>
  (resolve) => {
    let answer: boolean | null = false;
    for (const part of parts) {
      const truth = part(resolve);
      if (truth === true) return true;
      if (truth !== false) answer = null;
    }
    return answer;
  };

const numbers: Readonly<Record<Comparison, (number: number) => (value: number) => boolean>> = {
  eq: (number) => (value) => value === number,
  ne: (number) => (value) => value !== number,
  gt: (number) => (value) => value > number,
  ge: (number) => (value) => value >= number,
  lt: (number) => (value) => value < number,
  le: (number) => (value) => value <= number,
};

/** The hot path: something of the row against something that stays. */
const compareWith = (op: Comparison, run: Run, constant: unknown): Run => {
  if (typeof constant === 'number') {
    const holds = numbers[op](constant);
    return (resolve) => {
      const value = run(resolve);
      return typeof value === 'number' ? holds(value) : compare(op, value, constant);
    };
  }
  if (isKind(constant, 'instant') || isKind(constant, 'date')) {
    const { at } = constant as { at: number };
    return (resolve) => compareWithInstant(op, run(resolve), at);
  }
  return (resolve) => compare(op, run(resolve), constant);
};

/** What an expression gives for a row; `now()` is one instant for all rows. */
export const compile = (expression: Expression, now: EpochMs): Run => runOf(sharedAt(now), expression);

export const compileFilter = (expression: Expression, now: EpochMs): ((resolve: Resolve) => boolean) => {
  const run = compile(expression, now);
  return (resolve) => run(resolve) === true;
};

/** What an expression gives whatever the row; undefined where a row has a say. */
export const constantOf = (expression: Expression, now: EpochMs): { readonly value: unknown } | undefined =>
  constantIn(sharedAt(now), expression);
