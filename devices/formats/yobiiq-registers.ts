import { type Cursor, readBytes, readU8, readU32Be, readU32Le, remaining } from './byte-reader.ts';
import type { Fields } from './part.ts';

// Registers of Yobiiq devices, big endian; what each kind of register looks like on the wire.
// After the manufacturer's codecs in chirpstack/chirpstack-device-profiles (vendors/yobiiq) and thingsboard/data-converters.

interface Named {
  readonly field: string;
}

interface NumberRegister extends Named {
  readonly kind: 'number';
  readonly size: number;
  readonly signed?: boolean;
  readonly divisor?: number;
}

interface StateRegister extends Named {
  readonly kind: 'state';
  readonly states: Readonly<Record<number, string>>;
}

interface HexRegister extends Named {
  readonly kind: 'hex';
  readonly size: number;
}

interface PlainRegister extends Named {
  /** `version` two bytes as V1.2; `digits` two bytes whose hexadecimal digits are a number; `text` up to the next channel. */
  readonly kind: 'version' | 'digits' | 'text' | 'reading' | 'currents' | 'failures' | 'relay';
}

export type Register = NumberRegister | StateRegister | HexRegister | PlainRegister;

/** By type, or by channel * 256 + type where the channel matters. */
export type Registers = Readonly<Record<number, Register>>;

export const unsigned = (field: string, size: number, divisor = 1): Register => ({
  kind: 'number',
  field,
  size,
  divisor,
});

export const signed = (field: string, size: number, divisor = 1): Register => ({
  kind: 'number',
  field,
  size,
  divisor,
  signed: true,
});

export const state = (field: string, states: Readonly<Record<number, string>>): Register => ({
  kind: 'state',
  field,
  states,
});

export const plain = (field: string, kind: PlainRegister['kind']): Register => ({ kind, field });

/** What reading a register may need besides its bytes. */
export interface Place {
  readonly channel: number;
  readonly fields: Fields;
  /** Takes values that have a time of their own, in s since 1970. */
  readonly dated: (time: number, fields: Fields) => void;
}

const readInteger = (cursor: Cursor, size: number, isSigned: boolean): number => {
  let value = 0;
  for (let left = size; left > 0; left--) value = value * 256 + readU8(cursor);
  return isSigned && value >= 2 ** (size * 8 - 1) ? value - 2 ** (size * 8) : value;
};

/**
 * The manufacturer's own codec answers two digits after the point, whatever the resolution, and rounds a product in
 * binary: 0.015 becomes 0.01. Adding 0 takes the sign off a zero.
 */
const scaled = (value: number, divisor: number): number =>
  divisor === 1 ? value : Number((value * (1 / divisor)).toFixed(2)) + 0;

/** A text ends where the next register of its channel begins. */
const readText = (cursor: Cursor, channel: number): string => {
  const next = cursor.bytes.indexOf(channel, cursor.at);
  return String.fromCharCode(...readBytes(cursor, (next < 0 ? cursor.bytes.length : next) - cursor.at));
};

/** Reads one register into the fields of its place. Throws HUB_CODEC_PAYLOAD where the frame ends early. */
export const readRegister = (cursor: Cursor, register: Register, place: Place): void => {
  const { field } = register;
  const { fields } = place;
  switch (register.kind) {
    case 'number':
      fields[field] = scaled(readInteger(cursor, register.size, register.signed ?? false), register.divisor ?? 1);
      return;
    case 'state': {
      const code = readInteger(cursor, 1, false);
      fields[field] = register.states[code] ?? `unknown (${code})`;
      return;
    }
    case 'hex':
      fields[field] = readBytes(cursor, register.size).toHex().toUpperCase();
      return;
    case 'text':
      fields[field] = readText(cursor, place.channel);
      return;
    case 'version': {
      const [major = 0, minor = 0] = readBytes(cursor, 2);
      fields[field] = `V${major.toString(16)}.${minor.toString(16)}`;
      return;
    }
    case 'digits': {
      const digits = Number(readBytes(cursor, 2).toHex());
      fields[field] = Number.isInteger(digits) ? digits : null;
      return;
    }
    case 'relay':
    case 'reading':
    case 'currents':
    case 'failures':
      compound[register.kind](cursor, field, place);
  }
};

const relayStates = [
  ['OFF', 'AUTO'],
  ['ON', 'AUTO'],
  ['OFF', 'MANUAL'],
  ['ON', 'MANUAL'],
] as const;

const compound: Readonly<
  Record<'reading' | 'currents' | 'failures' | 'relay', (cursor: Cursor, field: string, place: Place) => void>
> = {
  /** A relay's state and why it has it. */
  relay: (cursor, field, { fields }) => {
    const code = readInteger(cursor, 1, false);
    const [position, reason] = relayStates[code] ?? [`unknown (${code})`, `unknown (${code})`];
    fields[`${field}_state`] = position;
    fields[`${field}_reason`] = reason;
  },
  /** The last value of a meter that is attached, with its time. */
  reading: (cursor, field, { fields, dated }) => {
    const time = readU32Be(cursor);
    const value = readU32Be(cursor);
    fields[`${field}_timestamp`] = time;
    if (time === 0) fields[field] = value;
    else dated(time, { [field]: value });
  },
  currents: (cursor, _, { fields }) => {
    fields.max_imported_current = readInteger(cursor, 2, true);
    fields.max_exported_current = readInteger(cursor, 2, true);
  },
  /** Times and lengths of power failures, little endian for once; a list that is cut short ends the frame. */
  failures: (cursor, field, { dated }) => {
    for (let left = readU32Le(cursor); left > 0 && remaining(cursor) >= 8; left--) {
      dated(readU32Le(cursor), { [field]: readU32Le(cursor) });
    }
  },
};
