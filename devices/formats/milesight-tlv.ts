import type { EpochMs } from '../../model/time.ts';
import { DAY, PLAUSIBLE_TIME } from '../../model/time.ts';
import type { Codec, DecodedRecord, FieldValue, UplinkEncoder } from '../codec.ts';
import { type Cursor, cursorAt, payloadError, readU8, readU32Le, remaining } from './byte-reader.ts';
import type { Bytes } from './byte-writer.ts';
import { isPlainPart, type MilesightPart, missParts, readMilesightParts, type Target } from './milesight-parts.ts';
import { type Part, writePart } from './part.ts';

export type MilesightItems = Readonly<Record<string, readonly MilesightPart[]>>;

/**
 * Milesight's frames: items of [channel u8][type u8][value], little endian, one after the other; what a channel means
 * is the model's own (READMEs of Milesight-IoT/SensorDecoders). Keys are written as in those: `'03 67'`.
 */
export interface MilesightFormat {
  readonly fPort: number;
  readonly items: MilesightItems;
  /** Items that come several times in a frame: each is a record of its own, of the time of the frame. */
  readonly lists?: MilesightItems;
  /** Items with a time of their own: [u32 seconds since 1970, UTC] and then these parts; each is a record. */
  readonly history?: MilesightItems;
}

const hex = (value: number): string => value.toString(16).padStart(2, '0').toUpperCase();

const keyed = (items: MilesightItems): Map<number, readonly MilesightPart[]> =>
  new Map(Object.entries(items).map(([key, parts]) => [Number.parseInt(key.replace(' ', ''), 16), parts]));

interface Frame {
  readonly cursor: Cursor;
  readonly current: Target;
  readonly others: DecodedRecord[];
}

export const milesightCodec = ({ items, lists = {}, history = {} }: MilesightFormat): Codec => {
  const live = keyed(items);
  const listed = keyed(lists);
  const past = keyed(history);

  /** Reads one item behind its key; false where the model has none of that key. */
  const readItem = (key: number, { cursor, current, others }: Frame): boolean => {
    const parts = live.get(key);
    if (parts) {
      if (cursor.at === 2 || !missParts(cursor, parts, current)) readMilesightParts(cursor, parts, current);
      return true;
    }
    const record = past.get(key);
    const stored: Target = { fields: {}, warnings: current.warnings };
    if (record) {
      const time = readU32Le(cursor) * 1000;
      readMilesightParts(cursor, record, stored);
      others.push({ time, fields: stored.fields });
      return true;
    }
    const entry = listed.get(key);
    if (!entry) return false;
    readMilesightParts(cursor, entry, stored);
    others.push({ fields: stored.fields });
    return true;
  };

  return {
    decodeUplink({ bytes, receivedAt }) {
      if (bytes.length === 0) return { errors: ['The frame is empty'] };
      const warnings: string[] = [];
      const frame: Frame = { cursor: cursorAt(bytes), current: { fields: {}, warnings }, others: [] };
      const { cursor } = frame;
      while (remaining(cursor) > 0) {
        const start = cursor.at;
        const key = (readU8(cursor) << 8) | readU8(cursor);
        if (readItem(key, frame)) continue;
        // Items carry no length: nothing behind an unknown one can be read, but what came before it is sound.
        const what = `item ${hex(key >> 8)} ${hex(key & 0xff)} at offset ${start}`;
        if (start === 0) throw payloadError(`Unknown ${what}`);
        warnings.push(`Unknown ${what}; it and the ${remaining(cursor)} bytes after it are not read`);
        break;
      }
      return { records: recordsOf(frame, receivedAt), warnings };
    },
  };
};

/** The current values first. A clock that was never set, or runs ahead, does not date them. */
const recordsOf = ({ current, others }: Frame, receivedAt: EpochMs): DecodedRecord[] => {
  const { fields, time, warnings } = current;
  if (Object.keys(fields).length === 0) return others;
  const set = time !== undefined && time >= PLAUSIBLE_TIME.min && time <= receivedAt + DAY;
  if (time !== undefined && !set) warnings.push("The device's clock is not set: the time of reception counts");
  const records = [set ? { time, fields } : { fields }, ...others];
  if (!set) return records;
  return records.map((record) => (record.time === undefined ? { time, fields: record.fields } : record));
};

/** Sends each item whose fields are all given; of items that share a field the one with more fields (with its alarm). */
export const milesightEncoder = ({ fPort, items }: MilesightFormat): UplinkEncoder => ({
  encodeUplink(fields, options = {}) {
    const out: Bytes = [];
    const sent = new Set<string>();
    for (const [key, parts] of byFieldCount(items)) {
      const names = parts.flatMap((part) => ('field' in part ? [part.field] : []));
      if (names.length === 0 || names.some((name) => sent.has(name) || !has(fields, name))) continue;
      for (const name of names) sent.add(name);
      out.push(...Uint8Array.fromHex(key.replace(' ', '')));
      for (const part of parts) writePart(out, part, fields);
    }
    return { fPort: options.fPort ?? fPort, bytes: Uint8Array.from(out) };
  },
});

const has = (fields: Readonly<Record<string, FieldValue>>, name: string): boolean => fields[name] !== undefined;

const isPlain = (parts: readonly MilesightPart[]): parts is readonly Part[] => parts.every(isPlainPart);

/** Items of plain parts only: what a sensor measures. Packed settings are answers to downlinks. */
const byFieldCount = (items: MilesightItems): [string, readonly Part[]][] =>
  Object.entries(items)
    .flatMap(([key, parts]): [string, readonly Part[]][] => (isPlain(parts) ? [[key, parts]] : []))
    .toSorted(([, a], [, b]) => b.length - a.length);
