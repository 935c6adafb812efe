import type { Codec, CodecInput, CodecResult, DecodedRecord } from '../codec.ts';
import { readCollection, readEvent, readHeartbeat, readShutdown } from './abeeway-events.ts';
import { readPosition, spanned } from './abeeway-position.ts';
import { operatingModes, readReport } from './abeeway-reports.ts';
import { type Cursor, cursorAt, payloadError, readBytes, readU8, remaining } from './byte-reader.ts';
import type { Fields } from './part.ts';

interface Body {
  readonly fields: Fields;
  readonly warnings: readonly string[];
}

const plain = (fields: Fields): Body => ({ fields, warnings: [] });

/** Messages whose inside the maker keeps to itself are handed on as they are. */
const opaque =
  (name: string) =>
  (cursor: Cursor): Body => ({
    fields: { payload: readBytes(cursor, remaining(cursor)).toHex() },
    warnings: [`The inside of a ${name} message is not decoded`],
  });

/** What stands behind the common header, by the type in byte 0. */
const bodies: Readonly<Record<number, (cursor: Cursor, kind: number) => Body>> = {
  3: (cursor, kind) => readPosition(cursor, { kind, isExtended: false }),
  4: opaque('status'),
  5: (cursor) => plain(readHeartbeat(cursor)),
  7: readReport,
  9: (cursor) => plain(readShutdown(cursor)),
  10: (cursor) => plain(readEvent(cursor)),
  11: (cursor) => plain(readCollection(cursor)),
  12: opaque('proximity'),
  14: (cursor, kind) => readPosition(cursor, { kind, isExtended: true }),
  15: opaque('debug'),
};

/** Battery byte: 0 while charging, 255 where the measurement failed. */
const addBattery = (fields: Fields, raw: number): void => {
  fields.battery_status = raw === 0 ? 'CHARGING' : raw === 255 ? 'ERROR' : 'NORMAL';
  fields.battery_level = raw === 0 || raw === 255 ? null : raw;
};

const readHeader = (cursor: Cursor): { header: Fields; kind: number } => {
  const status = readU8(cursor);
  const header: Fields = {
    operating_mode: operatingModes[status >> 5] ?? null,
    sos: (status & 0x10) !== 0,
    has_moved: (status & 0x04) !== 0,
    position_message: (status & 0x02) !== 0,
    demand_message: (status & 0x01) !== 0,
  };
  addBattery(header, readU8(cursor));
  header.temperature = Math.round(spanned(readU8(cursor), [-44, 85]) * 10) / 10;
  const option = readU8(cursor);
  header.acknowledge_token = option >> 4;
  return { header, kind: option & 15 };
};

/** Where the body has an age it is a record of its own, that much earlier. */
const recordsOf = (header: Fields, body: Fields, { receivedAt }: CodecInput): DecodedRecord[] => {
  if (typeof body.age !== 'number') return [{ fields: { ...header, ...body } }];
  return [{ fields: header }, { time: receivedAt - body.age * 1000, fields: body }];
};

const decode = (input: CodecInput): CodecResult => {
  const cursor = cursorAt(input.bytes);
  const type = readU8(cursor);
  if (type === 0 && remaining(cursor) < 4) {
    // Frame pending has no common header.
    return { records: [{ fields: { acknowledge_token: readU8(cursor) & 15 } }], warnings: [] };
  }
  const read = bodies[type];
  if (!read && type !== 0) throw payloadError(`No message of type ${type} is known`);
  const { header, kind } = readHeader(cursor);
  const { fields, warnings } = read ? read(cursor, kind) : plain({});
  const rest = remaining(cursor);
  // The fix ends with bytes for the maker's own support.
  const isKnown = rest === 0 || type === 0 || ((type === 3 || type === 14) && kind === 0);
  return {
    records: recordsOf(header, fields, input),
    warnings: isKnown ? warnings : [...warnings, `${rest} bytes at the end of the message are of unknown meaning`],
  };
};

/** Abeeway's Micro and Compact Tracker and Smart Badge with Asset Tracker firmware 1.x and 2.x. */
export const abeewayCodec: Codec = { decodeUplink: decode };
