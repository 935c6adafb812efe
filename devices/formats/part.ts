import type { FieldValue } from '../codec.ts';
import {
  type Cursor,
  payloadError,
  readBytes,
  readF32Be,
  readS16Be,
  readS16Le,
  readS32Be,
  readS32Le,
  readU8,
  readU16Be,
  readU16Le,
  readU32Be,
  readU32Le,
} from './byte-reader.ts';
import { type Bytes, writeF32Be, writeInteger } from './byte-writer.ts';
import type { TextForm } from './text-form.ts';

/** Fields while a codec fills them in. */
export type Fields = Record<string, FieldValue>;

export type NumberType = 'u8' | 's8' | 'u16' | 's16' | 'u16le' | 's16le' | 'u32' | 's32' | 'u32le' | 's32le' | 'f32';

/** One number on the wire: value = (raw - offset) / divisor, or a named state. */
export interface NumberPart {
  readonly field: string;
  readonly type: NumberType;
  readonly divisor?: number;
  readonly offset?: number;
  /** Names of the values of a state; a value without a name becomes `unknown (n)`. */
  readonly states?: Readonly<Record<number, string>>;
  /** Raw values that mean "no value": the field is null. */
  readonly missing?: readonly number[];
  /** Digits after the point; for f32, whose further digits are noise of the format. */
  readonly decimals?: number;
}

/** Text on the wire, or bytes that people write as text. */
export interface TextPart {
  readonly field: string;
  readonly type: 'text';
  readonly form: TextForm;
  readonly size: number;
}

/** The states of a list: the first is 0. */
export const numbered = (states: readonly string[]): Readonly<Record<number, string>> =>
  Object.fromEntries(states.map((state, code) => [code, state]));

/** Bytes that carry nothing for us. */
export interface Gap {
  readonly type: 'skip';
  readonly size: number;
}

/** A piece of a frame described by data: formats are lists of parts, devices are tables of formats. */
export type Part = NumberPart | TextPart | Gap;

const sizes = { u8: 1, s8: 1, u16: 2, s16: 2, u16le: 2, s16le: 2, u32: 4, s32: 4, u32le: 4, s32le: 4, f32: 4 } as const;

export const sizeOf = (part: Part): number => ('size' in part ? part.size : sizes[part.type]);

const readNumber = (cursor: Cursor, type: NumberType): number => {
  switch (type) {
    case 'u8':
      return readU8(cursor);
    case 's8':
      return (readU8(cursor) << 24) >> 24;
    case 'u16':
      return readU16Be(cursor);
    case 's16':
      return readS16Be(cursor);
    case 'u16le':
      return readU16Le(cursor);
    case 's16le':
      return readS16Le(cursor);
    case 'u32':
      return readU32Be(cursor);
    case 's32':
      return readS32Be(cursor);
    case 'u32le':
      return readU32Le(cursor);
    case 's32le':
      return readS32Le(cursor);
    case 'f32':
      return readF32Be(cursor);
  }
};

/** What a raw number means; NaN and infinity (a float's way to say "failed") are null. */
const meaning = (raw: number, { divisor = 1, offset = 0, states, missing, decimals }: NumberPart): FieldValue => {
  if (missing?.includes(raw) || !Number.isFinite(raw)) return null;
  if (states) return states[raw] ?? `unknown (${raw})`;
  // A division by the power of ten that the format names gives the nearest double; a factor of 0.1 would not.
  const value = (raw - offset) / divisor;
  return decimals === undefined ? value : Math.round(value * 10 ** decimals) / 10 ** decimals;
};

/** Reads one part into `fields`; throws HUB_CODEC_PAYLOAD where the frame ends early. */
export const readPart = (cursor: Cursor, part: Part, fields: Fields): void => {
  if (part.type === 'skip') readBytes(cursor, part.size);
  else if (part.type === 'text') fields[part.field] = part.form.read(readBytes(cursor, part.size));
  else fields[part.field] = meaning(readNumber(cursor, part.type), part);
};

/** Writes one part from `fields`; the inverse of `readPart`. Throws HUB_CODEC_PAYLOAD where a value does not fit. */
export const writePart = (out: Bytes, part: Part, fields: Readonly<Record<string, FieldValue>>): void => {
  if (part.type === 'skip') {
    for (let index = 0; index < part.size; index++) out.push(0);
    return;
  }
  const value = fields[part.field];
  if (part.type === 'text') out.push(...part.form.write(String(value ?? ''), part.size));
  else writeNumber(out, rawOf(value, part), part.type);
};

const writeNumber = (out: Bytes, raw: number, type: NumberType): void => {
  if (type === 'f32') writeF32Be(out, raw);
  else writeInteger(out, raw, { size: sizes[type], signed: type.startsWith('s'), littleEndian: type.endsWith('le') });
};

const rawOf = (value: FieldValue | undefined, part: NumberPart): number => {
  const { divisor = 1, offset = 0, states, missing } = part;
  if (value === null || value === undefined) {
    const sentinel = missing?.[0] ?? (part.type === 'f32' ? Number.NaN : undefined);
    if (sentinel === undefined) throw payloadError(`${part.field} cannot be missing in this format`);
    return sentinel;
  }
  if (states) {
    const code = Object.keys(states).find((key) => states[Number(key)] === value);
    if (code === undefined)
      throw payloadError(`${part.field} has no state "${value}"; known: ${Object.values(states).join(', ')}`);
    return Number(code);
  }
  const scaled = Number(value) * divisor + offset;
  return part.type === 'f32' ? scaled : Math.round(scaled);
};
