import { parseRfc3339 } from '../../model/time.ts';
import { badQuery } from '../problem.ts';
import type { Attribute, Entity } from './entity.ts';

/** The query language of ETSI GS CIM 009 §4.9 without patterns (~=): a pattern of somebody else may take for ever. */
const MAX_LENGTH = 2_000;
const MAX_TERMS = 50;
const MAX_DEPTH = 10;

export type Test = (entity: Entity) => boolean;
type Value = string | number | boolean;
type Operator = '==' | '!=' | '>=' | '<=' | '>' | '<';

const HINT = 'write for example fillingLevel>0.8;address[addressLocality]=="Laboe"';

/** Throws HUB_REQUEST_INVALID. */
export const parseQ = (text: string): Test => {
  if (text.length > MAX_LENGTH) throw badQuery('q', 'is too long', `at most ${MAX_LENGTH} characters`);
  const parser = new QParser(text);
  return parser.parse();
};

/** Recursive descent: `|` binds weaker than `;`. */
class QParser {
  readonly #text: string;
  #at = 0;
  #terms = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Test {
    const test = this.#or();
    if (this.#at < this.#text.length) throw this.#fault('is not understood');
    return test;
  }

  #or(): Test {
    const tests = [this.#and()];
    while (this.#take('|')) tests.push(this.#and());
    return tests.length === 1 ? (tests[0] as Test) : (entity) => tests.some((test) => test(entity));
  }

  #and(): Test {
    const tests = [this.#term()];
    while (this.#take(';')) tests.push(this.#term());
    return tests.length === 1 ? (tests[0] as Test) : (entity) => tests.every((test) => test(entity));
  }

  #term(): Test {
    if (++this.#terms > MAX_TERMS) throw badQuery('q', 'has too many terms', `at most ${MAX_TERMS}`);
    if (!this.#take('(')) return this.#comparison();
    if (++this.#depth > MAX_DEPTH) throw badQuery('q', 'is nested too deep', `at most ${MAX_DEPTH} brackets`);
    const test = this.#or();
    this.#depth--;
    if (!this.#take(')')) throw this.#fault('lacks a closing bracket');
    return test;
  }

  #comparison(): Test {
    const read = this.#path();
    const operator = (['==', '!=', '>=', '<=', '>', '<'] as const).find((one) => this.#take(one));
    if (!operator) {
      if (this.#text.startsWith('~=', this.#at) || this.#text.startsWith('!~=', this.#at)) {
        throw badQuery('q', 'compares with a pattern, which is not offered', 'use == with the values');
      }
      return (entity) => read(entity).length > 0;
    }
    const passes = this.#values(operator);
    return (entity) => {
      const found = read(entity);
      return operator === '!=' ? found.length > 0 && found.every(passes) : found.some(passes);
    };
  }

  /** An attribute, a member of it after a dot, and what its value holds in brackets. */
  #path(): (entity: Entity) => unknown[] {
    const match = /^([A-Za-z][\w]*)((?:\.[A-Za-z]\w*)*)(?:\[([A-Za-z][\w.]*)\])?/.exec(
      this.#text.slice(this.#at, this.#at + 300),
    );
    if (!match) throw this.#fault('lacks the name of an attribute');
    this.#at += match[0].length;
    const [, name = '', members = '', inside = ''] = match;
    const trail = members.split('.').slice(1);
    const within = inside === '' ? [] : inside.split('.');
    return ({ attributes }) =>
      (attributes.get(name) ?? []).flatMap((instance) => {
        const found = follow(memberOf(instance, trail), within);
        return Array.isArray(found) ? (found as unknown[]) : found === undefined ? [] : [found];
      });
  }

  #values(operator: Operator): (found: unknown) => boolean {
    const first = this.#value();
    if (this.#take('..')) {
      const last = this.#value();
      if (operator !== '==' && operator !== '!=') throw this.#fault('compares a range by other than == and !=');
      const isIn = (found: unknown) => holds(found, '>=', first) && holds(found, '<=', last);
      return operator === '==' ? isIn : (found) => !isIn(found);
    }
    const list = [first];
    while (this.#take(',')) list.push(this.#value());
    if (list.length > 1 && operator !== '==' && operator !== '!=') {
      throw this.#fault('compares a list by other than == and !=');
    }
    return operator === '!='
      ? (found) => list.every((value) => holds(found, '!=', value))
      : (found) => list.some((value) => holds(found, operator, value));
  }

  #value(): Value {
    const rest = this.#text.slice(this.#at);
    const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(rest);
    if (quoted) {
      this.#at += quoted[0].length;
      return (quoted[1] ?? '').replaceAll(/\\(.)/g, '$1');
    }
    // A dot ends it only where it begins a range.
    const plain = /^(?:[^;|(),."]|\.(?!\.))+/.exec(rest)?.[0];
    if (plain === undefined) throw this.#fault('lacks a value');
    this.#at += plain.length;
    if (plain === 'true' || plain === 'false') return plain === 'true';
    return /^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(plain) ? Number(plain) : plain;
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #fault(message: string) {
    return badQuery('q', `${message} at character ${this.#at + 1}`, HINT);
  }
}

const memberOf = (instance: Attribute, [member, ...rest]: readonly string[]): unknown => {
  if (member === undefined) return instance.value ?? instance.object;
  if (rest.length > 0) return undefined;
  if (member === 'quality') return instance.quality?.value;
  if (member === 'observedAt' || member === 'unitCode' || member === 'datasetId') return instance[member];
  return undefined;
};

const follow = (value: unknown, trail: readonly string[]): unknown =>
  trail.reduce<unknown>(
    (inner, name) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, name)
        ? (inner as Record<string, unknown>)[name]
        : undefined,
    value,
  );

/** Values of different kinds are unequal and have no order; times compare as instants however they are written. */
const holds = (found: unknown, operator: Operator, wanted: Value): boolean => {
  const [a, b] = comparable(found, wanted);
  if (a === undefined || b === undefined) return operator === '!=';
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '>':
      return a > b;
    case '<':
      return a < b;
    case '>=':
      return a >= b;
    case '<=':
      return a <= b;
  }
};

const comparable = (found: unknown, wanted: Value): [Value, Value] | [undefined, undefined] => {
  if (typeof found !== typeof wanted) return [undefined, undefined];
  if (typeof found !== 'string' || typeof wanted !== 'string') return [found as Value, wanted];
  const [a, b] = [parseRfc3339(found), parseRfc3339(wanted)];
  return a !== undefined && b !== undefined ? [a, b] : [found, wanted];
};
