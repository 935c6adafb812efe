import { readAddress } from './abeeway-position.ts';
import { bitsMsb } from './bit-reader.ts';
import { type Cursor, payloadError, readBytes, readS16Be, readU8, readU16Be, remaining } from './byte-reader.ts';
import type { Fields } from './part.ts';

const readS8 = (cursor: Cursor): number => (readU8(cursor) << 24) >> 24;

const readVector = (cursor: Cursor, fields: Fields, prefix: string): void => {
  for (const axis of ['x', 'y', 'z']) fields[`${prefix}_${axis}`] = readS16Be(cursor);
};

const temperatureStates = ['NORMAL_TEMPERATURE', 'HIGH_TEMPERATURE', 'LOW_TEMPERATURE', 'FEATURE_NOT_ACTIVATED'];
const readTemperatureEvent = (cursor: Cursor, fields: Fields): void => {
  const state = readU8(cursor);
  fields.temperature_state = temperatureStates[state] ?? null;
  fields.operation_status = 'TEMPERATURE_INFORMATION';
  if (state === 3) return void readBytes(cursor, remaining(cursor));
  fields.max_temperature = readS8(cursor);
  fields.min_temperature = readS8(cursor);
  // One byte each before firmware 2.2.
  const readCounter = remaining(cursor) >= 4 ? readU16Be : readU8;
  fields.high_counter = readCounter(cursor);
  fields.low_counter = readCounter(cursor);
};

const transitions = [
  'LEARNING_TO_NORMAL',
  'NORMAL_TO_LEARNING',
  'NORMAL_TO_CRITICAL',
  'CRITICAL_TO_NORMAL',
  'CRITICAL_TO_LEARNING',
];
const triggers = ['CRITICAL_ANGLE_REPORTING', 'ANGLE_DEVIATION_REPORTING', 'SHOCK_TRIGGER', 'RFU'];
const readAngle = (cursor: Cursor, fields: Fields): void => {
  const flags = readU8(cursor);
  fields.transition_state = transitions[flags >> 5] ?? null;
  fields.trigger = triggers[(flags >> 3) & 3] ?? null;
  fields.repetition_counter = flags & 7;
  fields.age = readU16Be(cursor);
  readVector(cursor, fields, 'ref_vector');
  readVector(cursor, fields, 'crit_vector');
  fields.angle = readU8(cursor);
};

const notifications = ['SAFE', 'ENTRY', 'EXIT', 'HAZARD'];
const readGeozoning = (cursor: Cursor, fields: Fields): void => {
  const status = readU8(cursor);
  fields.short_id = status >> 4;
  fields.notification = notifications[status & 15] ?? null;
  fields.beacon_id = bitsMsb(readBytes(cursor, 3), 0, 24);
  fields.ble_message = 'BLE_GEOZONING';
};

const status =
  (text: string) =>
  (_: Cursor, fields: Fields): void => {
    fields.operation_status = text;
  };
const ble =
  (text: string) =>
  (_: Cursor, fields: Fields): void => {
    fields.ble_message = text;
  };

const readMotionEnd = (cursor: Cursor, fields: Fields): void => {
  fields.operation_status = 'MOTION_END';
  if (remaining(cursor) >= 6) readVector(cursor, fields, 'acc');
  if (remaining(cursor) >= 1) fields.motion_percentage = readU8(cursor);
};

const eventReaders: readonly ((cursor: Cursor, fields: Fields) => void)[] = [
  status('GEOLOCATION_START'),
  status('MOTION_START'),
  readMotionEnd,
  ble('BLE_CONNECTED'),
  ble('BLE_DISCONNECTED'),
  readTemperatureEvent,
  ble('BLE_BOND_DELETED'),
  status('SOS_START'),
  status('SOS_STOP'),
  readAngle,
  readGeozoning,
];

/** Event message, type 0x0A. */
export const readEvent = (cursor: Cursor): Fields => {
  const event = readU8(cursor);
  const read = eventReaders[event];
  if (!read) throw payloadError(`No event ${event} is known`);
  const fields: Fields = { event };
  read(cursor, fields);
  return fields;
};

const resetCauses: Readonly<Record<number, string>> = {
  0: 'NO_RESET',
  1: 'POWER_ON',
  2: 'UNREGULATED_DOMAIN',
  4: 'REGULATED_DOMAIN',
  8: 'EXTERNAL_PIN',
  16: 'WATCHDOG',
  32: 'LOCKUP',
  64: 'SYSTEM_REQUEST',
};

const readVersion = (cursor: Cursor): string => `${readU8(cursor)}.${readU8(cursor)}.${readU8(cursor)}`;

/** Heartbeat, type 0x05; firmware before 1.9 ends after the reset cause. */
export const readHeartbeat = (cursor: Cursor): Fields => {
  const fields: Fields = { reset_cause: resetCauses[readU8(cursor)] ?? null, operation_status: 'HEARTBEAT' };
  if (remaining(cursor) > 0) fields.firmware_version = readVersion(cursor);
  if (remaining(cursor) > 0) fields.ble_firmware_version = readVersion(cursor);
  return fields;
};

const shutdownCauses = ['USER_ACTION', 'LOW_BATTERY', 'DOWNLINK_REQUEST', 'BLE_REQUEST', 'BLE_CONNECTED'];

/** Shutdown, type 0x09; older firmware gives no cause. */
export const readShutdown = (cursor: Cursor): Fields => ({
  operation_status: 'SHUTDOWN',
  ...(remaining(cursor) > 0 && { shutdown_cause: shutdownCauses[readU8(cursor)] ?? null }),
});

/** Stations or beacons around the last position, type 0x0B. */
export const readCollection = (cursor: Cursor): Fields => {
  const next = readU8(cursor);
  const hasAddresses = (next & 0x40) !== 0;
  const fields: Fields = {
    fragment_more: (next & 0x80) !== 0,
    fragment_id: next & 0x3f,
    collection_id: readU8(cursor),
    collection_hash: readU8(cursor),
    wifi_message: 'COLLECTION_SCAN',
  };
  for (let index = 1; remaining(cursor) > 0 && index <= 21; index++) {
    fields[`rssi_${index}`] = readS8(cursor);
    fields[`mac_${index}`] = readAddress(cursor, hasAddresses ? 6 : 3);
  }
  return fields;
};
