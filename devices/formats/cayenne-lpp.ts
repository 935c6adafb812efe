import type { Codec, DecodedRecord } from '../codec.ts';
import { type Cursor, cursorAt, payloadError, readBytes, readU8, remaining } from './byte-reader.ts';
import type { Fields } from './part.ts';

/**
 * Cayenne Low Power Payload: u8 channel, u8 type, big-endian value, repeated. Types are IPSO object numbers less 3200;
 * the first eleven are myDevices' own (myDevicesIoT/CayenneLPP), the others those of LPP 2 as common libraries send
 * them (ElectronicCats/CayenneLPP, docs.rs/cayenne_lpp).
 */
interface LppType {
  /** One name per value. */
  readonly fields: readonly string[];
  /** Bytes of each value. */
  readonly size: 1 | 2 | 3 | 4;
  readonly signed?: true;
  readonly divisor?: number;
  /** Where the last value's divisor differs: the altitude of a position. */
  readonly lastDivisor?: number;
}

const lppTypes: Readonly<Record<number, LppType>> = {
  0: { fields: ['digital_input'], size: 1 },
  1: { fields: ['digital_output'], size: 1 },
  2: { fields: ['analog_input'], size: 2, signed: true, divisor: 100 },
  3: { fields: ['analog_output'], size: 2, signed: true, divisor: 100 },
  101: { fields: ['light'], size: 2 },
  102: { fields: ['presence'], size: 1 },
  103: { fields: ['temperature'], size: 2, signed: true, divisor: 10 },
  104: { fields: ['humidity'], size: 1, divisor: 2 },
  113: { fields: ['acc_x', 'acc_y', 'acc_z'], size: 2, signed: true, divisor: 1000 },
  115: { fields: ['barometer'], size: 2, divisor: 10 },
  134: { fields: ['gyro_x', 'gyro_y', 'gyro_z'], size: 2, signed: true, divisor: 100 },
  136: { fields: ['latitude', 'longitude', 'altitude'], size: 3, signed: true, divisor: 10_000, lastDivisor: 100 },
  100: { fields: ['generic'], size: 4 },
  116: { fields: ['voltage'], size: 2, divisor: 100 },
  117: { fields: ['current'], size: 2, divisor: 1000 },
  118: { fields: ['frequency'], size: 4 },
  120: { fields: ['percentage'], size: 1 },
  121: { fields: ['altitude'], size: 2, signed: true },
  122: { fields: ['load'], size: 3, signed: true, divisor: 1000 },
  125: { fields: ['concentration'], size: 2 },
  128: { fields: ['power'], size: 2 },
  130: { fields: ['distance'], size: 4, divisor: 1000 },
  131: { fields: ['energy'], size: 4, divisor: 1000 },
  132: { fields: ['direction'], size: 2 },
  133: { fields: ['unix_time'], size: 4 },
  135: { fields: ['colour_red', 'colour_green', 'colour_blue'], size: 1 },
  142: { fields: ['switch'], size: 1 },
};

/** Channels up to this one have series of their own. */
const LAST_CHANNEL = 7;

const numberOf = (bytes: Uint8Array, signed: boolean): number => {
  let value = signed ? ((bytes[0] ?? 0) << 24) >> 24 : (bytes[0] ?? 0);
  for (let index = 1; index < bytes.length; index++) value = value * 256 + (bytes[index] as number);
  return value;
};

/** Reads the values of one item into `fields`, each name with `suffix`. */
const readLppValues = (cursor: Cursor, type: LppType, { fields, suffix }: { fields: Fields; suffix: string }) => {
  const { size, signed = false, divisor = 1, lastDivisor = divisor } = type;
  type.fields.forEach((field, index) => {
    const last = index === type.fields.length - 1;
    fields[field + suffix] = numberOf(readBytes(cursor, size), signed) / (last ? lastDivisor : divisor);
  });
};

/** A record per item; its fields end in the channel's number. */
export const cayenneLpp: Codec = {
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    if (bytes.length === 0) throw payloadError('The frame is empty');
    const records: DecodedRecord[] = [];
    const warnings: string[] = [];
    while (remaining(cursor) > 0) {
      const channel = readU8(cursor);
      const id = readU8(cursor);
      const type = lppTypes[id];
      if (!type) {
        if (records.length === 0) throw payloadError(`LPP type ${id} is not known`);
        warnings.push(`LPP type ${id} is not known; the rest of the frame is left out`);
        break;
      }
      const fields: Fields = { channel };
      const suffix = channel <= LAST_CHANNEL ? `_${channel}` : '';
      readLppValues(cursor, type, { fields, suffix });
      if (suffix === '') warnings.push(`Channel ${channel} has no series of its own, those up to ${LAST_CHANNEL} have`);
      records.push({ fields });
    }
    return { records, warnings };
  },
};
