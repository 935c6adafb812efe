/**
 * The meaning of a filter once more, written for clearness and by other means than compile.ts: it interprets, reads times
 * with Date.parse and looks truths up in tables. The property tests hold the two against each other.
 */
import type { Expression } from './ast.ts';

type Meaning =
  | { is: 'null' }
  | { is: 'number'; value: number }
  | { is: 'text'; value: string }
  | { is: 'truth'; value: boolean }
  | { is: 'span'; from: number; to: number; offset: number; form: 'instant' | 'interval' | 'date' }
  | { is: 'duration'; ms: number }
  | { is: 'clock'; ms: number };

export type Row = Readonly<Record<string, unknown>>;

const NULL: Meaning = { is: 'null' };
const number = (value: number): Meaning => (Number.isFinite(value) ? { is: 'number', value } : NULL);
const truth = (value: boolean | null): Meaning => (value === null ? NULL : { is: 'truth', value });

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|([+-])(\d\d):(\d\d)))?$/;

const offsetOf = (text: string): number => {
  const [, , , , , sign, hours, minutes] = TIME.exec(text) ?? [];
  return hours === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
};

const spanOfText = (text: string): Meaning => {
  const [from = '', to = from, more] = text.split('/');
  if (more !== undefined || !TIME.test(from) || !TIME.test(to)) return NULL;
  const day = text.length === 10;
  if (!day && (from.length === 10 || to.length === 10)) return NULL;
  const form = day ? 'date' : text.includes('/') ? 'interval' : 'instant';
  return { is: 'span', from: Date.parse(from), to: Date.parse(to), offset: offsetOf(from), form };
};

const meaningOf = (value: unknown): Meaning => {
  if (value === null || value === undefined) return NULL;
  if (typeof value === 'number') return { is: 'number', value };
  if (typeof value === 'string') return { is: 'text', value };
  if (typeof value === 'boolean') return { is: 'truth', value };
  const tagged = value as Exclude<Extract<Expression, { kind: 'literal' }>['value'], number | string | boolean | null>;
  if (tagged.kind === 'instant')
    return { is: 'span', from: tagged.at, to: tagged.at, offset: tagged.offsetMinutes, form: 'instant' };
  if (tagged.kind === 'interval') {
    const { start, end } = tagged;
    return { is: 'span', from: start.at, to: end.at, offset: start.offsetMinutes, form: 'interval' };
  }
  if (tagged.kind === 'date') return { is: 'span', from: tagged.at, to: tagged.at, offset: 0, form: 'date' };
  if (tagged.kind === 'time') return { is: 'clock', ms: tagged.ms };
  if (tagged.kind === 'duration') return { is: 'duration', ms: tagged.ms };
  return NULL;
};

const asSpan = (meaning: Meaning): Meaning => (meaning.is === 'text' ? spanOfText(meaning.value) : meaning);

const asText = (meaning: Meaning): string | undefined => {
  if (meaning.is === 'text' || meaning.is === 'number' || meaning.is === 'truth') return String(meaning.value);
  if (meaning.is === 'span') {
    const [from, to] = [meaning.from, meaning.to].map((at) => new Date(at).toISOString());
    return { instant: from, interval: `${from}/${to}`, date: from?.split('T')[0] }[meaning.form];
  }
  return undefined;
};

const compared: Record<string, (sign: number) => boolean> = {
  eq: (sign) => sign === 0,
  ne: (sign) => sign !== 0,
  gt: (sign) => sign > 0,
  ge: (sign) => sign >= 0,
  lt: (sign) => sign < 0,
  le: (sign) => sign <= 0,
};

const unlike: Record<string, boolean | null> = { eq: false, ne: true, gt: null, ge: null, lt: null, le: null };

