import type { Codec } from '../codec.ts';
import { type Cursor, cursorAt, payloadError, readBytes, readU8, readU16Be, remaining } from './byte-reader.ts';
import { readSettings } from './elsys-settings.ts';
import { type Fields, type NumberType, type Part, readPart } from './part.ts';
import { hex } from './text-form.ts';

/**
 * Elsys' payload: a row of items, each a type byte and a big-endian value of the size of that type, or 3E and the
 * device's settings. Types 01 to 1B as in the maker's decoder, 1C to 3D as in akenza-io/device-type-library.
 */

type Item = readonly Part[] | ((cursor: Cursor, fields: Fields) => void);

const number = (field: string, type: NumberType, divisor = 1): readonly Part[] => [{ field, type, divisor }];

const flag =
  (field: string): Item =>
  (cursor, fields) => {
    fields[field] = readU8(cursor) !== 0;
  };

/** 3.63 V and above are full, 2.7 V empty, in steps of ten, as akenza-io/device-type-library derives it. */
const levelOf = (volts: number): number => Math.min(100, Math.max(0, Math.round((volts - 2.7) / 0.009 / 10) * 10));

const battery: Item = (cursor, fields) => {
  const volts = readU16Be(cursor) / 1000;
  fields.battery_voltage = volts;
  fields.battery_level = levelOf(volts);
};

/** Ten-thousandths of a degree in three bytes, the low one first: the only little-endian item. */
const readDegrees = (cursor: Cursor): number => {
  const low = readU8(cursor);
  const raw = low | (readU8(cursor) << 8) | (readU8(cursor) << 16);
  return ((raw << 8) >> 8) / 10_000;
};

const position: Item = (cursor, fields) => {
  fields.lat = readDegrees(cursor);
  fields.long = readDegrees(cursor);
};

const occupancy: Item = (cursor, fields) => {
  const state = readU8(cursor);
  fields.occupancy = state;
  fields.occupied = state !== 0;
};

const MOST_EXTERNAL = 8;

/** The item comes once per probe. */
const externalTemperature2: Item = (cursor, fields) => {
  let name = 'external_temperature2';
  for (let probe = 2; fields[name] !== undefined && probe <= MOST_EXTERNAL; probe++)
    name = `external_temperature2_${probe}`;
  readPart(cursor, { field: name, type: 's16', divisor: 10 }, fields);
};

const pixelNames = Array.from({ length: 64 }, (_, pixel) => `grideye_${pixel}`);

/** A reference in whole degrees and 64 pixels in tenths above it. */
const gridEye: Item = (cursor, fields) => {
  const reference = readU8(cursor);
  const pixels = readBytes(cursor, 64);
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    fields[pixelNames[pixel] as string] = (reference * 10 + (pixels[pixel] as number)) / 10;
  }
};

const text: Item = (cursor, fields) => {
  fields.bytes = hex.read(readBytes(cursor, readU8(cursor)));
};

const items: Readonly<Record<number, Item>> = {
  1: number('temperature', 's16', 10),
  2: number('humidity', 'u8'),
  3: [
    { field: 'acc_x', type: 's8' },
    { field: 'acc_y', type: 's8' },
    { field: 'acc_z', type: 's8' },
  ],
  4: number('light', 'u16'),
  5: number('motion', 'u8'),
  6: number('co2', 'u16'),
  7: battery,
  8: number('analog1', 'u16'),
  9: position,
  10: number('pulse1', 'u16'),
  11: number('pulse_abs1', 'u32'),
  12: number('external_temperature1', 's16', 10),
  13: flag('digital'),
  14: number('distance', 'u16'),
  15: number('acc_motion', 'u8'),
  16: [
    { field: 'ir_internal_temperature', type: 's16', divisor: 10 },
    { field: 'ir_external_temperature', type: 's16', divisor: 10 },
  ],
  17: occupancy,
  18: flag('waterleak'),
  19: gridEye,
  20: number('pressure', 's32', 1000),
  21: [
    { field: 'sound_peak', type: 'u8' },
    { field: 'sound_avg', type: 'u8' },
  ],
  22: number('pulse2', 'u16'),
  23: number('pulse_abs2', 'u32'),
  24: number('analog2', 'u16'),
  25: externalTemperature2,
  26: flag('digital2'),
  27: number('analog_uv', 's32'),
  28: number('tvoc', 'u16'),
  29: number('iaq', 'u8'),
  30: flag('generic_bool'),
  31: number('generic_int8', 's8'),
  32: number('generic_int16', 's16'),
  33: number('view', 'u8'),
  34: number('setpoint', 's16', 10),
  35: number('speed', 'u8'),
  36: number('external_humidity', 'u8'),
  59: text,
  60: number('crc', 'u32'),
  61: number('debug', 'u32'),
};

const SETTINGS = 0x3e;

const readItem = (cursor: Cursor, item: Item, fields: Fields): void => {
  if (typeof item === 'function') item(cursor, fields);
  else for (const part of item) readPart(cursor, part, fields);
};

/** Reads every model; `without` names the item types that a model's hardware cannot send. */
export const elsysCodec = (without: readonly number[] = []): Codec => ({
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    const fields: Fields = {};
    let type = readU8(cursor);
    if (type === SETTINGS) return { warnings: readSettings(cursor, fields), records: [{ fields }] };
    for (;;) {
      const item = without.includes(type) ? undefined : items[type];
      if (!item) {
        const fault = `Item ${type.toString(16).padStart(2, '0')} at offset ${cursor.at - 1} is not known`;
        if (cursor.at === 1) throw payloadError(fault);
        return { records: [{ fields }], warnings: [`${fault}; it and what follows are left out`] };
      }
      readItem(cursor, item, fields);
      if (remaining(cursor) === 0) return { records: [{ fields }], warnings: [] };
      type = readU8(cursor);
    }
  },
});
