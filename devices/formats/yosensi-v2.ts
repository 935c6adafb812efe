import type { Codec, DecodedRecord } from '../codec.ts';
import { type Cursor, cursorAt, payloadError, readBytes, readU8, readU16Be, remaining } from './byte-reader.ts';
import type { Fields } from './part.ts';

/**
 * Yosensi's frames, version 2 (types/yosensi of akenza-io/device-type-library): u8 version, u8 counter, u16 seconds
 * between building and sending the frame, then measurements of u8 type and precision (6 and 2 bits), u8 seconds after
 * building, u8 lengths of address and value (4 and 4 bits), address, and a signed big-endian value. Some types hold
 * several values in one.
 */
const VERSION = 2;

/** Field by type number, or by `type:address`; of types with several values a list. */
export type YosensiFields = Readonly<Record<string, string | readonly string[]>>;

/** What most models say besides their own measurement. */
export const yosensiAcceleration: YosensiFields = {
  '15': ['accelerometer_x', 'accelerometer_y', 'accelerometer_z'],
  '16': ['accelerometer_x', 'accelerometer_y', 'accelerometer_z'],
};

interface Measurement {
  readonly type: number;
  readonly address: string;
  readonly divisor: number;
  readonly delayS: number;
  readonly value: Uint8Array;
}

const readMeasurement = (cursor: Cursor): Measurement => {
  const head = readU8(cursor);
  const delayS = readU8(cursor);
  const lengths = readU8(cursor);
  const address = readBytes(cursor, lengths >> 4).toHex();
  const value = readBytes(cursor, (lengths & 15) + 1);
  return { type: head >> 2, address, divisor: 10 ** (head & 3), delayS, value };
};

/** Big endian with sign; four bytes at most count, as in the source. */
const signedOf = (bytes: Uint8Array): number => {
  let value = ((bytes[0] ?? 0) << 24) >> 24;
  for (const byte of bytes.subarray(1)) value = value * 256 + byte;
  return value;
};

const valuesOf = (value: Uint8Array, count: number, type: number): number[] => {
  if (value.length % count !== 0) {
    throw payloadError(`Measurement type ${type} has ${value.length} bytes, which ${count} values do not share`);
  }
  const size = value.length / count;
  return Array.from({ length: count }, (_, index) => signedOf(value.subarray(index * size, (index + 1) * size)));
};

const place = ({ type, address, divisor, value }: Measurement, table: YosensiFields, fields: Fields): boolean => {
  const target = table[`${type}:${address}`] ?? table[type];
  if (target === undefined) return false;
  const names = typeof target === 'string' ? [target] : target;
  const values = valuesOf(value, names.length, type);
  names.forEach((name, index) => {
    fields[name] = (values[index] as number) / divisor;
  });
  return true;
};

/** Measurements of one second share a record. */
export const yosensiCodec = (table: YosensiFields): Codec => ({
  decodeUplink({ bytes, receivedAt }) {
    const cursor = cursorAt(bytes);
    const version = readU8(cursor);
    if (version !== VERSION) throw payloadError(`Yosensi payload version ${version}; this codec reads ${VERSION}`);
    const payloadCounter = readU8(cursor);
    const builtBeforeS = readU16Be(cursor);
    if (remaining(cursor) === 0) throw payloadError('The frame holds no measurement');
    const groups = new Map<number, Fields>();
    const warnings: string[] = [];
    while (remaining(cursor) > 0) {
      const measurement = readMeasurement(cursor);
      const ageS = builtBeforeS - measurement.delayS;
      let fields = groups.get(ageS);
      if (!fields) groups.set(ageS, (fields = { payload_counter: payloadCounter }));
      if (!place(measurement, table, fields)) {
        const { type, address } = measurement;
        warnings.push(`Measurement type ${type}${address && ` of address ${address}`} is not known for this model`);
      }
    }
    const records = [...groups].map(([ageS, fields]): DecodedRecord =>
      ageS > 0 ? { time: receivedAt - ageS * 1000, fields } : { fields },
    );
    return { records, warnings };
  },
});
