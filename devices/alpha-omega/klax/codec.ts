import type { Codec, DecodedRecord } from '../../codec.ts';
import { type Cursor, cursorAt, payloadError, readU8, readU16Be, remaining } from '../../formats/byte-reader.ts';
import { type KlaxReading, modbusTypes, readKlaxBlock } from '../../formats/klax-blocks.ts';
import type { Fields } from '../../formats/part.ts';

/** KLAX 1 and 2 by Alpha-Omega Technology; sources in formats/klax-blocks.ts. */
const readingModes = [
  'SML_MODE',
  'IEC_NORMAL_MODE',
  'IEC_BATTERY_MODE',
  'LOGAREX_MODE',
  'EBZ_MODE',
  'TRITSCHLER_VC3_MODE',
];
const modbusModes = ['MODBUS_RTU', 'MODBUS_ASCII', 'MODBUS_RTU_INTERDELAY'];
const parities = ['NONE', 'ODD', 'EVEN', 'NONE_SPECIAL'];
const functions = ['READ_COILS', 'READ_DISCRETE_INPUTS', 'READ_HOLDING_REGISTERS', 'READ_INPUT_REGISTERS'];

const named = (names: readonly string[], code: number): string => names[code] ?? `unknown (${code})`;

/** Two bytes before every frame; answers the version of the payload. */
const readHeader = (cursor: Cursor, fields: Fields): number => {
  const head = readU8(cursor);
  const status = readU8(cursor);
  const version = head >> 2;
  if ((head & 3) > 1) throw payloadError(`KLAX has no device type ${head & 3}`);
  const modbus = (head & 3) === 1;
  fields.device_type = modbus ? 'MODBUS_KLAX' : 'SML_KLAX';
  // The maker's version is the upper six bits; the field is the lower six, as others have come to write it.
  fields.payload_version = head & 0x3f;
  fields.format_version = version;
  fields.connection_test = (status & 0x80) !== 0;
  fields.registers_configured = (status & 0x40) !== 0;
  const mode = version === 0 ? (status >> 4) & 3 : (status >> 3) & 7;
  fields.reading_mode = named(modbus ? modbusModes : readingModes, mode);
  const battery = version === 0 ? (status & 15) * 10 : (status & 7) * 20;
  fields.battery_level = battery > 100 ? null : battery;
  return version;
};

const readMessage = (cursor: Cursor, fields: Fields): void => {
  fields.message_index = readU8(cursor);
  const part = readU8(cursor);
  fields.message_number = part >> 4;
  fields.total_messages = part & 15;
};

const readObis = (cursor: Cursor): string => `${readU8(cursor)}.${readU8(cursor)}.${readU8(cursor)}`;

/** The profile names this many; a meter with more registers is not known. */
const MOST_REGISTERS = 24;

const readSearch = (cursor: Cursor, fields: Fields): string[] => {
  readMessage(cursor, fields);
  for (let index = 1; remaining(cursor) > 0; index++) {
    if (index > MOST_REGISTERS) return [`More than ${MOST_REGISTERS} registers found; the others are left out`];
    fields[`register${index}_id`] = readObis(cursor);
  }
  return [];
};

const readSet = (cursor: Cursor, fields: Fields): void => {
  const active = readU8(cursor);
  for (let index = 1; index <= 4; index++) {
    fields[`register_filter${index}_set`] = ((active >> (index - 1)) & 1) === 1;
    fields[`register_filter${index}_id`] = readObis(cursor);
  }
};

const readModbusSet = (cursor: Cursor, fields: Fields): void => {
  fields.modbus_address = readU8(cursor);
  fields.modbus_baud = readU16Be(cursor);
  const mode = readU8(cursor);
  fields.modbus_mode = named(modbusModes, mode & 3);
  fields.modbus_parity = named(parities, (mode >> 4) & 3);
  const retries = readU8(cursor);
  fields.modbus_read_retries = retries & 15;
  fields.modbus_read_timeout_ms = (retries >> 4) * 100;
  const before = readU8(cursor);
  fields.modbus_write_before_read = (before & 1) === 1;
  fields.modbus_wait_before_read_ms = (before >> 4) * 100;
  fields.modbus_write_address = readU16Be(cursor);
  fields.modbus_write_data = readU16Be(cursor);
  const active = readU8(cursor);
  for (let index = 1; index <= 4; index++) {
    fields[`register_filter${index}_set`] = ((active >> (index - 1)) & 1) === 1;
    fields[`register_filter${index}_address`] = readU16Be(cursor);
    const kind = readU8(cursor);
    fields[`register_filter${index}_function`] = named(functions, kind & 3);
    fields[`register_filter${index}_type`] = named(modbusTypes, kind >> 4);
  }
};

const readApp = (cursor: Cursor, reading: KlaxReading, version: number): string[] => {
  readMessage(cursor, reading.fields);
  while (remaining(cursor) > 0) {
    const at = cursor.at;
    if (!readKlaxBlock(cursor, reading, version)) {
      return [`KLAX block ${cursor.bytes[at]} at offset ${at} is not known; the rest of the frame is left out`];
    }
  }
  return [];
};

const MINUTE_MS = 60_000;
const DEFAULT_INTERVAL_MIN = 15;

const readPort = (fPort: number, cursor: Cursor, { reading, version }: { reading: KlaxReading; version: number }) => {
  const { fields } = reading;
  switch (fPort) {
    case 3:
      return readApp(cursor, reading, version);
    case 100:
      fields.measurement_interval = readU16Be(cursor);
      return [];
    case 101:
      fields.app_version = `${readU8(cursor)}.${readU8(cursor)}`;
      return [];
    case 103:
      return readSearch(cursor, fields);
    case 104:
      readSet(cursor, fields);
      return [];
    case 105:
      readModbusSet(cursor, fields);
      return [];
    default:
      throw payloadError(`KLAX sends nothing on fPort ${fPort}`);
  }
};

export const codec: Codec = {
  decodeUplink({ fPort, bytes, receivedAt, parameters }) {
    const cursor = cursorAt(bytes);
    const reading: KlaxReading = { fields: {}, earlier: [{}, {}, {}] };
    const version = readHeader(cursor, reading.fields);
    const warnings = readPort(fPort, cursor, { reading, version });
    const rest = remaining(cursor);
    if (rest > 0 && warnings.length === 0) warnings.push(`${rest} bytes at the end of the frame are not known`);
    const minutes = Number(parameters.measurementIntervalMin ?? DEFAULT_INTERVAL_MIN);
    const records: DecodedRecord[] = [{ fields: reading.fields }];
    reading.earlier.forEach((fields, index) => {
      if (Object.keys(fields).length === 0) return;
      records.push({ time: receivedAt - (index + 1) * minutes * MINUTE_MS, fields });
    });
    return { records, warnings };
  },
};
