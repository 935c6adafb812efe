/** An expression as text again, in one spelling: for keys of a cache. */
import { formatTime, MINUTE, SECOND } from '../../../model/time.ts';
import type { Expression, Instant, Value } from './ast.ts';
import { writeWkt } from './wkt.ts';

const pad = (number: number, width = 2): string => String(number).padStart(width, '0');

/** Parts of a millisecond as further digits of a fraction that has three. */
const finer = (ms: number): string => (Number.isInteger(ms) ? '' : (ms - Math.floor(ms)).toFixed(9).slice(2));

const instant = ({ at, offsetMinutes }: Instant): string => {
  const local = formatTime(Math.floor(at) + offsetMinutes * MINUTE).slice(0, -1) + finer(at);
  if (offsetMinutes === 0) return `${local}Z`;
  const minutes = Math.abs(offsetMinutes);
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
};

const duration = (ms: number): string => {
  const size = Math.abs(ms);
  const fraction = pad(Math.floor(size % SECOND), 3) + finer(size).slice(0, 6);
  return `duration'${ms < 0 ? '-' : ''}PT${Math.floor(size / SECOND)}.${fraction}S'`;
};

const literal = (value: Value): string => {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  switch (value.kind) {
    case 'instant':
      return instant(value);
    case 'interval':
      return `${instant(value.start)}/${instant(value.end)}`;
    case 'date':
      return formatTime(value.at).slice(0, 10);
    case 'time':
      return formatTime(Math.floor(value.ms)).slice(11, -1) + finer(value.ms);
    case 'duration':
      return duration(value.ms);
    case 'geography':
      return `geography'${writeWkt(value.shape)}'`;
    default:
      return value satisfies never;
  }
};

const isLeaf = (expression: Expression): boolean => expression.kind !== 'binary' && expression.kind !== 'not';

const within = (expression: Expression): string => (isLeaf(expression) ? print(expression) : `(${print(expression)})`);

/** Read again it is the same expression. A `+` of an offset is not encoded here. */
export const print = (expression: Expression): string => {
  switch (expression.kind) {
    case 'literal':
      return literal(expression.value);
    case 'path':
      return expression.steps.join('/');
    case 'call':
      return `${expression.name}(${expression.args.map(print).join(',')})`;
    case 'not':
      return `not (${print(expression.operand)})`;
    case 'negate':
      return `-(${print(expression.operand)})`;
    case 'binary':
      return `${within(expression.left)} ${expression.op} ${within(expression.right)}`;
    default:
      return expression satisfies never;
  }
};
