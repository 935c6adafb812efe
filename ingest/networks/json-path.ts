import { JSONPathEnvironment, type JSONPathQuery, type JSONValue } from 'json-p3';
import { invalid, type Json } from './fields.ts';

/** Objects and lists that a `..` may visit in a message. */
const MAX_VISITS = 1_000;

/**
 * JSONPath (RFC 9535), without its functions for regular expressions: a pattern could come from the message, and could
 * take for ever.
 */
const environment = new JSONPathEnvironment({ strict: true, maxRecursionDepth: MAX_VISITS });
environment.functionRegister.delete('match');
environment.functionRegister.delete('search');

/** A compiled path: the values that it finds in a document, in order. Throws HUB_ENVELOPE_INVALID for a document without end. */
export type Path = (document: Json) => readonly unknown[];

/** Throws a JSONPathError that says where the path is wrong. */
export const compilePath = (text: string): Path => {
  const query = environment.compile(text);
  const keys = keysOf(query);
  if (keys) return (document) => walk(document, keys);
  return (document) => {
    try {
      return query.query(document as JSONValue).values();
    } catch (thrown) {
      throw invalid(`${text}: ${messageOf(thrown)}`);
    }
  };
};

type Key = string | number;

/** The names and places of a path that leads to one value at most, which is the most usual one by far. */
const keysOf = (query: JSONPathQuery): readonly Key[] | undefined => {
  if (!query.singularQuery()) return undefined;
  const keys = query.segments.flatMap(({ selectors }) => selectors.map(keyOf));
  return keys.every((key) => key !== undefined) ? keys : undefined;
};

const keyOf = (selector: object): Key | undefined => {
  if ('name' in selector && typeof selector.name === 'string') return selector.name;
  // A place from the end is left to the library.
  return 'index' in selector && typeof selector.index === 'number' && selector.index >= 0 ? selector.index : undefined;
};

/** The same as the query, without its bookkeeping: a tenth of the time. */
const walk = (document: unknown, keys: readonly Key[]): readonly unknown[] => {
  let value = document;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) !== (typeof key === 'number')) return [];
    if (!Object.hasOwn(value, key)) return [];
    value = (value as Readonly<Record<Key, unknown>>)[key];
  }
  return [value];
};

/** Why a text is no path; undefined for a path. */
export const pathFault = (text: string): string | undefined => {
  try {
    environment.compile(text);
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
};

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
