/**
 * The grammar of $filter and $orderby by recursive descent (OGC 18-088 §9.3.3.4 and §9.3.3.5; OData 4.0 ABNF and
 * precedence, URL Conventions §5.1.1.9): unary, then mul div mod, add sub, gt ge lt le, eq ne, and, or.
 */
import { type BinaryOperator, type Expression, type FunctionName, type OrderKey, signatures } from './ast.ts';
import { fits, kindOf, parameterNames, RELATION } from './kinds.ts';
import { readLiteral } from './literals.ts';
import { MAX_ORDER_KEYS, MAX_STEPS, type Scanner, scannerOf } from './scanner.ts';

const NAME = /[\p{L}_@][\p{L}\p{N}_.@-]*/uy;
const STEP = /[\p{L}\p{N}_.@-]+/uy;
const INDEX = /\[\d{1,6}\]/y;
const NOT = /not(?=[\s(])/iy;

const word = (words: string): RegExp => new RegExp(`(?:${words})(?![\\p{L}\\p{N}_.@/\\[-])`, 'iuy');
/** Binary operators from the loosest to the tightest; `not` stands between `and` and the comparisons. */
const levels = [
  { words: word('or'), operands: 'boolean' },
  { words: word('and'), operands: 'boolean' },
  { words: word('eq|ne'), operands: 'comparable' },
  { words: word('gt|ge|lt|le'), operands: 'comparable' },
  { words: word('add|sub'), operands: 'countable' },
  { words: word('mul|div|mod'), operands: 'countable' },
] as const;
const NOT_LEVEL = 2;

const operandHints = {
  boolean: 'Compare it with something: result gt 20',
  comparable: 'Use st_equals or another geospatial function',
  countable: 'Use numbers, times and durations here',
} as const;

type Operands = keyof typeof operandHints;

const isAllowed = (expression: Expression, operands: Operands): boolean => {
  const kind = kindOf(expression);
  if (kind === 'any') return true;
  if (operands === 'boolean') return kind === 'boolean';
  if (operands === 'comparable') return kind !== 'geography';
  return kind !== 'text' && kind !== 'boolean' && kind !== 'geography';
};

/** An expression that began at `at`, if it can stand where `as` is wanted. */
const fitting = (scanner: Scanner, at: number, { expression, as }: { expression: Expression; as: Operands }) =>
  isAllowed(expression, as)
    ? expression
    : scanner.failAt(at, `a ${kindOf(expression)} cannot stand here`, operandHints[as]);

/** The operand that begins here. */
const operand = (scanner: Scanner, as: Operands, read: () => Expression): Expression => {
  scanner.skipSpace();
  const at = scanner.at;
  return fitting(scanner, at, { expression: read(), as });
};

const path = (scanner: Scanner): Expression => {
  const steps = [scanner.take(NAME) ?? scanner.expected('a value', 'Write a property, a function or a literal')];
  for (;;) {
    const index = scanner.take(INDEX);
    if (index !== undefined) steps.push(index.slice(1, -1));
    else if (scanner.take(/\//y)) steps.push(scanner.take(STEP) ?? scanner.expected('a name', 'Write Datastream/name'));
    else break;
  }
  if (steps.length > MAX_STEPS) scanner.fail(`has a path of more than ${MAX_STEPS} steps`, 'Write a shorter path');
  if (scanner.peek(/\(/y))
    scanner.expected(
      'an operator',
      `${steps.join('/')} is no function of SensorThings 1.1: ${Object.keys(signatures).join(', ')}`,
    );
  return scanner.node({ kind: 'path', steps });
};

const isFunction = (name: string): name is FunctionName => Object.hasOwn(signatures, name);

/** The name of the function that is called here, if one is. */
const functionAt = (scanner: Scanner): FunctionName | undefined => {
  const name = scanner.peek(NAME);
  if (name === undefined || scanner.text.charAt(scanner.at + name.length) !== '(') return undefined;
  const lower = name.toLowerCase();
  if (!isFunction(lower)) return undefined;
  scanner.at += name.length;
  return lower;
};

const call = (scanner: Scanner, name: FunctionName): Expression => {
  const signature: { takes: readonly (keyof typeof parameterNames)[]; optional?: number } = signatures[name];
  const start = scanner.at;
  scanner.takeSign('(');
  const args: Expression[] = [];
  if (!scanner.takeSign(')')) {
    do {
      scanner.skipSpace();
      const at = scanner.at;
      const arg = level(scanner, 0);
      const parameter = signature.takes[args.length];
      if (parameter !== undefined && !fits(kindOf(arg), parameter))
        scanner.failAt(at, `${name} takes no ${kindOf(arg)} here`, `Write ${parameterNames[parameter]}`);
      args.push(arg);
    } while (scanner.takeSign(','));
    if (!scanner.takeSign(')')) scanner.expected('"," or ")"', `Close the arguments of ${name} with )`);
  }
  const most = signature.takes.length;
  const least = most - (signature.optional ?? 0);
  if (args.length < least || args.length > most)
    scanner.failAt(
      start,
      `${name} takes ${least === most ? most : `${least} or ${most}`} arguments, not ${args.length}`,
      `Write ${name}(${signature.takes.join(', ')})`,
    );
  const pattern = args[2];
  if (
    name === 'st_relate' &&
    pattern?.kind === 'literal' &&
    !(typeof pattern.value === 'string' && RELATION.test(pattern.value))
  )
    scanner.failAt(start, 'the pattern of st_relate has nine of 0, 1, 2, T, F, *', "Write for example 'T*F**F***'");
  return scanner.node({ kind: 'call', name, args });
};

const unary = (scanner: Scanner): Expression => {
  scanner.skipSpace();
  if (scanner.take(NOT)) return negated(scanner, 'not', () => unary(scanner));
  const literal = readLiteral(scanner);
  if (literal !== undefined) return scanner.node({ kind: 'literal', value: literal.value });
  if (scanner.take(/-/y)) return negated(scanner, 'negate', () => unary(scanner));
  if (scanner.takeSign('(')) {
    const inner = scanner.deeper(() => level(scanner, 0));
    if (!scanner.takeSign(')')) scanner.expected('an operator or ")"', 'Close every parenthesis');
    return inner;
  }
  const name = functionAt(scanner);
  return name === undefined ? path(scanner) : scanner.deeper(() => call(scanner, name));
};

const negated = (scanner: Scanner, kind: 'not' | 'negate', read: () => Expression): Expression => {
  const as = kind === 'not' ? 'boolean' : 'countable';
  return scanner.node({ kind, operand: scanner.deeper(() => operand(scanner, as, read)) });
};

/** A chain of operators of one level; they bind from left to right. */
const level = (scanner: Scanner, depth: number): Expression => {
  const { words, operands: as } = levels[depth] ?? {};
  if (words === undefined || as === undefined) return unary(scanner);
  scanner.skipSpace();
  if (depth === NOT_LEVEL && scanner.take(NOT)) return negated(scanner, 'not', () => level(scanner, NOT_LEVEL));
  const start = scanner.at;
  let left = level(scanner, depth + 1);
  for (;;) {
    scanner.skipSpace();
    const op = scanner.take(words)?.toLowerCase() as BinaryOperator | undefined;
    if (op === undefined) return left;
    fitting(scanner, start, { expression: left, as });
    left = scanner.node({ kind: 'binary', op, left, right: operand(scanner, as, () => level(scanner, depth + 1)) });
  }
};

/**
 * A $filter as a tree. `option` names it in faults.
 * Throws HUB_REQUEST_INVALID, with the place, what was expected there and what to write.
 */
export const parseFilter = (text: string, option = 'query.$filter'): Expression => {
  const scanner = scannerOf(text, option);
  const expression = operand(scanner, 'boolean', () => level(scanner, 0));
  scanner.skipSpace();
  if (scanner.at < text.length)
    scanner.expected('an operator or the end', 'Write for example: result gt 20 and result lt 30');
  return expression;
};

const DIRECTION = word('asc|desc');

/** The keys of a $orderby, the weightiest first. Throws as parseFilter does. */
export const parseOrderBy = (text: string, option = 'query.$orderby'): OrderKey[] => {
  const scanner = scannerOf(text, option);
  const keys: OrderKey[] = [];
  do {
    const expression = operand(scanner, 'comparable', () => level(scanner, 0));
    scanner.skipSpace();
    const descending = scanner.take(DIRECTION)?.toLowerCase() === 'desc';
    keys.push({ expression, descending });
  } while (scanner.takeSign(','));
  if (scanner.at < text.length) scanner.expected('"asc", "desc", "," or the end', 'Write phenomenonTime desc, id');
  if (keys.length > MAX_ORDER_KEYS) scanner.fail(`has more than ${MAX_ORDER_KEYS} keys`, 'Order by fewer of them');
  return keys;
};
