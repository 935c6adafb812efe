import type { Codec, CodecInput, DecodedRecord, FieldValue } from '../codec.ts';
import { type BitCursor, bitCursorAt, readBitsLsb, remainingBits, signed, skipBits } from './bit-reader.ts';
import { payloadError } from './byte-reader.ts';
import type { Fields } from './part.ts';

/** One bit field of a Digital Matter message; the first byte's low bit comes first. */
export interface BitItem {
  /** Absent: bits that are passed over. */
  readonly name?: string;
  readonly bits: number;
  readonly read?: (raw: number) => FieldValue;
  /** Shorter messages of older firmware end here or earlier: the field is null. */
  readonly optional?: true;
}

/** The message of one fPort. */
export interface DigitalMatterMessage {
  readonly items: readonly BitItem[];
  /** What follows from several fields; may answer the time of measurement. */
  readonly complete?: (fields: Fields, input: CodecInput) => number | undefined;
}

export const bits = (name: string, size: number, read?: (raw: number) => FieldValue): BitItem => ({
  name,
  bits: size,
  ...(read && { read }),
});
export const flag = (name: string): BitItem => ({ name, bits: 1, read: (raw) => raw === 1 });
export const skip = (size: number): BitItem => ({ bits: size });
export const optional = (item: BitItem): BitItem => ({ ...item, optional: true });

/** A signed figure of `size` bits, a `divisor`-th of the unit each. */
export const scaled = (name: string, size: number, divisor: number): BitItem =>
  bits(name, size, (raw) => signed(raw, size) / divisor);

const readItems = (cursor: BitCursor, items: readonly BitItem[]): Fields => {
  const fields: Fields = {};
  for (const { name, bits: size, read, optional: mayEnd } of items) {
    if (mayEnd && remainingBits(cursor) < size) {
      if (name !== undefined) fields[name] = null;
    } else if (name === undefined) {
      skipBits(cursor, size);
    } else {
      const raw = readBitsLsb(cursor, size);
      fields[name] = read ? read(raw) : raw;
    }
  }
  return fields;
};

const isOnEarth = ({ latitude, longitude }: Fields): boolean =>
  typeof latitude !== 'number' ||
  typeof longitude !== 'number' ||
  (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180);

/** A codec of messages by fPort. */
export const digitalMatterCodec = (messages: Readonly<Record<number, DigitalMatterMessage>>): Codec => ({
  decodeUplink: (input) => {
    const message = messages[input.fPort];
    if (!message) throw payloadError(`No message on fPort ${input.fPort} is known of this model`);
    const cursor = bitCursorAt(input.bytes);
    const fields = readItems(cursor, message.items);
    const time = message.complete?.(fields, input);
    const warnings: string[] = [];
    const rest = remainingBits(cursor) >> 3;
    if (rest > 0) warnings.push(`${rest} bytes at the end of the message are of unknown meaning`);
    if (fields.fix_failed === true) warnings.push('The position is the last known one: the fix failed');
    if (!isOnEarth(fields)) warnings.push('The coordinates lie outside the valid range');
    const record: DecodedRecord = time === undefined ? { fields } : { time, fields };
    return { records: [record], warnings };
  },
});
