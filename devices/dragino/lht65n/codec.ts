import type { Codec, CodecResult } from '../../codec.ts';
import {
  type Cursor,
  cursorAt,
  readBytes,
  readS16Be,
  readU8,
  readU16Be,
  readU32Be,
  remaining,
} from '../../formats/byte-reader.ts';
import {
  batteryLevel,
  batteryVolts,
  behind,
  isLogTime,
  readDeviceInformation,
  readLog,
} from '../../formats/dragino-frames.ts';
import type { Fields } from '../../formats/part.ts';

/** Hundredths of a degree; 0x7fff where no probe is plugged in, 0xffff where it does not answer. */
const readTemperature = (cursor: Cursor): number | null => {
  const raw = readS16Be(cursor);
  return raw === 0x7fff || raw === -1 ? null : raw / 100;
};

const readHumidity = (cursor: Cursor): number => (readU16Be(cursor) & 0x0fff) / 10;

const readU24 = (cursor: Cursor): number => (readU8(cursor) << 16) | readU16Be(cursor);

/** What is plugged into the node, by the low half of byte 6; it reads the bytes from 7 on. */
const extensions: Readonly<Record<number, (cursor: Cursor, fields: Fields) => void>> = {
  0: (_, fields) => {
    fields.ext_sensor = 'No external sensor';
  },
  1: (cursor, fields) => {
    fields.ext_sensor = 'Temperature Sensor';
    fields.temp_ds = readTemperature(cursor);
  },
  2: (cursor, fields) => {
    fields.ext_sensor = 'Temperature Sensor';
    fields.temp_tmp117 = readTemperature(cursor);
  },
  4: (cursor, fields) => {
    fields.work_mode = 'Interrupt Sensor send';
    fields.exti_pin_level = readU8(cursor) === 0 ? 'Low' : 'High';
    fields.exti_status = readU8(cursor) !== 0;
    if (cursor.bytes.length < 15) return;
    fields.exit_count = readU24(cursor);
    fields.exit_duration = readU24(cursor);
  },
  5: (cursor, fields) => {
    fields.work_mode = 'Illumination Sensor';
    fields.ill_lx = readU16Be(cursor);
  },
  6: (cursor, fields) => {
    fields.work_mode = 'ADC Sensor';
    fields.adc_v = readU16Be(cursor) / 1000;
  },
  7: (cursor, fields) => {
    fields.work_mode = 'Interrupt Sensor count';
    fields.exit_count = readU16Be(cursor);
  },
  8: (cursor, fields) => {
    fields.work_mode = 'Interrupt Sensor count';
    fields.exit_count = readU32Be(cursor);
  },
  9: (cursor, fields) => {
    fields.work_mode = 'DS18B20 & timestamp';
    fields.systimestamp = readU32Be(cursor);
  },
  10: (cursor, fields) => {
    fields.work_mode = 'TMP117 & timestamp';
    fields.systimestamp = readU32Be(cursor);
  },
  11: (cursor, fields) => {
    fields.work_mode = 'SHT31 Sensor';
    fields.ext_temp_sht = readTemperature(cursor);
    fields.ext_hum_sht = readHumidity(cursor);
  },
  14: (cursor, fields) => {
    fields.work_mode = 'PIR Sensor';
    fields.activity = (readU8(cursor) & 1) !== 0;
    fields.move_count = readU24(cursor);
  },
  15: (cursor, fields) => {
    fields.work_mode = 'DS18B20ID';
    fields.id = readBytes(cursorAt(cursor.bytes, 2), 4).toHex() + readBytes(cursor, 4).toHex();
  },
};

const batteryStates = ['ULTRA_LOW', 'LOW', 'OK', 'GOOD'];

/** The first six bytes; extensions 9 and 10 have the probe's temperature in the place of the volts. */
const readHead = (cursor: Cursor, extension: number): Fields => {
  const fields: Fields = {};
  const first = readU16Be(cursorAt(cursor.bytes, cursor.at));
  if (extension === 9 || extension === 10) {
    fields[extension === 9 ? 'temp_ds' : 'temp_tmp117'] = readTemperature(cursor);
    fields.battery_status = batteryStates[readU8(cursorAt(cursor.bytes, 4)) >> 6] ?? null;
  } else {
    readU16Be(cursor);
    fields.battery_voltage = batteryVolts(first);
    fields.battery_level = batteryLevel(batteryVolts(first), 2.5, 0.005);
    fields.battery_status = batteryStates[first >> 14] ?? null;
  }
  if (extension === 15) {
    readU32Be(cursor);
    return fields;
  }
  fields.temperature = readTemperature(cursor);
  fields.humidity = readHumidity(cursor);
  return fields;
};

