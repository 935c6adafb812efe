import {
  type Cursor,
  payloadError,
  readBytes,
  readS16Le,
  readS32Le,
  readU8,
  readU16Le,
  readU32Le,
} from './byte-reader.ts';
import { type Bytes, writeInteger } from './byte-writer.ts';
import type { Fields } from './part.ts';

/**
 * Packets of NAS (nasys/nas-codecs, MIT, documents them): little endian, flags from the lowest bit. A part reads and
 * writes one piece, so that a table of parts decodes a luminaire's answer and encodes the downlink that asks for it.
 */
export interface NasPart {
  /** By which an optional piece counts as given when a downlink is written. */
  readonly field: string;
  readonly read: (from: NasReader, into: Fields) => void;
  /** Throws HUB_CODEC_PAYLOAD where `data` lacks a value or has one that does not fit. */
  readonly write: (out: Bytes, data: NasData) => void;
}

/** What a downlink is to say: names as fields, lists as arrays. */
export type NasData = Readonly<Record<string, unknown>>;

export interface NasReader extends Cursor {
  /** One for each entry of a list. */
  readonly records: Fields[];
  readonly warnings: string[];
  /** Lengths that the packet gives ahead of the list or text itself. */
  counts: Record<string, number>;
}

const wires = {
  u8: { size: 1, signed: false, read: readU8 },
  s8: { size: 1, signed: true, read: (cursor: Cursor) => (readU8(cursor) << 24) >> 24 },
  u16: { size: 2, signed: false, read: readU16Le },
  s16: { size: 2, signed: true, read: readS16Le },
  u24: { size: 3, signed: false, read: (cursor: Cursor) => readU16Le(cursor) + readU8(cursor) * 65_536 },
  u32: { size: 4, signed: false, read: readU32Le },
  s32: { size: 4, signed: true, read: readS32Le },
  u64: { size: 8, signed: false, read: (cursor: Cursor) => readU32Le(cursor) + readU32Le(cursor) * 4_294_967_296 },
} as const;

type Wire = keyof typeof wires;
type Words = Readonly<Record<number, string | number>>;

export interface NumberOptions {
  /** value = raw * step / divisor + offset */
  readonly step?: number;
  readonly divisor?: number;
  readonly offset?: number;
  readonly decimals?: number;
  /** Raw values with a meaning of their own. */
  readonly words?: Words;
  /** The words stand for a missing measurement: the field is null, the word goes into `<field>_state`. */
  readonly isMeasured?: boolean;
  /** Raw values from here on need a word. */
  readonly wordsFrom?: number;
  /** Raw value of a field that is not there. */
  readonly absent?: number;
  /** Further words that a downlink may use. */
  readonly accepts?: Readonly<Record<string, number>>;
  /** What a downlink may set. */
  readonly range?: readonly [min: number, max: number];
  /** Name in downlinks, where several fields share one there. */
  readonly key?: string;
}

/** What a downlink says of a field; throws HUB_CODEC_PAYLOAD where it says nothing. */
export const given = (data: NasData, key: string): unknown => {
  const value = data[key];
  if (value === undefined || value === null) throw payloadError(`The downlink lacks ${key}`);
  return value;
};

const rawOf = (value: unknown, key: string, { words = {}, accepts = {} }: NumberOptions): number | undefined => {
  const text = String(value).toLowerCase();
  for (const raw of Object.keys(words)) if (String(words[Number(raw)]).toLowerCase() === text) return Number(raw);
  if (typeof value === 'string' && Object.hasOwn(accepts, text)) return accepts[text];
  if (value === '' || !['number', 'string'].includes(typeof value) || !Number.isFinite(Number(value))) {
    const known = [...Object.values(words), ...Object.keys(accepts)].join(', ');
    throw payloadError(`${key} is a number${known && ` or ${known}`}, not ${JSON.stringify(value)}`);
  }
  return undefined;
};

/** A number, perhaps with values that are words. */
export const number = (field: string, wire: Wire, options: NumberOptions = {}): NasPart => {
  const { step = 1, divisor = 1, offset = 0, decimals, words, isMeasured, wordsFrom, absent, range } = options;
  const { key = field } = options;
  const { read, size, signed } = wires[wire];
  const noise = decimals === undefined ? undefined : 10 ** decimals;
  return {
    field: key,
    read: (from, into) => {
      const raw = read(from);
      if (raw === absent) return;
      const word = words?.[raw];
      if (word !== undefined) {
        into[field] = isMeasured ? null : word;
        if (isMeasured) into[`${field}_state`] = word;
        return;
      }
      if (wordsFrom !== undefined && raw >= wordsFrom) throw payloadError(`${field} has no meaning for ${raw}`);
      const value = (raw * step) / divisor + offset;
      into[field] = noise === undefined ? value : Math.round(value * noise) / noise;
    },
    write: (out, data) => {
      if (absent !== undefined && data[key] === undefined)
        return writeInteger(out, absent, { size, signed, littleEndian: true });
      const value = given(data, key);
      const word = rawOf(value, key, options);
      const raw = word ?? Math.round(((Number(value) - offset) * divisor) / step);
      if (word === undefined && range && (Number(value) < range[0] || Number(value) > range[1])) {
        throw payloadError(`${key} goes from ${range[0]} to ${range[1]}, not ${Number(value)}`);
      }
      if (word === undefined && wordsFrom !== undefined && raw >= wordsFrom)
        throw payloadError(`${key} has no meaning for ${raw}`);
      writeInteger(out, raw, { size, signed, littleEndian: true });
    },
  };
};

