import { DAY, PLAUSIBLE_TIME } from '../../model/time.ts';
import type { CodecResult, DecodedRecord, FieldValue } from '../codec.ts';
import {
  type Cursor,
  cursorAt,
  payloadError,
  readS16Be,
  readU8,
  readU16Be,
  readU32Be,
  remaining,
} from './byte-reader.ts';
import type { Fields } from './part.ts';

/**
 * What Dragino's end nodes have in common (dragino/dragino-end-node-decoder): big endian; a battery word of 14 bits in
 * mV below two flags; device information on fPort 5; logged samples of 11 bytes on request.
 */

/** LoRaWAN plans by their number in a device information frame. */
const frequencyBands =
  'EU868 US915 IN865 AU915 KZ865 RU864 AS923 AS923_1 AS923_2 AS923_3 CN470 EU433 KR920 MA869 AS923_4'.split(' ');

export const frequencyBand = (code: number): string => frequencyBands[code - 1] ?? `unknown (${code})`;

/** 0xff where the plan has no sub-bands. */
export const subBand = (code: number): number | null => (code === 0xff ? null : code);

/** Two bytes: the first's low half, then both halves of the second. */
export const readFirmware = (cursor: Cursor): string => {
  const major = readU8(cursor) & 0x0f;
  const rest = readU8(cursor);
  return `${major}.${rest >> 4}.${rest & 0x0f}`;
};

/** Volts of a battery word, without its two flags. */
export const batteryVolts = (word: number): number => (word & 0x3fff) / 1000;

/** Percent in steps of ten, as akenza-io/device-type-library derives it from an empty voltage and volts per percent. */
export const batteryLevel = (volts: number, empty: number, perPercent: number): number =>
  Math.min(100, Math.max(0, Math.round((volts - empty) / perPercent / 10) * 10));

/** DS18B20 in tenths of a degree; 0xffff where none answers. */
export const readProbeTemperature = (cursor: Cursor): number | null => {
  const raw = readS16Be(cursor);
  return raw === -1 ? null : raw / 10;
};

/** fPort 5: model, firmware, plan, sub-band, battery. `models` names the first byte. */
export const readDeviceInformation = (bytes: Uint8Array, models: Readonly<Record<number, string>>): CodecResult => {
  const cursor = cursorAt(bytes);
  const model = readU8(cursor);
  const fields: Fields = {
    sensor_model: models[model] ?? `unknown (${model})`,
    firmware_version: readFirmware(cursor),
    frequency_band: frequencyBand(readU8(cursor)),
    sub_band: subBand(readU8(cursor)),
    battery_voltage: batteryVolts(readU16Be(cursor)),
  };
  return { records: [{ fields }], warnings: behind(cursor) };
};

/** A warning where a newer firmware appended something. */
export const behind = (cursor: Cursor): string[] =>
  remaining(cursor) > 0 ? [`${remaining(cursor)} bytes at the end of the frame are not known`] : [];

const ENTRY_SIZE = 11;

/** Whether a log could hold this time, in seconds since 1970: not long past, not more than a day ahead. */
export const isLogTime = (seconds: number, receivedAt: number): boolean =>
  seconds * 1000 >= PLAUSIBLE_TIME.min && seconds * 1000 <= receivedAt + DAY;

/**
 * Logged samples of 11 bytes, the last four their time in seconds since 1970. An entry of time 0 says that the device
 * has nothing in the span it was asked for.
 */
export const readLog = (
  bytes: Uint8Array,
  readEntry: (cursor: Cursor) => Readonly<Record<string, FieldValue>>,
): CodecResult => {
  if (bytes.length === 0 || bytes.length % ENTRY_SIZE !== 0) {
    throw payloadError(`A log has entries of ${ENTRY_SIZE} bytes each; ${bytes.length} bytes are not a number of them`);
  }
  const records: DecodedRecord[] = [];
  const warnings: string[] = [];
  for (let at = 0; at < bytes.length; at += ENTRY_SIZE) {
    const fields = readEntry(cursorAt(bytes, at));
    const seconds = readU32Be(cursorAt(bytes, at + ENTRY_SIZE - 4));
    if (seconds === 0) warnings.push('An entry of the log is empty: the device has no sample for it');
    else records.push({ time: seconds * 1000, fields });
  }
  return { records, warnings };
};