const spans: Record<string, (a: number, b: number, other: [number, number]) => boolean> = {
  eq: (a, b, [c, d]) => a === c && b === d,
  ne: (a, b, [c, d]) => !(a === c && b === d),
  gt: (a, _b, [c, d]) => a >= d && a > c,
  ge: (a, b, [c, d]) => a >= c && b >= d,
  lt: (a, b, [c]) => b <= c && a < c,
  le: (a, b, [c, d]) => a <= c && b <= d,
  before: (a, b, [c]) => b <= c && a < c,
  during: (a, b, [c, d]) => c <= a && a < d && b <= d,
  overlaps: (a, b, [c, d]) => a === c || !(d <= a || b <= c),
};

const compareSpans = (op: string, left: Meaning, right: Meaning): boolean | null | undefined => {
  const [a, b] = [asSpan(left), asSpan(right)];
  return a.is === 'span' && b.is === 'span' ? spans[op]?.(a.from, a.to, [b.from, b.to]) : undefined;
};

const givesText = (expression: Expression): boolean =>
  (expression.kind === 'literal' && typeof expression.value === 'string') ||
  (expression.kind === 'call' && /^(tolower|toupper|trim|concat|substring)$/.test(expression.name));

const isNull = (expression: Expression): boolean => expression.kind === 'literal' && expression.value === null;

const compare = (op: string, a: Meaning, b: Meaning): boolean | null => {
  if (a.is === 'null' || b.is === 'null') {
    if (op === 'ne') return a.is === b.is ? false : null;
    return a.is === b.is && op !== 'gt' && op !== 'lt';
  }
  if (a.is === 'span' || b.is === 'span') return compareSpans(op, a, b) ?? unlike[op] ?? null;
  if ((a.is === 'duration' && b.is === 'duration') || (a.is === 'clock' && b.is === 'clock'))
    return compared[op]?.(a.ms - b.ms) ?? null;
  if (!('value' in a && 'value' in b) || a.is !== b.is) return unlike[op] ?? null;
  return compared[op]?.(a.value > b.value ? 1 : a.value < b.value ? -1 : 0) ?? null;
};

/** Three-valued truth tables; every pair that is not named gives `other`. */
const tables = {
  and: { other: false, named: { 'true,true': true, 'true,null': null, 'null,true': null, 'null,null': null } },
  or: { other: true, named: { 'false,false': false, 'false,null': null, 'null,false': null, 'null,null': null } },
};

const lookedUp = (op: 'and' | 'or', a: Meaning, b: Meaning): boolean | null => {
  const { named, other } = tables[op];
  const found: boolean | null | undefined = (named as Record<string, boolean | null>)[`${truthOf(a)},${truthOf(b)}`];
  return found === undefined ? other : found;
};

const truthOf = (meaning: Meaning): boolean | null => (meaning.is === 'truth' ? meaning.value : null);

const moved = (span: Meaning, ms: number): Meaning => {
  if (span.is !== 'span') return NULL;
  const step = span.form === 'date' ? Math.trunc(ms / 86_400_000) * 86_400_000 : ms;
  return { ...span, from: span.from + step, to: span.to + step };
};

const reckoned: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => a % b,
};

const arithmetic = (op: string, a: Meaning, b: Meaning): Meaning => {
  if (a.is === 'number' && b.is === 'number') return number(reckoned[op]?.(a.value, b.value) ?? Number.NaN);
  const sum = op === 'add' || op === 'sub';
  if (b.is === 'duration' && a.is === 'duration')
    return sum ? { is: 'duration', ms: op === 'add' ? a.ms + b.ms : a.ms - b.ms } : NULL;
  if (b.is === 'duration') {
    if (a.is === 'number' && op === 'mul') return { is: 'duration', ms: a.value * b.ms };
    return sum ? moved(asSpan(a), op === 'add' ? b.ms : -b.ms) : NULL;
  }
  if (a.is === 'duration') {
    if (b.is !== 'number') return op === 'add' ? moved(asSpan(b), a.ms) : NULL;
    const ms = op === 'mul' ? a.ms * b.value : op === 'div' ? a.ms / b.value : Number.NaN;
    return Number.isFinite(ms) ? { is: 'duration', ms } : NULL;
  }
  const [from, to] = [asSpan(b), asSpan(a)];
  return op === 'sub' && from.is === 'span' && to.is === 'span' ? { is: 'duration', ms: to.from - from.from } : NULL;
};

