import type { Codec } from '../../codec.ts';
import { cursorAt, payloadError, readBytes, readU8, readU16Le, remaining } from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';

// types/ewattch/squid-hc-lorawan of akenza-io/device-type-library (MIT).

const channels = Array.from({ length: 24 }, (_, index) => `channel${index + 1}`);

/** Kind, length and kind of the values; then the charge of each clamp since the start: u24 little endian, 10 µAh. */
const readCharges = (bytes: Uint8Array): Fields => {
  const cursor = cursorAt(bytes, 3);
  const fields: Fields = {};
  if (remaining(cursor) === 0) throw payloadError('The frame ends early: no channel');
  for (const channel of channels) {
    if (remaining(cursor) === 0) break;
    fields[channel] = (readU16Le(cursor) + readU8(cursor) * 65_536) / 100_000;
  }
  return fields;
};

const batteryStates = ['CRITICAL', 'LOW'];

const readStatus = (bytes: Uint8Array): Fields => {
  const cursor = cursorAt(bytes, 5);
  const [minor, major] = [readU8(cursor), readU8(cursor)];
  readBytes(cursor, 1);
  const battery = batteryStates[readU8(cursor)] ?? 'NORMAL';
  readBytes(cursor, 1);
  return { firmware: `${major}.${minor}`, battery_status: battery, periodicity: readU16Le(cursor) };
};

export const codec: Codec = {
  decodeUplink({ bytes }) {
    const type = readU8(cursorAt(bytes));
    if (type === 0x10) return { records: [{ fields: readStatus(bytes) }], warnings: [] };
    if (type === 0x01) return { records: [{ fields: { event: bytes.toHex() } }], warnings: [] };
    if (type !== 0x00) throw payloadError(`No frame type ${type}; known are 0, 1 and 16`);
    const warnings = bytes.length > 75 ? [`${bytes.length - 75} bytes after the last channel are not read`] : [];
    return { records: [{ fields: readCharges(bytes) }], warnings };
  },
};
