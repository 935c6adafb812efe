import type { Codec, DecodedRecord, FieldValue, UplinkEncoder } from '../codec.ts';
import { cursorAt, payloadError, readU8, readU32Le, remaining } from './byte-reader.ts';
import type { Bytes } from './byte-writer.ts';
import { type Fields, type Part, readPart, writePart } from './part.ts';

/**
 * Milesight's frames: items of [channel u8][type u8][value], little endian, one after the other; what a channel means
 * is the model's own (READMEs of Milesight-IoT/SensorDecoders). Keys are written as in those: `'03 67'`.
 */
export interface MilesightFormat {
  readonly fPort: number;
  readonly items: Readonly<Record<string, readonly Part[]>>;
  /** Items with a time of their own: [u32 seconds since 1970, UTC] and then these parts; each is a record. */
  readonly history?: Readonly<Record<string, readonly Part[]>>;
}

const hex = (value: number): string => value.toString(16).padStart(2, '0').toUpperCase();

const keyed = (items: Readonly<Record<string, readonly Part[]>>): Map<number, readonly Part[]> =>
  new Map(Object.entries(items).map(([key, parts]) => [Number.parseInt(key.replace(' ', ''), 16), parts]));

export const milesightCodec = ({ items, history = {} }: MilesightFormat): Codec => {
  const live = keyed(items);
  const past = keyed(history);
  return {
    decodeUplink({ bytes }) {
      if (bytes.length === 0) return { errors: ['The frame is empty'] };
      const cursor = cursorAt(bytes);
      const fields: Fields = {};
      const older: DecodedRecord[] = [];
      const warnings: string[] = [];
      let read = 0;
      while (remaining(cursor) > 0) {
        const key = (readU8(cursor) << 8) | readU8(cursor);
        const parts = live.get(key);
        if (parts) {
          for (const part of parts) readPart(cursor, part, fields);
        } else {
          const record = past.get(key);
          if (!record) {
            // Items carry no length: nothing behind an unknown one can be read, but what came before it is sound.
            const what = `item ${hex(key >> 8)} ${hex(key & 0xff)} at offset ${cursor.at - 2}`;
            if (read === 0) throw payloadError(`Unknown ${what}`);
            warnings.push(`Unknown ${what}; it and the ${remaining(cursor)} bytes after it are not read`);
            break;
          }
          const time = readU32Le(cursor) * 1000;
          const stored: Fields = {};
          for (const part of record) readPart(cursor, part, stored);
          older.push({ time, fields: stored });
        }
        read++;
      }
      const current: DecodedRecord[] = Object.keys(fields).length > 0 ? [{ fields }] : [];
      return { records: [...current, ...older], warnings };
    },
  };
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

const byFieldCount = (items: Readonly<Record<string, readonly Part[]>>): [string, readonly Part[]][] =>
  Object.entries(items).toSorted(([, a], [, b]) => b.length - a.length);
