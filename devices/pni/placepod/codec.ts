import type { Codec } from '../../codec.ts';
import { type Cursor, cursorAt, payloadError, readBytes, readU8, remaining } from '../../formats/byte-reader.ts';
import { type Fields, readPart } from '../../formats/part.ts';

// Items of u8 channel, u8 type and value, as in Cayenne LPP; the channel alone says what it is. An empty frame says
// that the device has started. After types/pnicorp/placePod of akenza-io/device-type-library.

const RECALIBRATION = 128;

/** Bytes of a value, by the item's type. */
const twoByteTypes: ReadonlySet<number> = new Set([2, 103]);

type Reader = (cursor: Cursor, fields: Fields) => void;

const occupancy: Reader = (cursor, fields) => {
  const occupied = readU8(cursor) === 1;
  fields.occupancy = occupied ? 1 : 0;
  fields.occupied = occupied;
};

const readers: Readonly<Record<number, Reader>> = {
  1: (cursor, fields) => {
    fields.recalibrate_response = readU8(cursor) === 1 ? 'SUCCESSFUL' : 'FAILED';
  },
  2: (cursor, fields) => readPart(cursor, { field: 'temperature', type: 's16', divisor: 10 }, fields),
  3: (cursor, fields) => readPart(cursor, { field: 'battery_voltage', type: 'u16', divisor: 100 }, fields),
  21: occupancy,
  28: (cursor, fields) => {
    readU8(cursor);
    fields.deactivate = 'done';
  },
  33: (cursor, fields) => {
    const count = readU8(cursor);
    if (count === RECALIBRATION) fields.reboot = 'RECALIBRATION';
    else fields.vehicle_count = count;
  },
  55: occupancy,
  63: (cursor, fields) => {
    readU8(cursor);
    fields.reboot = 'DONE';
  },
};

/** For the maker's service. */
const internalChannels: ReadonlySet<number> = new Set([5, 6]);

const read = (cursor: Cursor, channel: number, fields: Fields): void => {
  const type = readU8(cursor);
  const reader = readers[channel];
  if (reader) reader(cursor, fields);
  else fields[`internal_${channel}`] = readBytes(cursor, twoByteTypes.has(type) ? 2 : 1).toHex();
};

export const codec: Codec = {
  decodeUplink({ bytes }) {
    if (bytes.length === 0) return { records: [{ fields: { startup: 'startup' } }], warnings: [] };
    const cursor = cursorAt(bytes);
    const fields: Fields = {};
    const warnings: string[] = [];
    while (remaining(cursor) > 0) {
      const channel = readU8(cursor);
      if (!readers[channel] && !internalChannels.has(channel)) {
        if (Object.keys(fields).length === 0) throw payloadError(`Channel ${channel} is not known`);
        warnings.push(`Channel ${channel} is not known; the rest of the frame is left out`);
        break;
      }
      read(cursor, channel, fields);
    }
    return { records: [{ fields }], warnings };
  },
};
