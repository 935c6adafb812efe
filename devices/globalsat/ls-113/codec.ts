import type { Codec } from '../../codec.ts';
import { bitsLsb, signed } from '../../formats/bit-reader.ts';
import { type Cursor, cursorAt, payloadError, readBytes, readU8, remaining } from '../../formats/byte-reader.ts';
import { type Fields, type Part, readPart } from '../../formats/part.ts';

/*
 * GlobalSat LS-111 (CO2), LS-112 (CO), LS-113 (PM2.5) and the tracker LT-20, told apart by the first byte. Layouts as in
 * akenza-io/device-type-library types/globalsat.
 */

const gases: Readonly<Record<number, string>> = { 1: 'co2', 2: 'co', 3: 'pm2_5' };
const climate: readonly Part[] = [
  { field: 'temperature', type: 's16', divisor: 100 },
  { field: 'humidity', type: 'u16', divisor: 100 },
];

const TRACKER = 0x80;

const fixes = ['Not fix', '2D fix', '3D fix'];
const reports: Readonly<Record<number, string>> = {
  2: 'Periodic mode report',
  4: 'Motion mode static report',
  5: 'Motion mode moving report',
  6: 'Motion mode static to moving report',
  7: 'Motion mode moving to static report',
  15: 'Low battery alarm report',
};
const LOW_BATTERY = 15;

/** The motion that a report tells of; periodic reports say nothing of it. */
const motions: Readonly<Record<number, boolean>> = { 4: false, 5: true, 6: true, 7: false };

/** 24 bits, little endian, in steps of 21.5 (longitude) or 10.8 (latitude) millionths of a degree. */
const readCoordinate = (cursor: Cursor, step: number): number =>
  (signed(bitsLsb(readBytes(cursor, 3), 0, 24), 24) * step) / 1e7;

const readTracker = (cursor: Cursor): Fields => {
  const fields: Fields = {
    protocol: readU8(cursor),
    longitude: readCoordinate(cursor, 215),
    latitude: readCoordinate(cursor, 108),
  };
  const status = readU8(cursor);
  const report = status & 31;
  fields.gps_fix = fixes[status >> 5] ?? null;
  fields.report_type = reports[report] ?? `unknown (${report})`;
  if (motions[report] !== undefined) fields.moving = motions[report];
  fields.low_battery = report === LOW_BATTERY;
  fields.battery_level = readU8(cursor);
  if (remaining(cursor) > 0) fields.trailer = readU8(cursor);
  return fields;
};

const readGas = (cursor: Cursor, name: string): Fields => {
  const fields: Fields = {};
  for (const part of climate) readPart(cursor, part, fields);
  readPart(cursor, { field: name, type: 'u16' }, fields);
  return fields;
};

export const codec: Codec = {
  decodeUplink: ({ bytes }) => {
    const cursor = cursorAt(bytes);
    const type = readU8(cursor);
    const gas = gases[type];
    if (gas === undefined && type !== TRACKER) throw payloadError(`No device of type ${type} is known`);
    const fields = gas === undefined ? readTracker(cursor) : readGas(cursor, gas);
    const rest = remaining(cursor);
    const warnings = rest > 0 ? [`${rest} bytes at the end of the frame are of unknown meaning`] : [];
    return { records: [{ fields }], warnings };
  },
};
