import { bitsMsb, signed } from './bit-reader.ts';
import {
  type Cursor,
  payloadError,
  readBytes,
  readS16Be,
  readS32Be,
  readU8,
  readU16Be,
  remaining,
} from './byte-reader.ts';
import type { Fields } from './part.ts';

/*
 * Position messages of Abeeway trackers (types 0x03 and 0x0E), by the tracker reference guide (mirrored in
 * debraysimon/tpxle-doc, docs/abeeway-trackers-reference-guide) and akenza-io/device-type-library types/abeeway.
 */

/** A byte that spans `lo` to `hi` evenly, `reserved` of its values having another meaning. */
export const spanned = (raw: number, [lo, hi]: readonly [number, number], reserved = 0): number =>
  ((raw - reserved / 2) * (hi - lo)) / (255 - reserved) + lo;

const hexPair = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));
export const readAddress = (cursor: Cursor, size = 6): string =>
  Array.from(readBytes(cursor, size), (value) => hexPair[value]).join(':');

const readS8 = (cursor: Cursor): number => (readU8(cursor) << 24) >> 24;

const readCoordinate24 = (cursor: Cursor): number => (signed(bitsMsb(readBytes(cursor, 3), 0, 24), 24) * 256) / 1e7;

const readAccuracy = (cursor: Cursor): number => Math.round(spanned(readU8(cursor), [0, 1000]));

const readFix = (cursor: Cursor, fields: Fields): void => {
  fields.latitude = readCoordinate24(cursor);
  fields.longitude = readCoordinate24(cursor);
  fields.horizontal_accuracy = readAccuracy(cursor);
  fields.gps_message = 'GPS_FIX';
};

/** Coded accuracy from 251 on is a range; its upper bound is answered, 255 has none. */
const wideAccuracies: Readonly<Record<number, number | null>> = {
  251: 500,
  252: 1000,
  253: 2000,
  254: 4000,
  255: null,
};

const readExtendedFix = (cursor: Cursor, fields: Fields): void => {
  const flags = readU8(cursor);
  fields.dimension_fix = (flags & 1) === 1 ? '3D' : '2D';
  fields.gps_message = 'GPS_FIX_EXTENDED';
  if (remaining(cursor) < 15) {
    // Firmware before 2.2: 24-bit coordinates, no altitude.
    fields.latitude = readCoordinate24(cursor);
    fields.longitude = readCoordinate24(cursor);
    fields.horizontal_accuracy = readAccuracy(cursor);
  } else {
    const isMetric = (flags & 2) !== 0;
    fields.latitude = readS32Be(cursor) / 1e7;
    fields.longitude = readS32Be(cursor) / 1e7;
    const altitude = readS16Be(cursor);
    fields.altitude = isMetric ? altitude : altitude / 100;
    const raw = readU8(cursor);
    if (!isMetric) fields.horizontal_accuracy = Math.round(spanned(raw, [0, 1000]));
    else fields.horizontal_accuracy = raw <= 250 ? raw : (wideAccuracies[raw] ?? null);
  }
  fields.course = readU16Be(cursor) / 100;
  fields.speed = readU16Be(cursor);
};

const timeoutCauses = ['DEFAULT_TIMEOUT', 'GPS_T0_TIMEOUT', 'GPS_FIX_TIMEOUT'];
const readGpsTimeout = (cursor: Cursor, fields: Fields): void => {
  fields.timeout_cause = timeoutCauses[readU8(cursor)] ?? null;
  fields.fix_failed = true;
  for (let index = 0; index < 4; index++) fields[`cn_${index}`] = spanned(readU8(cursor), [0, 50]);
};

const readWifiVoltages = (cursor: Cursor, fields: Fields): void => {
  fields.fix_failed = true;
  for (let index = 1; index <= 6; index++) {
    fields[`scan_voltage_${index}`] = spanned(readU8(cursor), [2.8, 4.2], 2);
  }
};

