import { parseRfc3339 } from '../model/time.ts';
import { convert, isUnitCode } from '../model/units.ts';
import type { DecodedRecord, FieldValue } from './codec.ts';
import { snakeCase } from './flat-fields.ts';
import type { SourceName, VectorsFile } from './vectors-file.ts';

/** A payload with what another decoder made of it, as the facts beside the repository write it. */
export interface Fact {
  readonly fPort: number | null;
  readonly hex: string;
  readonly expected: unknown;
  readonly source: string;
  readonly context?: { readonly recvTime?: string };
}

export interface Leaf {
  /** Names from the outside in, joined by dots; places in a list as numbers. */
  readonly path: string;
  readonly value: FieldValue;
}

/** Wrappers that the dialects put around the fields. */
const wrappers = new Set(['data', 'values', 'topic', 'warnings', 'errors', 'ts']);

/** Every number, flag and text of an expectation, whatever the shape of its source. */
export const leavesOf = (expected: unknown): Leaf[] => {
  const topics = Array.isArray(expected) ? expected : [expected];
  return topics.flatMap((entry: unknown) => {
    const { topic, data, values } = entry as Record<string, unknown>;
    const fields = data ?? values ?? entry;
    return flatten(fields, typeof topic === 'string' && data !== undefined ? [topic] : []);
  });
};

const flatten = (value: unknown, path: readonly string[]): Leaf[] => {
  if (value === undefined) return [];
  if (value === null || typeof value !== 'object') return [{ path: path.join('.'), value: value as FieldValue }];
  // Some decoders answer { displayName, unit, value } for a field.
  if ('value' in value && !Array.isArray(value)) return flatten(value.value, path);
  return Object.entries(value)
    .filter(([name]) => path.length > 0 || !wrappers.has(name))
    .flatMap(([name, inner]) => flatten(inner, [...path, name]));
};

/** A path by its most exact entry: whole, with `*` for places in lists, without its topic, by its last name. */
const sourceNameOf = (path: string, names: NonNullable<VectorsFile['sourceNames']>): SourceName => {
  const parts = path.split('.');
  const starred = parts.map((part) => (/^\d+$/.test(part) ? '*' : part)).join('.');
  const candidates = [path, starred, parts.slice(1).join('.'), parts.at(-1) ?? path];
  for (const candidate of candidates) if (names[candidate] !== undefined) return names[candidate];
  const tail = parts.filter((part) => !/^\d+$/.test(part)).at(-1) ?? path;
  return snakeCase(tail);
};

const isSame = (ours: FieldValue | undefined, theirs: FieldValue): boolean => {
  if (typeof ours === 'number' && typeof theirs === 'number') {
    return Math.abs(ours - theirs) <= Math.max(1e-9, Math.abs(theirs) * 1e-9);
  }
  return ours === theirs;
};

/** Whether one record holds what the source says at this leaf. */
const holds = (record: DecodedRecord, name: Exclude<SourceName, { omit: string }>, value: FieldValue): boolean => {
  if (typeof name === 'string') return isSame(record.fields[name], value);
  if ('time' in name) return record.time === instantOf(value, name.time);
  const ours = record.fields[name.field];
  if ('states' in name) return ours !== undefined && name.states[String(value)] === String(ours);
  if (typeof ours !== 'number' || !isUnitCode(name.from) || !isUnitCode(name.to))
    return ours === null && value === null;
  return isSame(convert(ours, name.from, name.to), value);
};

const instantOf = (value: FieldValue, form: 's' | 'ms' | 'rfc3339'): number | undefined => {
  if (form === 'rfc3339') return parseRfc3339(String(value));
  return form === 's' ? Number(value) * 1000 : Number(value);
};

export interface Comparison {
  readonly compared: number;
  /** In words, one each: what the source says and we do not. */
  readonly missing: readonly string[];
}

/** Compares by value: each leaf of the source must stand in a record, under our name and in our unit. */
export const compareWithFact = (
  fact: Fact,
  records: readonly DecodedRecord[],
  names: NonNullable<VectorsFile['sourceNames']> = {},
): Comparison => {
  const missing: string[] = [];
  let compared = 0;
  for (const { path, value } of leavesOf(fact.expected)) {
    const name = sourceNameOf(path, names);
    if (typeof name === 'object' && 'omit' in name) continue;
    compared++;
    if (!records.some((record) => holds(record, name, value))) {
      missing.push(`${path} = ${JSON.stringify(value)} (as ${JSON.stringify(name)})`);
    }
  }
  return { compared, missing };
};