const readLive = (bytes: Uint8Array): CodecResult => {
  const cursor = cursorAt(bytes);
  const status = readU8(cursorAt(bytes, 6));
  const extension = status & 0x0f;
  const fields = readHead(cursor, extension);
  readU8(cursor);
  if ((status & 0x80) !== 0) fields.no_connect = true;
  const read = extensions[extension];
  if (!read)
    return { records: [{ fields }], warnings: [`Extension ${extension} is not known; its bytes are left out`] };
  read(cursor, fields);
  // Frames are filled up to 11 bytes, whatever the extension sends.
  if (bytes.length > 11 && bytes.length !== 15) return { records: [{ fields }], warnings: behind(cursorAt(bytes, 11)) };
  return { records: [{ fields }], warnings: [] };
};

/** In the log, the probe's value stands first, and shorter than in a live frame. */
const logged: Readonly<Record<number, (cursor: Cursor, fields: Fields) => void>> = {
  1: (cursor, fields) => {
    fields.temp_ds = readTemperature(cursor);
  },
  2: (cursor, fields) => {
    fields.temp_tmp117 = readTemperature(cursor);
  },
  4: (cursor, fields) => {
    fields.exti_pin_level = readU8(cursor) === 0 ? 'Low' : 'High';
    fields.exti_status = readU8(cursor) !== 0;
  },
  5: (cursor, fields) => {
    fields.ill_lx = readU16Be(cursor);
  },
  6: (cursor, fields) => {
    fields.adc_v = readU16Be(cursor) / 1000;
  },
  7: (cursor, fields) => {
    fields.exit_count = readU16Be(cursor);
  },
  11: (cursor, fields) => {
    fields.ext_temp_sht = readTemperature(cursor);
  },
  14: (cursor, fields) => {
    fields.move_count = readU16Be(cursor);
  },
};

/** The kinds of extension that log as another one does. */
const logsAs: Readonly<Record<number, number>> = { 8: 7, 9: 1, 10: 2, 12: 11 };

const readEntry = (cursor: Cursor): Fields => {
  const fields: Fields = {};
  const status = readU8(cursorAt(cursor.bytes, cursor.at + 6));
  const extension = status & 0x0f;
  logged[logsAs[extension] ?? extension]?.(cursorAt(cursor.bytes, cursor.at), fields);
  readU16Be(cursor);
  fields.temperature = readTemperature(cursor);
  fields.humidity = readHumidity(cursor);
  fields.retransmission = (status & 0x80) !== 0;
  return fields;
};

/** A log has bit 6 (asked for) or bit 7 (sent again); in old firmware bit 7 of a live frame said "no probe". */
const isLog = (bytes: Uint8Array, receivedAt: number): boolean => {
  const status = bytes[6];
  if (status === undefined || bytes.length % 11 !== 0 || (status & 0xc0) === 0) return false;
  const seconds = readU32Be(cursorAt(bytes, 7));
  return isLogTime(seconds, receivedAt) || (seconds === 0 && (status & 0x40) !== 0);
};

const sensors = ['ds18b20', 'tmp117', 'gxht30', 'sht31'];
const MOST_SAMPLES = 24;

/** Samples between two uplinks, without times of their own. */
const readSamples = (bytes: Uint8Array): CodecResult => {
  const cursor = cursorAt(bytes);
  const fields: Fields = {
    battery_voltage: batteryVolts(readU16Be(cursor)),
    sensor: sensors[readU8(cursor) - 1] ?? null,
  };
  for (let sample = 1; sample <= MOST_SAMPLES && remaining(cursor) > 0; sample++) {
    fields[`temperature_${sample}`] = readTemperature(cursor);
  }
  return { records: [{ fields }], warnings: behind(cursor) };
};

const isSamples = (fPort: number, bytes: Uint8Array): boolean => {
  const sensor = bytes[2] ?? 0;
  return fPort === 3 && sensor >= 1 && sensor <= sensors.length;
};

/** dragino/dragino-end-node-decoder, LHT65N up to 1.5.6; the battery level as akenza-io/device-type-library derives it. */
export const codec: Codec = {
  decodeUplink({ fPort, bytes, receivedAt }) {
    if (fPort === 5) return readDeviceInformation(bytes, { 11: 'LHT65N', 26: 'LHT65N-PIR' });
    if (isLog(bytes, receivedAt)) return readLog(bytes, readEntry);
    return isSamples(fPort, bytes) ? readSamples(bytes) : readLive(bytes);
  },
};
