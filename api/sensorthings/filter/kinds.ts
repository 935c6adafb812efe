/** What can be said of an expression before a row is seen, so that a filter that can never fit is refused, not empty. */
import { arithmeticOperators, type Expression, type Kind, type Parameter, signatures, type Value } from './ast.ts';

const kindOfValue = (value: Value): Kind => {
  if (value === null) return 'any';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return value.kind === 'interval' ? 'instant' : value.kind;
};

const isTime = (kind: Kind): boolean => kind === 'instant' || kind === 'date';

const kindOfArithmetic = (left: Kind, right: Kind): Kind => {
  if (left === 'number' && right === 'number') return 'number';
  if (isTime(left) && right === 'duration') return left;
  if (isTime(left) && isTime(right)) return 'duration';
  return 'any';
};

export const kindOf = (expression: Expression): Kind => {
  switch (expression.kind) {
    case 'path':
      return 'any';
    case 'literal':
      return kindOfValue(expression.value);
    case 'call':
      return signatures[expression.name].gives;
    case 'not':
      return 'boolean';
    case 'negate':
      return kindOf(expression.operand);
    case 'binary':
      return arithmeticOperators.some((op) => op === expression.op)
        ? kindOfArithmetic(kindOf(expression.left), kindOf(expression.right))
        : 'boolean';
    default:
      return expression satisfies never;
  }
};

const accepted: Readonly<Record<Parameter, readonly Kind[]>> = {
  // numbers and times have a text: startswith(result, '2')
  text: ['text', 'number', 'boolean', 'instant', 'date', 'time', 'duration'],
  number: ['number'],
  moment: ['instant', 'date'],
  clock: ['instant', 'date', 'time'],
  geography: ['geography'],
};

export const fits = (kind: Kind, parameter: Parameter): boolean => kind === 'any' || accepted[parameter].includes(kind);

export const parameterNames: Readonly<Record<Parameter, string>> = {
  text: "a text such as 'Pegel'",
  number: 'a number',
  moment: 'a time such as 2026-01-31T08:00:00Z',
  clock: 'a time such as 2026-01-31T08:00:00Z or 08:00:00',
  geography: "a geometry such as geography'POINT (8.65 54.33)'",
};

/** A pattern of nine intersections for st_relate (OGC 06-103r4 §6.1.15.2). */
export const RELATION = /^[012TF*]{9}$/i;
