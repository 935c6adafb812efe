import type { FieldValue } from '../codec.ts';
import { payloadError } from './byte-reader.ts';
import type { Fields } from './part.ts';

/** One number of an attribute: value = (raw + offset) / divisor, or a named state. Big endian. */
export interface Item {
  readonly field: string;
  readonly size: 1 | 2 | 3 | 4;
  readonly signed?: boolean;
  readonly float?: boolean;
  readonly divisor?: number;
  readonly offset?: number;
  /** A truth: anything but 0. */
  readonly flag?: boolean;
  readonly states?: Readonly<Record<number, string>>;
}

/** The value of an attribute within a frame. */
export interface Slice {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/** Bytes of a value by its ZCL type, for the types of one length. */
const fixedSizes: Readonly<Record<number, number>> = {
  8: 1,
  9: 2,
  10: 3,
  11: 4,
  12: 5,
  13: 6,
  16: 1,
  24: 1,
  25: 2,
  26: 3,
  27: 4,
  32: 1,
  33: 2,
  34: 3,
  35: 4,
  37: 6,
  40: 1,
  41: 2,
  42: 3,
  43: 4,
  48: 1,
  49: 2,
  57: 4,
};

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

/** Where the value of ZCL type `type` lies that begins at `at`: fixed size, or behind its length of one or two bytes. */
export const valueSlice = (bytes: Uint8Array, at: number, type: number): Slice => {
  let start = at;
  let size = fixedSizes[type];
  if (size === undefined) {
    const lengthBytes = type === 0x41 || type === 0x42 ? 1 : type === 0x43 || type === 0x44 || type === 0x4c ? 2 : 0;
    if (lengthBytes === 0) throw payloadError(`No attribute type 0x${type.toString(16)}`);
    size = lengthBytes === 1 ? byteAt(bytes, at) : (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);
    start = at + lengthBytes;
  }
  if (start + size > bytes.length) {
    throw payloadError(
      `The frame ends early: its value needs ${size} bytes from offset ${start}, it has ${bytes.length}`,
    );
  }
  return { bytes, at: start, end: start + size };
};

const view = new DataView(new ArrayBuffer(4));

/** A number of 1 to 4 bytes; null where a float is none. The caller has checked the bounds. */
export const readRaw = (bytes: Uint8Array, at: number, { size, signed, float }: Omit<Item, 'field'>): number | null => {
  let raw = 0;
  for (let index = at; index < at + size; index++) raw = (raw << 8) | byteAt(bytes, index);
  if (float) {
    view.setInt32(0, raw);
    const value = view.getFloat32(0);
    return Number.isFinite(value) ? value : null;
  }
  if (!signed) return raw >>> 0;
  const spare = 32 - 8 * size;
  return (raw << spare) >> spare;
};

export const meaningOf = (raw: number | null, { divisor = 1, offset = 0, flag, states }: Item): FieldValue => {
  if (raw === null) return null;
  if (flag) return raw !== 0;
  if (states) return states[raw] ?? `unknown (${raw})`;
  return (raw + offset) / divisor;
};

/** Reads items one after the other; the value must be long enough for all of them. */
export const readItems = ({ bytes, at, end }: Slice, items: readonly Item[], fields: Fields): void => {
  let next = at;
  for (const item of items) {
    if (next + item.size > end) throw payloadError(`The value ends early at offset ${end}: ${item.field} is missing`);
    fields[item.field] = meaningOf(readRaw(bytes, next, item), item);
    next += item.size;
  }
};

export const readText = ({ bytes, at, end }: Slice): string => {
  let text = '';
  for (let index = at; index < end; index++) text += String.fromCharCode(byteAt(bytes, index));
  return text;
};

/** Numbers joined by dots, as versions and addresses are written. */
export const readDotted = ({ bytes, at, end }: Slice): string => Array.from(bytes.subarray(at, end)).join('.');

export const hexOf = (value: number, digits: number): string =>
  `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;
