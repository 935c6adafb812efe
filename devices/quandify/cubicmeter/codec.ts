import type { Codec } from '../../codec.ts';
import {
  type Cursor,
  cursorAt,
  payloadError,
  readU8,
  readU16Le,
  readU32Le,
  remaining,
} from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';

/** Layout, scales and states: github.com/quandify/cubicmeter-1.1, and akenza-io/device-type-library (MIT). */
const REPORT_PORT = 1;
const RESPONSE_PORT = 6;

const statuses = ['OK', 'COMMAND_ERROR', 'PAYLOAD_ERROR', 'VALUE_ERROR'];
const leaks: Readonly<Record<number, string>> = { 3: 'MEDIUM', 4: 'LARGE' };
const appStates: Readonly<Record<number, string>> = { 3: 'READY', 4: 'PIPE_SELECTION', 5: 'METERING' };

const pipes: Readonly<Record<number, string>> = {
  0: 'Custom',
  1: 'Copper 15 mm',
  2: 'Copper 18 mm',
  3: 'Copper 22 mm',
  4: 'Chrome 15 mm',
  5: 'Chrome 18 mm',
  6: 'Chrome 22 mm',
  7: 'Pal 16 mm',
  8: 'Pal 20 mm',
  9: 'Pal 25 mm',
  14: 'Pex 16 mm',
  15: 'Pex 20 mm',
  16: 'Pex 25 mm',
  17: 'Distpipe',
};

const stated = (states: Readonly<Record<number, string>>, code: number, what: string): string => {
  const state = states[code];
  if (state === undefined) throw payloadError(`CubicMeter has no ${what} ${code}`);
  return state;
};

/** 8 mV steps above 1.8 V. */
const readVolts = (cursor: Cursor): number => (1800 + readU8(cursor) * 8) / 1000;
/** Half degrees above -20 Cel. */
const readCelsius = (cursor: Cursor): number => readU8(cursor) / 2 - 20;

const NOT_SENSING = 0x8000;
const REVERSE_FLOW = 384;
/** At or below it the maker counts the battery as low. */
const LOW_BATTERY_V = 3.1;

const messagesOf = ({ is_sensing, error_code, battery_status }: Fields): string[] => {
  const messages: string[] = [];
  if (is_sensing === false) messages.push('Not sensing water');
  if (error_code === REVERSE_FLOW) messages.push('Reverse flow');
  else if (error_code !== 0) messages.push(`Contact Quandify support, error ${error_code}`);
  if (battery_status === 'LOW') messages.push('Low battery');
  return messages;
};

/** 28 bytes; the device's clock (0..3), 10..13 and 14..21 are not described in public. */
const readStatus = (cursor: Cursor, fields: Fields): void => {
  const start = cursor.at;
  cursor.at = start + 4;
  const error = readU16Le(cursor);
  fields.error_code = error & 0x7fff;
  fields.is_sensing = (error & NOT_SENSING) === 0;
  fields.total_volume = readU32Le(cursor);
  cursor.at = start + 22;
  const leak = readU8(cursor);
  fields.leak_state = leak;
  fields.leak_is_ongoing = leak > 2;
  fields.leak_status = leaks[leak] ?? 'NO_LEAK';
  fields.battery_active = readVolts(cursor);
  const volts = readVolts(cursor);
  fields.battery_voltage = volts;
  fields.battery_status = volts <= LOW_BATTERY_V ? 'LOW' : 'OK';
  fields.water_temperature_min = readCelsius(cursor);
  fields.water_temperature_max = readCelsius(cursor);
  fields.ambient_temperature = readCelsius(cursor);
  messagesOf(fields).forEach((message, index) => {
    fields.level = 'WARNING';
    fields[index === 0 ? 'message' : `message_${index + 1}`] = message;
  });
};

const readHardware = (cursor: Cursor, fields: Fields): void => {
  const start = cursor.at;
  const version = readU32Le(cursor);
  fields.firmware_version = `${version >>> 24}.${(version >>> 16) & 0xff}.${version & 0xffff}`;
  fields.hardware_version = readU8(cursor);
  fields.app_state = stated(appStates, readU8(cursor), 'app state');
  cursor.at = start + 28;
  const pipe = readU8(cursor);
  fields.pipe_id = pipe;
  fields.pipe_type = stated(pipes, pipe, 'pipe type');
};

const readSettings = (cursor: Cursor, fields: Fields): void => {
  cursor.at += 5;
  fields.lorawan_report_interval = readU32Le(cursor);
};

interface Report {
  readonly type: string;
  readonly size: number;
  readonly read: (cursor: Cursor, fields: Fields) => void;
}

const statusReport: Report = { type: 'STATUS_REPORT', size: 28, read: readStatus };

const reports: Readonly<Record<number, Report>> = {
  1: statusReport,
  2: { type: 'HARDWARE_REPORT', size: 35, read: readHardware },
  4: { type: 'SETTINGS_REPORT', size: 38, read: readSettings },
};

const readReport = (cursor: Cursor, { type, size, read }: Report, fields: Fields): void => {
  if (remaining(cursor) !== size) throw payloadError(`${type} has ${size} bytes, not ${remaining(cursor)}`);
  read(cursor, fields);
};

const readResponse = (cursor: Cursor, fields: Fields): void => {
  fields.f_port = readU8(cursor);
  fields.status = stated(statuses, readU8(cursor), 'response status');
  const code = readU8(cursor);
  const report = reports[code];
  if (code !== 0 && !report) throw payloadError(`CubicMeter has no response type ${code}`);
  fields.type = report?.type ?? 'NONE';
  if (report) readReport(cursor, report, fields);
};

export const codec: Codec = {
  decodeUplink({ fPort, bytes }) {
    const cursor = cursorAt(bytes);
    const fields: Fields = {};
    if (fPort === REPORT_PORT) readReport(cursor, statusReport, fields);
    else if (fPort === RESPONSE_PORT) readResponse(cursor, fields);
    else throw payloadError(`CubicMeter sends nothing on fPort ${fPort}`);
    return { records: [{ fields }], warnings: [] };
  },
};
