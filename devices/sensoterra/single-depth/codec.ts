import type { Codec, CodecResult } from '../../codec.ts';
import { bitsLsb } from '../../formats/bit-reader.ts';
import { type Cursor, cursorAt, payloadError, readBytes, readU8 } from '../../formats/byte-reader.ts';
import { type Fields, readPart } from '../../formats/part.ts';
import { calibration, condition, settings } from './reports.ts';

// The fPort tells the message; little endian. After types/sensoterra of akenza-io/device-type-library.

const READINGS = 6;
const FAILED = 1023;
const TOO_COLD = 0;
const TOO_WARM = 1021;

/** Six moistures and the temperature, ten bits each, low bits first. Probes of one depth repeat it. */
const measurement = (bytes: Uint8Array): CodecResult => {
  const fields: Fields = { moisture: null };
  const warnings: string[] = [];
  for (let index = READINGS - 1; index >= 0; index--) {
    const raw = bitsLsb(bytes, index * 10, 10);
    const moisture = raw === FAILED ? null : raw / 10;
    if (index > 0) fields[`moisture_${index + 1}`] = moisture;
    if (moisture !== null) fields.moisture = moisture;
  }
  const raw = bitsLsb(bytes, READINGS * 10, 10);
  fields.temperature = raw === FAILED ? null : temperatureOf(raw);
  if (raw === TOO_COLD) warnings.push('Colder than -30 Cel, which is the least that the probe says');
  if (raw === TOO_WARM) warnings.push('Warmer than 70 Cel, which is the most that the probe says');
  fields.saturation_point_overshot = bitsLsb(bytes, 70, 1) === 1;
  return { records: [{ fields }], warnings };
};

const temperatureOf = (raw: number): number => {
  if (raw === TOO_COLD) return -30;
  return raw === TOO_WARM ? 70 : (raw - 300) / 10;
};

/** Counters of the radio and of starts. */
const totals = (cursor: Cursor): Fields => {
  const fields: Fields = { total_time_on_air: readU24Le(cursor) };
  for (const field of [
    'total_number_resets',
    'total_number_successful_join_sessions',
    'total_number_failed_join_sessions',
  ]) {
    readPart(cursor, { field, type: 'u16le' }, fields);
  }
  return fields;
};

const uplinks = (cursor: Cursor): Fields => {
  const fields: Fields = { total_number_uplinks: readU24Le(cursor) };
  for (const factor of [12, 11, 10]) {
    const field = `total_number_uplinks_sf${factor}`;
    readPart(cursor, { field, type: 'u16le' }, fields);
    fields[field] = Number(fields[field]) * 10;
  }
  return fields;
};

const serialNumber = (cursor: Cursor): Fields => {
  const fields: Fields = {};
  readPart(cursor, { field: 'serial_number', type: 'u32le' }, fields);
  const probe = String(fields.serial_number).padStart(9, '0').slice(-9);
  return { serial_number: `${readU8(cursor)}${probe}` };
};

const readU24Le = (cursor: Cursor): number => {
  const [low = 0, middle = 0, high = 0] = readBytes(cursor, 3);
  return low | (middle << 8) | (high << 16);
};

const report = (cursor: Cursor, fPort: number): Fields => {
  switch (fPort) {
    case 12:
      return { history: cursor.bytes.toHex() };
    case 100:
      return condition(cursor);
    case 101:
      return settings(cursor);
    case 102:
      return { channel_mask: cursor.bytes.toHex() };
    case 103:
      return totals(cursor);
    case 104:
      return uplinks(cursor);
    case 105:
      return serialNumber(cursor);
    default:
      if (fPort < 106 || fPort > 111) throw payloadError(`Nothing is known of fPort ${fPort}`);
      return calibration(cursor);
  }
};

export const codec: Codec = {
  decodeUplink({ fPort, bytes }) {
    if (bytes.length === 0) throw payloadError('The frame is empty');
    if (fPort === 11) return measurement(bytes);
    return { records: [{ fields: report(cursorAt(bytes), fPort) }], warnings: [] };
  },
};
