import type { FieldValue } from '../codec.ts';
import { type Cursor, payloadError, readBytes, readU8, readU16Le, readU32Le, remaining } from './byte-reader.ts';
import { type Fields, type Part, readPart } from './part.ts';

/** One state or small number within a byte or a little-endian word. */
export interface BitField {
  readonly field: string;
  /** Place of the lowest bit. */
  readonly at: number;
  /** Bits; absent: 1. */
  readonly width?: number;
  readonly divisor?: number;
  /** Names of the values; absent: the number itself. A zero without a name says nothing. */
  readonly states?: Readonly<Record<number, FieldValue>>;
}

/** Several fields packed into `size` bytes; `masked`: a word of the same size before it says which of them apply. */
export interface Bits {
  readonly type: 'bits';
  readonly size: 1 | 2;
  readonly masked?: boolean;
  readonly bits: readonly BitField[];
}

/**
 * What follows depends on the first byte, `(byte >> shift) & mask`, which stays to be read by the chosen parts. With
 * `size` the item always takes that many bytes, and a case without parts carries nothing for us.
 */
export interface Cases {
  readonly type: 'cases';
  readonly shift?: number;
  readonly mask?: number;
  readonly cases: Readonly<Record<number, readonly MilesightPart[]>>;
  readonly otherwise?: readonly MilesightPart[];
  readonly size?: number;
}

/** Seconds since 1970, UTC, by the device's clock: when what the frame says was measured. */
export interface Time {
  readonly type: 'time';
  readonly field: string;
}

/** Looks at the two bytes that follow, which stay to be read: where they are one of `states`, the field says so. */
export interface Fault {
  readonly type: 'fault';
  readonly field: string;
  readonly states: Readonly<Record<number, string>>;
}

/** A number of three bytes. */
export interface U24 {
  readonly type: 'u24le';
  readonly field: string;
}

/** What `Part` cannot say: packed states, kinds of records, clocks, faults. */
type Packed = Bits | Cases | Time | Fault | U24;

export type MilesightPart = Part | Packed;

export const isPlainPart = (part: MilesightPart): part is Part => !packed.has(part.type);

const packed: ReadonlySet<string> = new Set(['bits', 'cases', 'time', 'fault', 'u24le'] satisfies Packed['type'][]);

/** Where parts put what they read. */
export interface Target {
  readonly fields: Fields;
  readonly warnings: string[];
  time?: number;
}

export const readMilesightParts = (cursor: Cursor, parts: readonly MilesightPart[], target: Target): void => {
  for (const part of parts) {
    if (isPlainPart(part)) readPart(cursor, part, target.fields);
    else readPacked(cursor, part, target);
  }
};

const readPacked = (cursor: Cursor, part: Packed, target: Target): void => {
  switch (part.type) {
    case 'bits':
      readBits(cursor, part, target.fields);
      break;
    case 'cases':
      readCases(cursor, part, target);
      break;
    case 'fault':
      readFault(cursor, part, target.fields);
      break;
    case 'u24le':
      target.fields[part.field] = readU16Le(cursor) + readU8(cursor) * 0x10000;
      break;
    case 'time': {
      const seconds = readU32Le(cursor);
      target.fields[part.field] = seconds;
      target.time = seconds * 1000;
      break;
    }
  }
};

const readFault = (cursor: Cursor, { field, states }: Fault, fields: Fields): void => {
  const start = cursor.at;
  const fault = states[readU16Le(cursor)];
  cursor.at = start;
  if (fault !== undefined) fields[field] = fault;
};

const readBits = (cursor: Cursor, { size, masked, bits }: Bits, fields: Fields): void => {
  const mask = masked ? readWord(cursor, size) : 0xffff;
  const word = readWord(cursor, size);
  for (const { field, at, width = 1, divisor = 1, states } of bits) {
    if (((mask >> at) & 1) === 0) continue;
    const value = (word >> at) & ((1 << width) - 1);
    const named = states?.[value];
    if (named !== undefined) fields[field] = named;
    else if (!states) fields[field] = value / divisor;
    else if (value !== 0) fields[field] = `unknown (${value})`;
  }
};

const readWord = (cursor: Cursor, size: 1 | 2): number => (size === 1 ? readU8(cursor) : readU16Le(cursor));

const readCases = (cursor: Cursor, part: Cases, target: Target): void => {
  const { shift = 0, mask = 0xff, cases, otherwise, size } = part;
  const start = cursor.at;
  const key = (readU8(cursor) >> shift) & mask;
  cursor.at = start;
  const chosen = cases[key] ?? otherwise;
  if (!chosen && size === undefined) throw payloadError(`Unknown kind ${key} of a record at offset ${start}`);
  if (chosen) readMilesightParts(cursor, chosen, target);
  else target.warnings.push(`Unknown kind ${key} at offset ${start} is not read`);
  const rest = size === undefined ? 0 : start + size - cursor.at;
  if (rest > 0) readBytes(cursor, rest);
};

/** A frame that was cut right behind an item's key: what the item would have said counts as missing. */
export const missParts = (cursor: Cursor, parts: readonly MilesightPart[], { fields, warnings }: Target): boolean => {
  if (remaining(cursor) > 0) return false;
  for (const part of parts) if (isPlainPart(part) && 'field' in part) fields[part.field] = null;
  warnings.push('The frame ends behind the key of its last item, whose value counts as missing');
  return true;
};
