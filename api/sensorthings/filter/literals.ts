/** Literals of a filter (OData ABNF `primitiveLiteral`; times and intervals as OGC 18-088 §9.3.3.5 writes them). */
import type { Value } from './ast.ts';
import type { Scanner } from './scanner.ts';
import { readDuration, readTime, timeOfDayOf } from './times.ts';
import { readWkt, WktFault } from './wkt.ts';

const QUOTED = /'(?:[^']|'')*'/y;
const TIME = /(?:P[0-9A-Z.]{1,60}\/)?\d{4}-\d\d-\d\d[\w:.+/-]*/iy;
const TIME_OF_DAY = /\d\d:[\d:.]*/y;
const NUMBER = /[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?/iy;
const NAMED = /(?:true|false|null)(?![\p{L}\p{N}_.@$/([-])/iuy;
const PREFIXED = /(?:geography|duration)(?=')/iy;
/** What may follow a literal. */
const END = /(?=[\s(),]|$)/y;

const named = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** The text between quotes; a quote inside it is written twice. */
const quoted = (scanner: Scanner): string => {
  const text = scanner.take(QUOTED);
  if (text === undefined)
    return scanner.expected('a closing quote', "Close the text with '; write a quote inside it ''");
  return text.slice(1, -1).replaceAll("''", "'");
};

const prefixed = (scanner: Scanner, prefix: string): Value => {
  const at = scanner.at;
  const text = quoted(scanner);
  if (prefix === 'duration')
    return (
      readDuration(text) ??
      scanner.failAt(at, `"${text}" is no duration of fixed length`, "Write for example duration'P1DT2H30M'")
    );
  try {
    return { kind: 'geography', shape: readWkt(text) };
  } catch (thrown) {
    if (!(thrown instanceof WktFault)) throw thrown;
    return scanner.failAt(
      at + 1 + thrown.at,
      `expected ${thrown.message}`,
      "Write well-known text, longitude first: geography'POINT (8.65 54.33)'",
    );
  }
};

const time = (scanner: Scanner, text: string): Value =>
  readTime(text) ??
  scanner.failAt(
    scanner.at - text.length,
    `"${text}" is no time or interval with an offset`,
    'Write 2026-01-31T08:00:00Z, or with %2B01:00 (an encoded +) for Z, and an interval as start/end',
  );

const numberOf = (scanner: Scanner, text: string): number => {
  const number = Number(text);
  if (Number.isFinite(number)) return number;
  return scanner.failAt(scanner.at - text.length, `${text} is too large`, 'Write a number below 1.79e308');
};

const read = (scanner: Scanner): { readonly value: Value } | undefined => {
  if (scanner.peek(/'/y)) return { value: quoted(scanner) };
  const prefix = scanner.take(PREFIXED);
  if (prefix !== undefined) return { value: prefixed(scanner, prefix.toLowerCase()) };
  const moment = scanner.take(TIME);
  if (moment !== undefined) return { value: time(scanner, moment) };
  const clock = scanner.take(TIME_OF_DAY);
  if (clock !== undefined)
    return {
      value:
        timeOfDayOf(clock) ??
        scanner.failAt(scanner.at - clock.length, `"${clock}" is no time of day`, 'Write 13:20:00'),
    };
  const digits = scanner.take(NUMBER);
  if (digits !== undefined) return { value: numberOf(scanner, digits) };
  const name = scanner.take(NAMED);
  return name === undefined ? undefined : { value: named.get(name.toLowerCase()) ?? null };
};

/** The literal that begins here; undefined where none does. */
export const readLiteral = (scanner: Scanner): { readonly value: Value } | undefined => {
  const literal = read(scanner);
  if (literal !== undefined && scanner.peek(END) === undefined)
    scanner.expected('a space, "," or ")" after a literal', 'Put spaces around operators; put text into quotes');
  return literal;
};
