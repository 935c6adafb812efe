import { type Cursor, payloadError, readU8, readU16Le, remaining } from './byte-reader.ts';
import { type Bytes, writeInteger } from './byte-writer.ts';
import { given, type NasData, type NasPart } from './nas-parts.ts';
import type { Fields } from './part.ts';

/** How the parts of NAS packets are put together: lists, optional pieces, cases. */

export const readAll = (parts: readonly NasPart[], ...[from, into]: Parameters<NasPart['read']>): void => {
  for (const part of parts) part.read(from, into);
};

export const writeAll = (parts: readonly NasPart[], out: Bytes, data: NasData): void => {
  for (const part of parts) part.write(out, data);
};

const listOf = (data: NasData, field: string): readonly unknown[] => {
  const list = given(data, field);
  if (!Array.isArray(list)) throw payloadError(`${field} is a list`);
  return list;
};

const objectOf = (entry: unknown, field: string): NasData => {
  if (typeof entry !== 'object' || entry === null) throw payloadError(`${field} is a list of objects`);
  return entry as NasData;
};

/** Entries up to the end of the packet, or as many as `counts` read before; each becomes a record of its own. */
export const list = (field: string, parts: readonly NasPart[], { isCounted = false } = {}): NasPart => ({
  field,
  read: (from) => {
    let left = isCounted ? (from.counts[field] ?? 0) : Number.POSITIVE_INFINITY;
    while (left-- > 0 && (isCounted || remaining(from) > 0)) {
      const entry: Fields = { part_of: field };
      from.records.push(entry);
      readAll(parts, from, entry);
    }
  },
  write: (out, data) => {
    for (const entry of listOf(data, field)) writeAll(parts, out, objectOf(entry, field));
  },
});

/** Texts such as days of the year, each a record of its own. */
export const texts = (
  field: string,
  {
    read,
    write,
    isCounted = false,
  }: { read: (from: Cursor) => string; write: (out: Bytes, text: string) => void; isCounted?: boolean },
): NasPart => ({
  field,
  read: (from) => {
    let left = isCounted ? (from.counts[field] ?? 0) : Number.POSITIVE_INFINITY;
    while (left-- > 0 && (isCounted || remaining(from) > 0)) from.records.push({ part_of: field, [field]: read(from) });
  },
  write: (out, data) => {
    for (const entry of listOf(data, field)) write(out, String(entry));
  },
});

/** The length of a list ahead of it; with two lists a half byte each, the first one low. */
export const counts = (...fields: readonly [string] | readonly [string, string]): NasPart => ({
  field: fields[0],
  read: (from) => {
    const byte = readU8(from);
    const [first, second] = fields;
    from.counts[first] = second === undefined ? byte : byte & 0x0f;
    if (second !== undefined) from.counts[second] = byte >> 4;
  },
  write: (out, data) => {
    const [first, second] = fields;
    const [low, high] = [listOf(data, first).length, second === undefined ? 0 : listOf(data, second).length];
    if (second !== undefined && (low > 15 || high > 15))
      throw payloadError(`${first} and ${second} have 15 entries each at most`);
    writeInteger(out, low | (high << 4), { size: 1, signed: false, littleEndian: true });
  },
});

/** Pieces that are there where the packet goes on, and that a downlink may leave out. */
export const optional = (...parts: readonly NasPart[]): NasPart => ({
  field: parts[0]?.field ?? '',
  read: (from, into) => {
    if (remaining(from) > 0) readAll(parts, from, into);
  },
  write: (out, data) => {
    if (isGiven(parts, data)) writeAll(parts, out, data);
  },
});

/** A first byte of 255 switches off and ends the packet; otherwise the other pieces follow. */
export const unlessOff = (first: NasPart, ...parts: readonly NasPart[]): NasPart => ({
  field: first.field,
  read: (from, into) => {
    const isOff = from.bytes[from.at] === 0xff;
    first.read(from, into);
    if (!isOff) readAll(parts, from, into);
  },
  write: (out, data) => {
    const at = out.length;
    first.write(out, data);
    if (out[at] !== 0xff) writeAll(parts, out, data);
  },
});

const isGiven = (parts: readonly NasPart[], data: NasData): boolean => data[parts[0]?.field ?? ''] !== undefined;

/** Pieces whose presence a byte (or two) of bits announces, from the lowest; undefined: reserved. */
export const sections = (list: readonly (readonly NasPart[] | undefined)[], size: 1 | 2 = 1): NasPart => {
  const pieces = list.flatMap((parts, bit) => (parts ? [{ parts, mask: 1 << bit }] : []));
  return {
    field: pieces[0]?.parts[0]?.field ?? '',
    read: (from, into) => {
      const bits = size === 1 ? readU8(from) : readU16Le(from);
      for (const { parts, mask } of pieces) if (bits & mask) readAll(parts, from, into);
    },
    write: (out, data) => {
      const given = pieces.filter(({ parts }) => isGiven(parts, data));
      const bits = given.reduce((sum, { mask }) => sum | mask, 0);
      writeInteger(out, bits, { size, signed: false, littleEndian: true });
      for (const { parts } of given) writeAll(parts, out, data);
    },
  };
};

/** A byte that is a word and says what follows. */
export const choice = (
  field: string,
  cases: Readonly<Record<number, readonly [word: string, ...parts: readonly NasPart[]]>>,
  { other }: { other?: string } = {},
): NasPart => ({
  field,
  read: (from, into) => {
    const raw = readU8(from);
    const found = cases[raw];
    if (!found && other === undefined) throw payloadError(`${field} ${raw} is unknown`);
    into[field] = found?.[0] ?? other ?? '';
    for (let index = 1; found && index < found.length; index++) (found[index] as NasPart).read(from, into);
  },
  write: (out, data) => {
    const word = given(data, field);
    const raw = Object.keys(cases).find((code) => cases[Number(code)]?.[0] === word);
    if (raw === undefined) {
      throw payloadError(
        `${field} is one of ${Object.values(cases)
          .map(([name]) => name)
          .join(', ')}`,
      );
    }
    const [, ...parts] = cases[Number(raw)] ?? [''];
    out.push(Number(raw));
    writeAll(parts, out, data);
  },
});
