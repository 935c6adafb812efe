import type { Codec } from '../../codec.ts';
import {
  type Cursor,
  cursorAt,
  payloadError,
  readBytes,
  readS16Le,
  readS32Le,
  readU8,
  readU16Le,
  readU32Le,
  remaining,
} from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';

// Message id u8, then little endian. Facts: the maker's "Enginko data frame format" (rev. 1.34) as
// types/enginko/MCF-LW12MET of akenza-io/device-type-library (MIT) and the decoder of The Things Network read it.

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Year from 2000 (7 bits), month, day, hour, minute, half of the second, of a clock whose zone nobody tells. */
const readDate = (cursor: Cursor): string => {
  const raw = readU32Le(cursor);
  const date = [2000 + (raw >>> 25), (raw >>> 21) & 0x0f, (raw >>> 16) & 0x1f];
  const time = [(raw >>> 11) & 0x1f, (raw >>> 5) & 0x3f, (raw & 0x1f) * 2];
  return `${date.map(twoDigits).join('-')}T${time.map(twoDigits).join(':')}`;
};

const readTimeSync = (cursor: Cursor, fields: Fields): void => {
  fields.sync_id = readBytes(cursor, 4).toHex();
  fields.sync_version = Array.from({ length: 3 }, () => readBytes(cursor, 1).toHex()).join('.');
  fields.application_type = readBytes(cursor, 2).toHex();
  fields.rfu = readBytes(cursor, remaining(cursor)).toHex();
};

/** Of 21 bytes with the energies alone, of 33 with what flows at the moment, too. */
const readMeter = (cursor: Cursor, fields: Fields): void => {
  fields.date = readDate(cursor);
  fields.active_energy = readS32Le(cursor);
  fields.reactive_energy = readS32Le(cursor);
  fields.apparent_energy = readS32Le(cursor);
  if (cursor.bytes.length > 21) {
    fields.active_power = readS16Le(cursor);
    fields.reactive_power = readS16Le(cursor);
    fields.apparent_power = readS16Le(cursor);
    fields.voltage = readU16Le(cursor);
    fields.current = readU16Le(cursor);
    const period = readU16Le(cursor);
    fields.period = period;
    fields.frequency = period === 0 ? null : Number((1_000_000 / period).toFixed(2));
  }
  fields.activation = readU32Le(cursor);
};

const kinds = ['input_status', 'output_status', 'input_trigger'];
const groups = ['1to8', '9to16', '17to24', '25to32'];

/** Four bytes each of inputs, outputs and which input caused the message. */
const readStates = (cursor: Cursor, fields: Fields): void => {
  fields.date = readDate(cursor);
  for (const kind of kinds) for (const group of groups) fields[`${kind}${group}`] = readU8(cursor).toString(2);
};

/** How a detection is sent, by the type of the message. */
const detections: Readonly<
  Record<number, { size: number; read: (cursor: Cursor, n: number, fields: Fields) => void }>
> = {
  0: {
    size: 2,
    read: (cursor, n, fields) => {
      fields[`detection_counter_${n}`] = readU16Le(cursor);
    },
  },
  1: {
    size: 6,
    read: (cursor, n, fields) => {
      fields[`detection_date_${n}`] = readDate(cursor);
      fields[`detection_frequency_${n}`] = readU16Le(cursor) / 10;
    },
  },
  2: {
    size: 6,
    read: (cursor, n, fields) => {
      fields[`detection_date_${n}`] = readDate(cursor);
      fields[`detection_counter_${n}`] = readU16Le(cursor);
    },
  },
};

const readDetections = (cursor: Cursor, fields: Fields): void => {
  const type = readU8(cursor);
  const detection = detections[type];
  if (!detection) throw payloadError(`No type ${type} of digital data; known are 0, 1 and 2`);
  let n = 0;
  do detection.read(cursor, ++n, fields);
  while (n < 16 && remaining(cursor) >= detection.size);
};

const messages: Readonly<Record<number, (cursor: Cursor, fields: Fields) => void>> = {
  1: readTimeSync,
  9: readMeter,
  10: readStates,
  16: readDetections,
};

export const codec: Codec = {
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    const kind = readU8(cursor);
    const read = messages[kind];
    if (!read) throw payloadError(`No kind ${kind}; known are 1, 9, 10 and 16`);
    const fields: Fields = {};
    read(cursor, fields);
    const left = remaining(cursor);
    return { records: [{ fields }], warnings: left > 0 ? [`${left} bytes at the end are not read`] : [] };
  },
};
