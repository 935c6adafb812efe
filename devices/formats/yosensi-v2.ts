import type { EpochMs } from '../../model/time.ts';
import type { Codec, CodecResult, DecodedRecord } from '../codec.ts';
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

/** The table as it is looked up: keys are numbers, as no text is to be built for each measurement. */
type Targets = ReadonlyMap<number, readonly string[]>;

const NO_ADDRESS = 256;
const keyOf = (type: number, address: number): number => type * 512 + address;

const compile = (table: YosensiFields): Targets =>
  new Map(
    Object.entries(table).map(([name, fields]) => {
      const [type = '', address] = name.split(':');
      const key = keyOf(Number(type), address === undefined ? NO_ADDRESS : Number.parseInt(address, 16));
      return [key, typeof fields === 'string' ? [fields] : fields];
    }),
  );

const divisors = [1, 10, 100, 1000] as const;

interface Measurement {
  readonly type: number;
  readonly address: Uint8Array;
  readonly divisor: number;
  readonly delayS: number;
  readonly value: Uint8Array;
}

const readMeasurement = (cursor: Cursor): Measurement => {
  const head = readU8(cursor);
  const delayS = readU8(cursor);
  const lengths = readU8(cursor);
  const address = readBytes(cursor, lengths >> 4);
  const value = readBytes(cursor, (lengths & 15) + 1);
  return { type: head >> 2, address, divisor: divisors[head & 3] ?? 1, delayS, value };
};

/** Big endian with sign, from `start` to `end`. */
const signedOf = (bytes: Uint8Array, start: number, end: number): number => {
  let value = ((bytes[start] ?? 0) << 24) >> 24;
  for (let at = start + 1; at < end; at++) value = value * 256 + (bytes[at] as number);
  return value;
};

/** Answers whether the table knows this measurement. */
const place = ({ type, address, divisor, value }: Measurement, targets: Targets, fields: Fields): boolean => {
  const own = address.length === 1 ? targets.get(keyOf(type, address[0] ?? 0)) : undefined;
  const names = own ?? targets.get(keyOf(type, NO_ADDRESS));
  if (!names) return false;
  const size = value.length / names.length;
  if (!Number.isInteger(size)) {
    throw payloadError(`Measurement type ${type} has ${value.length} bytes, which ${names.length} values do not share`);
  }
  for (let index = 0; index < names.length; index++) {
    fields[names[index] as string] = signedOf(value, index * size, (index + 1) * size) / divisor;
  }
  return true;
};

/** Measurements of one second share a record. */
export const yosensiCodec = (table: YosensiFields): Codec => {
  const targets = compile(table);
  return { decodeUplink: ({ bytes, receivedAt }) => decode(bytes, receivedAt, targets) };
};

const decode = (bytes: Uint8Array, receivedAt: EpochMs, targets: Targets): CodecResult => {
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
    const fields = groups.get(ageS) ?? { payload_counter: payloadCounter };
    groups.set(ageS, fields);
    if (!place(measurement, targets, fields)) {
      const address = measurement.address.toHex();
      warnings.push(
        `Measurement type ${measurement.type}${address && ` of address ${address}`} is not known for this model`,
      );
    }
  }
  const records = [...groups].map(
    ([ageS, fields]): DecodedRecord => (ageS > 0 ? { time: receivedAt - ageS * 1000, fields } : { fields }),
  );
  return { records, warnings };
};
