import type { Codec, DecodedRecord } from '../codec.ts';
import { type Cursor, cursorAt, payloadError, readBytes, readS32Le, readU8, readU16Le } from './byte-reader.ts';
import type { Fields } from './part.ts';

/**
 * Frames of the SenseCAP S210x sensors (TheThingsNetwork/lorawan-devices, sensecap210x): blocks of a channel, a number
 * and four bytes, all little endian; a CRC-16/KERMIT at the end. Numbers from 4097 on are measurements in thousandths.
 */

const measurements: Readonly<Record<number, string>> = {
  4097: 'temperature',
  4098: 'humidity',
  4099: 'light',
  4100: 'co2',
  4101: 'barometric_pressure',
  4102: 'soil_temperature',
  4103: 'soil_humidity',
  4104: 'wind_direction',
  4105: 'wind_speed',
  4106: 'ph',
  4107: 'light_quantum',
  4108: 'soil_conductivity',
};

/** Raw values that say why there is none, as akenza-io/device-type-library spells them. */
const faults: Readonly<Record<number, string>> = {
  2000001000: 'NO_SENSOR_RESPONSE',
  2000002000: 'SENSOR_DATA_HEAD_ERROR',
  2000003000: 'SENSOR_ARG_INVAILD',
  2000257000: 'SENSOR_DATA_ERROR_UNKONW',
};

const BLOCK_SIZE = 7;
const CRC_SIZE = 2;
const REMOVED = 0x120;

/** Collects one frame: its fields, what failed, and the halves of the sensor's EUI, which come in two blocks. */
interface Frame {
  readonly fields: Fields;
  readonly failed: { readonly error_code: string; readonly error_field: string }[];
  readonly warnings: string[];
  readonly eui: { low?: string; high?: string };
}

const reversedHex = (cursor: Cursor): string => readBytes(cursor, 4).toReversed().toHex();

/** Two versions of two numbers each, the software's first. */
const readVersions = (cursor: Cursor, name: string, fields: Fields): void => {
  const [softMinor, softMajor, hardMinor, hardMajor] = readBytes(cursor, 4);
  fields[`${name}hardware_version`] = `${hardMajor}.${hardMinor}`;
  fields[`${name}software_version`] = `${softMajor}.${softMinor}`;
};

/** Blocks about the node and its sensor. Answers false where the number is not known. */
const readAttribute = (cursor: Cursor, number: number, { fields, eui }: Frame): boolean => {
  if (number === 0) readVersions(cursor, '', fields);
  else if (number === 1) readVersions(cursor, 'sensor_', fields);
  else if (number === 2) eui.low = reversedHex(cursor);
  else if (number === 3) eui.high = reversedHex(cursor);
  else if (number >= 4 && number <= 6) fields[`sensor_attribute_${number}`] = reversedHex(cursor);
  else if (number === 7) {
    fields.battery_level = readU16Le(cursor);
    fields.send_interval = readU16Le(cursor);
  } else if (number === REMOVED) {
    fields.sensor_removed = true;
    readBytes(cursor, 4);
  } else return false;
  return true;
};

const readBlock = (cursor: Cursor, frame: Frame): void => {
  const channel = readU8(cursor);
  const number = readU16Le(cursor);
  const field = measurements[number];
  if (field !== undefined) {
    const raw = readS32Le(cursor);
    const fault = faults[raw];
    frame.fields[field] = fault === undefined ? raw / 1000 : null;
    if (fault !== undefined) frame.failed.push({ error_code: fault, error_field: field });
  } else if (!readAttribute(cursor, number, frame)) {
    frame.warnings.push(`Block ${number} of channel ${channel} is not known: ${readBytes(cursor, 4).toHex()}`);
  }
};

/** CRC-16/KERMIT: polynomial 0x1021, from the lowest bit, start 0. */
const crc16 = (bytes: Uint8Array, size: number): number => {
  let crc = 0;
  for (let at = 0; at < size; at++) {
    crc ^= bytes[at] as number;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >> 1 : (crc >> 1) ^ 0x8408;
  }
  return crc;
};

/**
 * A frame of whole blocks. A wrong check sum is a warning: LoRaWAN has its own, and nodes are seen that send another.
 * Each further failed measurement gets a record of its own.
 */
export const sensecapCodec: Codec = {
  decodeUplink({ bytes }) {
    const size = bytes.length - CRC_SIZE;
    if (size < BLOCK_SIZE || size % BLOCK_SIZE !== 0) {
      throw payloadError(
        `A frame has blocks of ${BLOCK_SIZE} bytes and ${CRC_SIZE} behind them; this has ${bytes.length}`,
      );
    }
    const frame: Frame = { fields: {}, failed: [], warnings: [], eui: {} };
    if (crc16(bytes, size) !== readU16Le(cursorAt(bytes, size))) frame.warnings.push('The check sum is wrong');
    const cursor = cursorAt(bytes);
    while (cursor.at < size) readBlock(cursor, frame);
    const { fields, failed, eui, warnings } = frame;
    if (eui.low !== undefined && eui.high !== undefined) fields.sensor_id = (eui.high + eui.low).toUpperCase();
    const [first, ...further] = failed;
    const records: DecodedRecord[] = [{ fields: { ...fields, ...first } }];
    for (const fault of further) records.push({ fields: { ...fault } });
    return { records, warnings };
  },
};
