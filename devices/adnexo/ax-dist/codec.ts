import type { Codec, Parameters } from '../../codec.ts';
import { cursorAt, payloadError, readU8, readU16Le, remaining } from '../../formats/byte-reader.ts';
import { fillLevelOf } from '../../formats/container-height.ts';
import { type Fields, type NumberPart, readPart } from '../../formats/part.ts';

// Little endian; the fPort tells the message. After types/adnexo/ax-dist of akenza-io/device-type-library.

const measurementTypes: Readonly<Record<number, string>> = {
  100: 'REGULAR_MEASUREMENT',
  101: 'EVENT_MEASUREMENT',
  102: 'MANUAL_MEASUREMENT',
};

/** cm, with 65535 for "no echo". */
const distance: NumberPart = { field: 'distance', type: 'u16le', divisor: 10, missing: [0xffff] };
const variance: NumberPart = { field: 'measurement_variance', type: 'u16le', divisor: 10, missing: [0xffff] };
const temperature: NumberPart = { field: 'temperature', type: 's16le', divisor: 10, missing: [-0x8000] };

const settings: Readonly<Record<number, NumberPart>> = {
  4: { field: 'measurement_interval', type: 'u32le' },
  5: { field: 'send_interval', type: 'u8' },
  6: { field: 'join_interval', type: 'u32le' },
  7: { field: 'reed_active', type: 'u8' },
  82: { field: 'threshold_distance', type: 's16le' },
};

const failedCommands: Readonly<Record<number, string>> = { 2: 'RESTART', 3: 'PARAM_CHANGE', 4: 'PARAM_READ' };
const errorCodes: Readonly<Record<number, string>> = {
  1: 'PARAM_UNKNOWN',
  2: 'PARAM_READ_ONLY',
  4: 'PARAM_NOT_READABLE',
  8: 'COMMAND_STRUCTURE_WRONG',
};

/** The source's line for the level: 2.1 V is empty, 3.1 V full, in steps of ten percent. */
const batteryLevel = (volts: number): number => Math.min(Math.max(Math.round((volts - 2.1) * 10) * 10, 0), 100);

const battery = (millivolts: number, fields: Fields): void => {
  fields.battery_voltage = millivolts / 1000;
  fields.battery_level = batteryLevel(millivolts / 1000);
};

const measurement = (bytes: Uint8Array, fPort: number, parameters: Parameters): Fields => {
  const cursor = cursorAt(bytes);
  const fields: Fields = { measurement_type: measurementTypes[fPort] ?? null };
  readPart(cursor, distance, fields);
  const level = fillLevelOf(fields.distance as number | null, parameters);
  if (level !== undefined) fields.fill_level = level;
  readPart(cursor, temperature, fields);
  battery(readU16Le(cursor), fields);
  return fields;
};

/** A measurement whose echoes scatter too much: its distance does not count. */
const invalidMeasurement = (bytes: Uint8Array): Fields => {
  const cursor = cursorAt(bytes);
  const fields: Fields = { rejected_distance: readU16Le(cursor) / 10 };
  readPart(cursor, variance, fields);
  if (remaining(cursor) === 0) return fields;
  readPart(cursor, temperature, fields);
  battery(readU16Le(cursor), fields);
  return fields;
};

const configurationReport = (bytes: Uint8Array): { fields: Fields; warnings: string[] } => {
  const cursor = cursorAt(bytes);
  const fields: Fields = { payload_type: 'REPORT_CONFIGURATION' };
  while (remaining(cursor) > 0) {
    const id = readU8(cursor);
    const part = settings[id];
    if (!part) return { fields, warnings: [`Unknown setting ${id}; the rest of the frame is left out`] };
    readPart(cursor, part, fields);
    if (id === 7) fields.reed_active = fields.reed_active !== 0;
  }
  return { fields, warnings: [] };
};

/** The source reads port and code from the same byte. */
const errorReport = (bytes: Uint8Array): Fields => {
  const code = readU8(cursorAt(bytes));
  const fields: Fields = { error_code: errorCodes[code] ?? `unknown (${code})` };
  if (failedCommands[code]) fields.error_on = failedCommands[code];
  return fields;
};

const only = (fields: Fields) => ({ records: [{ fields }], warnings: [] });

export const codec: Codec = {
  decodeUplink({ fPort, bytes, parameters }) {
    switch (fPort) {
      case 1:
        return only({ payload_type: 'ECHO', echo: bytes.toHex() });
      case 2:
        return only({ payload_type: 'RESTART' });
      case 3:
        return only({ payload_type: 'NEW_CONFIGURATION_ACCEPTED' });
      case 4: {
        const { fields, warnings } = configurationReport(bytes);
        return { records: [{ fields }], warnings };
      }
      case 5:
        return only(errorReport(bytes));
      case 100:
      case 101:
      case 102:
        return only(measurement(bytes, fPort, parameters));
      case 104:
        return only(invalidMeasurement(bytes));
      default:
        throw payloadError(`Nothing is known of fPort ${fPort}`);
    }
  },
};