const wifiErrors = ['WIFI_CONNECTION_FAILURE', 'SCAN_FAILURE', 'ANTENNA_UNAVAILABLE', 'WIFI_NOT_SUPPORTED'];
const bleErrors: Readonly<Record<number, string>> = {
  0: 'BLE_NOT_RESPONDING',
  1: 'INTERNAL_ERROR',
  2: 'SHARED_ANTENNA_NOT_AVAILABLE',
  3: 'SCAN_ALREADY_ON_GOING',
  4: 'BLE_BUSY',
  5: 'NO_BEACON_DETECTED',
  6: 'HARDWARE_INCOMPATIBILITY',
  255: 'WRONG_BLE_FIRMWARE',
};

/** Stations heard: long reports hold up to twelve. */
const MAX_STATIONS = 12;

const readStations = (cursor: Cursor, fields: Fields): void => {
  for (let index = 1; remaining(cursor) > 0 && index <= MAX_STATIONS; index++) {
    fields[`mac_${index}`] = readAddress(cursor);
    fields[`rssi_${index}`] = readS8(cursor);
  }
};

/** Messages by the low four bits of byte 4, after the age. */
const readers: Readonly<Record<number, (cursor: Cursor, fields: Fields) => void>> = {
  1: readGpsTimeout,
  3: (cursor, fields) => {
    readWifiVoltages(cursor, fields);
    fields.wifi_message = 'WIFI_TIMEOUT';
  },
  4: (cursor, fields) => {
    readWifiVoltages(cursor, fields);
    fields.wifi_message = 'WIFI_FAILURE';
    fields.wifi_error = wifiErrors[readU8(cursor)] ?? null;
  },
  7: (cursor, fields) => {
    readStations(cursor, fields);
    fields.ble_message = 'BLE_BEACON_SCAN';
  },
  8: (cursor, fields) => {
    fields.fix_failed = true;
    fields.ble_failure = bleErrors[readU8(cursor)] ?? null;
    fields.ble_message = 'BLE_BEACON_FAILURE';
  },
  9: (cursor, fields) => {
    readStations(cursor, fields);
    fields.wifi_message = 'WIFI_BSSID';
  },
  10: (cursor, fields) => {
    readStations(cursor, fields);
    fields.ble_message = 'BLE_BEACON_SHORT';
  },
  11: (cursor, fields) => {
    fields.mac_1 = readAddress(cursor, 16);
    fields.rssi_1 = readS8(cursor);
    fields.ble_message = 'BLE_BEACON_LONG';
  },
};

/** Kinds that are encrypted for the maker's own solver. */
const encrypted: Readonly<Record<number, string>> = {
  2: 'ENCRYPTED_WIFI_BSSID',
  5: 'LPGPS_DATA',
  6: 'LPGPS_DATA',
};

/** Kinds of type 0x03 that carry an age: where the device has found something. */
const aged = new Set([0, 7, 9, 10, 11]);

/** What stands behind the header; `age` in seconds where the message has one. Warns of what it cannot read. */
export const readPosition = (
  cursor: Cursor,
  { kind, isExtended }: { kind: number; isExtended: boolean },
): { fields: Fields; warnings: string[] } => {
  const fields: Fields = {};
  const secret = encrypted[kind];
  if (secret !== undefined) {
    readBytes(cursor, remaining(cursor));
    fields.wifi_message = secret;
    return { fields, warnings: ['The position is encrypted for the service of the maker'] };
  }
  if (isExtended) fields.age = readU16Be(cursor);
  else if (aged.has(kind)) fields.age = spanned(readU8(cursor), [0, 2040]);
  const read = kind === 0 ? (isExtended ? readExtendedFix : readFix) : readers[kind];
  if (!read) throw payloadError(`No position message of kind ${kind} is known`);
  read(cursor, fields);
  return { fields, warnings: [] };
};
