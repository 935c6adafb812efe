import type { FieldValue } from './codec.ts';

/** Answers are nested a level or two; what goes deeper is no measurement. */
const MAX_DEPTH = 8;

/**
 * An answer of nested objects and lists as flat fields: `{ Probe: { TempC: [3, 4] } }` is `probe_temp_c_1` 3 and
 * `probe_temp_c_2` 4. Names are snake_case in a-z, 0-9; one that would begin with a digit gets an `x` before it. Where two
 * names come to the same field, the first stays.
 */
export const flatFields = (data: unknown): Map<string, FieldValue> => {
  const fields = new Map<string, FieldValue>();
  collect(data, [], fields);
  return fields;
};

const collect = (value: unknown, path: readonly string[], fields: Map<string, FieldValue>): void => {
  if (Array.isArray(value)) {
    if (path.length < MAX_DEPTH)
      for (const [i, item] of value.entries()) collect(item, [...path, String(i + 1)], fields);
  } else if (typeof value === 'object' && value !== null) {
    if (path.length < MAX_DEPTH)
      for (const [key, item] of Object.entries(value)) collect(item, [...path, snakeCase(key)], fields);
  } else if (isFieldValue(value)) {
    const name = path.filter((part) => part !== '').join('_');
    const field = /^\d/.test(name) ? `x${name}` : name;
    if (field !== '' && !fields.has(field)) fields.set(field, value);
  }
};

const isFieldValue = (value: unknown): value is FieldValue =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';

/** Names repeat from frame to frame. Bounded, for a script may make up new ones for ever. */
const known = new Map<string, string>();
const MAX_KNOWN = 2_000;

/** `BatV` and `TempC_SHT` are bat_v and temp_c_sht, `CO2Level` is co2_level, `Füllstand` is fullstand. */
export const snakeCase = (name: string): string => {
  let found = known.get(name);
  if (found === undefined) {
    found = toSnakeCase(name);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, found);
  }
  return found;
};

const toSnakeCase = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z\d])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