/** A byte that is a word; a value without one is an error, or `other`. */
export const state = (field: string, words: Words, { other, key }: { other?: string; key?: string } = {}): NasPart => {
  const part = number(field, 'u8', { words, wordsFrom: 0, ...(key !== undefined && { key }) });
  if (other === undefined) return part;
  return {
    ...part,
    read: (from, into) => {
      into[field] = words[readU8(from)] ?? other;
    },
  };
};

/** A flag of `flags`: its field, or what is known further; undefined: reserved. */
export type Flag = string | { readonly field: string; readonly key?: string; readonly isOptional?: true } | undefined;

/** One byte of flags, from the lowest bit. */
export const flags = (...list: readonly Flag[]): NasPart => {
  const bits = list.flatMap((flag, bit) => {
    if (flag === undefined) return [];
    const { field, key = field, isOptional = false } = typeof flag === 'string' ? { field: flag } : flag;
    return [{ field, key, isOptional, mask: 1 << bit }];
  });
  return {
    field: bits[0]?.key ?? '',
    read: (from, into) => {
      const byte = readU8(from);
      for (const { field, mask } of bits) into[field] = (byte & mask) !== 0;
    },
    write: (out, data) => {
      let byte = 0;
      for (const { key, mask, isOptional } of bits) {
        if (isOptional && data[key] === undefined) continue;
        if (truthOf(given(data, key), key)) byte |= mask;
      }
      out.push(byte);
    },
  };
};

const truthOf = (value: unknown, key: string): boolean => {
  const text = String(value).toLowerCase();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw payloadError(`${key} is true or false, not ${JSON.stringify(value)}`);
};

/** What only devices say. */
export const readOnly = (what: string, read: NasPart['read']): NasPart => ({
  field: '',
  read,
  write: () => {
    throw payloadError(`No device takes ${what}`);
  },
});

/** A byte that is always the same. */
export const constant = (byte: number, name: string): NasPart => ({
  field: name,
  read: (from) => {
    const found = readU8(from);
    if (found !== byte) throw payloadError(`${name} ${found} is unknown`);
  },
  write: (out) => void out.push(byte),
});

/** Bytes as people write them: `size` of them, as many as were counted under this name, or all that are left. */
export const hexBytes = (field: string, size?: number, { isReversed = false } = {}): NasPart => ({
  field,
  read: (from, into) => {
    const bytes = readBytes(from, size ?? from.counts[field] ?? from.bytes.length - from.at);
    into[field] = (isReversed ? bytes.toReversed() : bytes).toHex().toUpperCase();
  },
  write: (out, data) => {
    const text = given(data, field);
    if (
      typeof text !== 'string' ||
      !/^([0-9a-f]{2})+$/i.test(text) ||
      (size !== undefined && text.length !== size * 2)
    ) {
      throw payloadError(`${field} is written as ${size === undefined ? '' : `${size} `}hexadecimal bytes`);
    }
    const bytes = Uint8Array.fromHex(text);
    out.push(...(isReversed ? bytes.toReversed() : bytes));
  },
});

const utf8 = new TextDecoder();

/** UTF-8 behind its length, or of a length that `textLength` read before. */
export const text = (field: string, { isCounted = false } = {}): NasPart => ({
  field,
  read: (from, into) => {
    const size = isCounted ? (from.counts[field] ?? 0) : readU8(from);
    into[field] = utf8.decode(readBytes(from, size));
  },
  write: (out, data) => {
    const bytes = textBytes(data, field);
    if (!isCounted) out.push(bytes.length);
    out.push(...bytes);
  },
});

export const textLength = (field: string): NasPart => ({
  field,
  read: (from) => {
    from.counts[field] = readU8(from);
  },
  write: (out, data) => void out.push(textBytes(data, field).length),
});

const textBytes = (data: NasData, field: string): Uint8Array => {
  const bytes = new TextEncoder().encode(String(given(data, field)));
  if (bytes.length > 220) throw payloadError(`${field} is longer than 220 bytes`);
  return bytes;
};
