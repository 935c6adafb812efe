import type { Codec } from '../../codec.ts';
import {
  type Cursor,
  cursorAt,
  payloadError,
  readS32Le,
  readU8,
  readU32Le,
  remaining,
} from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';

/** Carlo Gavazzi UWP-A and UWP-M: items of a header and a value; akenza-io/device-type-library (MIT), types/gavazzi. */
const METER_CONTEXT = 1;
/** Behind it stand a code of the meter and of its state. */
const END = 0xff;

/** Milliwatts; the kilowatts that the source answers have four digits. */
const setPower = (fields: Fields, milliwatts: number): void => {
  fields.l2_w = milliwatts / 1000;
  fields.l2_kw = Math.round(milliwatts / 100) / 10_000;
};

const readItem = (cursor: Cursor, header: number, fields: Fields): boolean => {
  switch (header) {
    case 0x3c: {
      const low = readU32Le(cursor);
      fields.total_kwh = (readU32Le(cursor) * 2 ** 32 + low) / 10;
      return true;
    }
    case 0x91:
      fields.l2_v = readU32Le(cursor) / 10;
      return true;
    case 0x92:
      fields.l2_a = readU32Le(cursor) / 1000;
      return true;
    case 0x93:
      setPower(fields, readS32Le(cursor));
      return true;
    default:
      return false;
  }
};

export const codec: Codec = {
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    const context = readU8(cursor);
    if (context !== METER_CONTEXT)
      throw payloadError(`UWP frames of context ${context} are not known, only ${METER_CONTEXT}`);
    const fields: Fields = {};
    const warnings: string[] = [];
    while (remaining(cursor) > 0) {
      const at = cursor.at;
      const header = readU8(cursor);
      if (readItem(cursor, header, fields)) continue;
      if (header === END) fields.trailer = bytes.subarray(cursor.at).toHex();
      else if (at === 1) throw payloadError(`UWP item 0x${header.toString(16)} is not known`);
      else warnings.push(`Item 0x${header.toString(16)} at offset ${at} is not known; the rest is left out`);
      break;
    }
    return { records: [{ fields }], warnings };
  },
};