const ofTexts: Record<string, (a: string, b: string) => unknown> = {
  contains: (a, b) => a.split(b).length > 1 || b === '',
  substringof: (a, b) => b.split(a).length > 1 || a === '',
  startswith: (a, b) => a.slice(0, b.length) === b,
  endswith: (a, b) => b === '' || a.slice(-b.length) === b,
  concat: (a, b) => `${a}${b}`,
  indexof: (a, b) => {
    const characters = Array.from(a);
    return b === '' ? 0 : characters.findIndex((_, at) => characters.slice(at).join('').startsWith(b));
  },
};

const ofText: Record<string, (text: string) => unknown> = {
  length: (text) => Array.from(text).length,
  tolower: (text) => text.toLowerCase(),
  toupper: (text) => text.toUpperCase(),
  trim: (text) => text.replace(/^\s+|\s+$/g, ''),
};

const ofNumber: Record<string, (value: number) => number> = {
  floor: Math.floor,
  ceiling: Math.ceil,
  round: (value) => (value < 0 ? -Math.floor(-value + 0.5) : Math.floor(value + 0.5)),
};

const ofTime: Record<string, (local: Date, offset: number) => number> = {
  year: (local) => local.getUTCFullYear(),
  day: (local) => local.getUTCDate(),
  hour: (local) => local.getUTCHours(),
  totaloffsetminutes: (_local, offset) => offset,
};

const callOf = (name: string, args: readonly Meaning[]): Meaning => {
  const [a = NULL, b = NULL, c = NULL] = args;
  const [first, second] = [asText(a), asText(b)];
  if (name in spans) return truth(compareSpans(name, a, b) ?? null);
  if (name in ofTexts)
    return first === undefined || second === undefined ? NULL : meaningOf(ofTexts[name]?.(first, second));
  if (name in ofText) return first === undefined ? NULL : meaningOf(ofText[name]?.(first));
  if (name in ofNumber) return a.is === 'number' ? number(ofNumber[name]?.(a.value) ?? Number.NaN) : NULL;
  if (name === 'substring' && first !== undefined && b.is === 'number')
    return meaningOf(
      Array.from(first)
        .slice(b.value, c.is === 'number' ? b.value + c.value : undefined)
        .join(''),
    );
  const span = asSpan(a);
  if (span.is === 'span' && name in ofTime)
    return meaningOf(ofTime[name]?.(new Date(span.from + span.offset * 60_000), span.offset));
  return NULL;
};

/** What an expression means for a row whose paths are joined by `/`. */
export const evaluate = (expression: Expression, row: Row): Meaning => {
  switch (expression.kind) {
    case 'literal':
      return meaningOf(expression.value);
    case 'path':
      return meaningOf(row[expression.steps.join('/')]);
    case 'call':
      return callOf(
        expression.name,
        expression.args.map((arg) => evaluate(arg, row)),
      );
    case 'not': {
      const inner = truthOf(evaluate(expression.operand, row));
      return truth(inner === null ? null : !inner);
    }
    case 'negate': {
      const inner = evaluate(expression.operand, row);
      if (inner.is === 'duration') return { is: 'duration', ms: -inner.ms };
      return inner.is === 'number' ? number(-inner.value) : NULL;
    }
    case 'binary': {
      const [a, b] = [evaluate(expression.left, row), evaluate(expression.right, row)];
      const { op } = expression;
      if (op === 'and' || op === 'or') return truth(lookedUp(op, a, b));
      if (op in reckoned) return arithmetic(op, a, b);
      if (op === 'ne' && (isNull(expression.left) || isNull(expression.right))) return truth(a.is !== b.is);
      const texts = givesText(expression.left) || givesText(expression.right);
      return truth(texts ? compare(op, worded(a), worded(b)) : compare(op, a, b));
    }
    default:
      return expression satisfies never;
  }
};

const worded = (meaning: Meaning): Meaning =>
  meaning.is === 'number' || meaning.is === 'truth' ? { is: 'text', value: String(meaning.value) } : meaning;
