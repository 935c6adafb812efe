import type { DownlinkEncoder, FieldValue } from '../codec.ts';
import { payloadError } from './byte-reader.ts';
import type { Bytes } from './byte-writer.ts';
import { type NumberPart, type Part, writePart } from './part.ts';
import type { TextForm } from './text-form.ts';

/**
 * Milesight's settings as downlinks: [channel u8][command u8][value], one after the other (READMEs and encoders of
 * Milesight-IoT/SensorDecoders). The names are those of the vendor's own encoders, so that their examples work here.
 */
export interface MilesightSetting {
  /** Channel and command, and what stands before the value. */
  readonly bytes: string;
  /** A setting of one value has one part, of the field `value`; one of several takes an object of its parts' fields. */
  readonly parts: readonly Part[];
  /** Smallest and largest value. */
  readonly range?: readonly [min: number, max: number];
  /** An order that is given or not: `no` sends nothing. */
  readonly isOrder?: boolean;
  /** Takes a list: each entry is a command of its own. */
  readonly isList?: boolean;
}

export type MilesightSettings = Readonly<Record<string, MilesightSetting>>;

const FPORT = 85;

export const order = (bytes: string, value = 0xff): MilesightSetting => ({
  bytes,
  parts: [{ field: 'value', type: 'u8', states: { [value]: 'yes' } }],
  isOrder: true,
});

export const onOff = (bytes: string): MilesightSetting => ({
  bytes,
  parts: [{ field: 'value', type: 'u8', states: { 0: 'disable', 1: 'enable' } }],
});

export const seconds = (bytes: string, max = 64_800): MilesightSetting => ({
  bytes,
  parts: [{ field: 'value', type: 'u16le' }],
  range: [1, max],
});

/** A state that shares its byte with constant bits. */
export const stateWith = (field: string, constant: number, states: Readonly<Record<number, string>>): NumberPart => ({
  field,
  type: 'u8',
  states: Object.fromEntries(Object.entries(states).map(([code, name]) => [Number(code) | constant, name])),
});

/** Two bytes that people write the other way round, e.g. "1234". */
const d2dCommand: TextForm = {
  read: ([low = 0, high = 0]) => Uint8Array.of(high, low).toHex(),
  write: (text) => {
    if (!/^[0-9a-f]{4}$/i.test(text)) throw payloadError(`"${text}" is no command of four hexadecimal digits`);
    return [...Uint8Array.fromHex(text)].reverse();
  },
};
export const d2dCommandPart: Part = { field: 'd2d_cmd', type: 'text', form: d2dCommand, size: 2 };

/** Settings that nearly every Milesight sensor has. */
export const commonSettings = {
  reboot: order('FF10'),
  report_interval: seconds('FF03'),
  collection_interval: seconds('FF02'),
  report_status: order('FF28'),
} as const satisfies MilesightSettings;

/** Of models that store values and send them again. */
export const historySettings = {
  history_enable: onOff('FF68'),
  stop_transmit: order('FD6D'),
  clear_history: order('FF27', 0x01),
  retransmit_enable: onOff('FF69'),
  retransmit_interval: seconds('FF6A00'),
  resend_interval: seconds('FF6A01'),
} as const satisfies MilesightSettings;

/** Encodes the settings that are given, in the order of the table. Throws HUB_CODEC_PAYLOAD for unknown ones and wrong values. */
export const milesightDownlinks = (settings: MilesightSettings): DownlinkEncoder => ({
  encodeDownlink(data) {
    const unknown = Object.keys(data).find((name) => !Object.hasOwn(settings, name));
    if (unknown !== undefined) {
      throw payloadError(`No setting "${unknown}"; known: ${Object.keys(settings).join(', ')}`);
    }
    const out: Bytes = [];
    for (const [name, setting] of Object.entries(settings)) {
      if (Object.hasOwn(data, name)) writeSetting(out, { name, ...setting }, data[name]);
    }
    if (out.length === 0) throw payloadError(`Nothing to send; known settings: ${Object.keys(settings).join(', ')}`);
    return { fPort: FPORT, bytes: Uint8Array.from(out) };
  },
});

const writeSetting = (out: Bytes, setting: MilesightSetting & { name: string }, value: unknown): void => {
  if (setting.isList) {
    if (!Array.isArray(value)) throw payloadError(`${setting.name} takes a list`);
    for (const entry of value) writeSetting(out, { ...setting, isList: false }, entry);
    return;
  }
  if (setting.isOrder && (value === 'no' || value === false || value === 0)) return;
  out.push(...Uint8Array.fromHex(setting.bytes));
  const fields = fieldsOf(setting, value);
  for (const part of setting.parts) writeOne(out, part, { name: setting.name, fields });
};

const writeOne = (
  out: Bytes,
  part: Part,
  { name, fields }: { name: string; fields: Record<string, FieldValue> },
): void => {
  if ('field' in part && fields[part.field] === undefined) throw payloadError(`${name} lacks ${part.field}`);
  try {
    writePart(out, part, fields);
  } catch (cause) {
    throw payloadError(`${name}: ${(cause as Error).message}`);
  }
};

const fieldsOf = (
  { name, range, parts, isOrder }: MilesightSetting & { name: string },
  value: unknown,
): Record<string, FieldValue> => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, one as FieldValue]));
  }
  if (parts.length !== 1) throw payloadError(`${name} takes an object`);
  if (range && (typeof value !== 'number' || value < range[0] || value > range[1])) {
    throw payloadError(`${name} is a number from ${range[0]} to ${range[1]}`);
  }
  return { value: wordOf(value, isOrder ?? false) };
};

/** Truth and numbers for words, as other encoders take them. */
const wordOf = (value: unknown, isOrder: boolean): FieldValue => {
  if (isOrder) return value === true || value === 1 ? 'yes' : (value as FieldValue);
  return typeof value === 'boolean' ? (value ? 'enable' : 'disable') : (value as FieldValue);
};
