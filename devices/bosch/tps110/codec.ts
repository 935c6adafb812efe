import type { Codec } from '../../codec.ts';
import {
  type Cursor,
  cursorAt,
  payloadError,
  readBytes,
  readU8,
  readU32Be,
  remaining,
} from '../../formats/byte-reader.ts';
import { type Fields, type Part, readPart } from '../../formats/part.ts';
import { usage } from './usage.ts';

// The fPort tells the message. After VENDORS/Bosch of thingsboard/data-converters, types/bosch of
// akenza-io/device-type-library and vendor/bosch of TheThingsNetwork/lorawan-devices.

const resetCauses: Readonly<Record<number, string>> = {
  1: 'Watchdog reset',
  2: 'Power On Reset',
  3: 'System Request Reset',
  4: 'External Pin Reset',
  5: 'Lockup Reset',
  6: 'Brownout Reset',
};

const occupied: Part = { field: 'occupied', type: 'u8' };
const temperature: Part = { field: 'temperature', type: 's8' };

/** Firmware of 0.39 and later adds the temperature. */
const status = (cursor: Cursor, type: string): Fields => {
  const fields: Fields = { type };
  readPart(cursor, occupied, fields);
  fields.occupied = (Number(fields.occupied) & 1) === 1;
  if (remaining(cursor) > 0) readPart(cursor, temperature, fields);
  return fields;
};

/** Sources differ about the order of the version's bytes; the debug words before them have their low byte first. */
const startUp = (cursor: Cursor): Fields => {
  const debug = readBytes(cursor, 12).toHex();
  const version = readBytes(cursor, 3);
  const cause = readU8(cursor);
  return {
    type: 'startup',
    debug_info: debug.replace(/..(?=.)/g, '$& '),
    firmware_version: version.toReversed().join('.'),
    firmware_version_first_byte_first: version.join('.'),
    reset_cause: resetCauses[cause] ?? 'Unknown',
    occupied: (readU8(cursor) & 1) === 1,
  };
};

const information = (cursor: Cursor): Fields => {
  const head = readU32Be(cursor);
  const tail = readU8(cursor);
  const id = head.toString(16).padStart(8, '0') + tail.toString(16).padStart(2, '0');
  return {
    type: 'device information',
    dev_eui: id,
    hw_revision: (head >>> 5) & 7,
    product_code: ((head & 0x1f) << 8) | tail,
    product_class_ext: remaining(cursor) > 0 && readU8(cursor) !== 0 ? 'EU868' : 'AS923',
  };
};

const debug = (cursor: Cursor): Fields => {
  const fields: Fields = { type: 'debug' };
  readPart(cursor, { field: 'debug_timestamp', type: 'u32le' }, fields);
  readPart(cursor, { field: 'debug_code', type: 'u16le' }, fields);
  fields.debug_code = Number(fields.debug_code) & 0xfff;
  readPart(cursor, { type: 'skip', size: 2 }, fields);
  readPart(cursor, { field: 'debug_sequence_number', type: 'u16le' }, fields);
  return fields;
};

const read = (cursor: Cursor, fPort: number): Fields => {
  switch (fPort) {
    case 1:
      return status(cursor, 'parking status');
    case 2:
      return status(cursor, 'heartbeat');
    case 3:
      return startUp(cursor);
    case 4:
      return information(cursor);
    case 5:
      return usage(cursor);
    case 6:
      return debug(cursor);
    default:
      throw payloadError(`Nothing is known of fPort ${fPort}`);
  }
};

export const codec: Codec = {
  decodeUplink({ fPort, bytes }) {
    const fields = read(cursorAt(bytes), fPort);
    if (typeof fields.occupied === 'boolean') fields.occupancy = fields.occupied ? 1 : 0;
    return { records: [{ fields }], warnings: [] };
  },
};
