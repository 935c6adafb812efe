import type { Codec, DecodedRecord } from '../../codec.ts';
import { type BitCursor, bitCursorAt, bitsMsb, readBitsMsb, skipBits } from '../../formats/bit-reader.ts';
import { payloadError } from '../../formats/byte-reader.ts';
import { fillLevelOf } from '../../formats/container-height.ts';
import type { Fields } from '../../formats/part.ts';
import { downlinkValidities, extendedTypes, pickupAlerts, resetReasons, transmitReasons } from './states.ts';

// Frames are packed most significant bit first and end with their type: two bits, of type 3 with three bits of subtype
// before them, of subtype 7 with three more of an extension. The layout is the one that the decoder in
// akenza-io/device-type-library (types/smartEnds/brighterBins) reads; where it takes two bits of the subtype, the
// positions of all other fields show that there are three.

const RESPONSE_MISSING = 511;
const LASER_MISCONFIGURED = 510;
/**
 * Steps of an age: nine bits reach back over a day in steps of 169 s, sixteen bits in steps of 1.32 s. (The decoder
 * takes both factors for milliseconds, which would put all events of a day within 90 s.)
 */
const DISTANCE_AGE_STEP_MS = 169_000;
const MOTION_AGE_STEP_MS = 1320;

const battery = (raw: number): number | null => (raw === 63 ? null : raw * 2);
const degrees = (raw: number): number => raw * 6 - 90;

/** Distances in cm. */
const distance = (raw: number, fields: Fields): void => {
  fields.distance = raw >= LASER_MISCONFIGURED ? null : raw;
  if (raw === RESPONSE_MISSING) fields.distance_error = 'SENSOR_MODULE_NOT_RESPONDING';
  if (raw === LASER_MISCONFIGURED) fields.distance_error = 'LASER_SENSOR_INVALID_CONFIGURATIONS';
};

const condition = (cursor: BitCursor, fields: Fields): void => {
  fields.battery_level = battery(readBitsMsb(cursor, 6));
  fields.temperature = readBitsMsb(cursor, 7) - 40;
};

const fillLevel = (raw: number, fields: Fields): void => {
  fields.fill_level = raw === 127 ? null : raw;
};

const orientation = (cursor: BitCursor, fields: Fields): void => {
  for (const axis of ['z', 'y', 'x']) fields[`${axis}_orientation`] = degrees(readBitsMsb(cursor, 5));
};

const levelFrame = (cursor: BitCursor, fields: Fields): void => {
  fields.reset_reason = resetReasons[readBitsMsb(cursor, 2)] ?? 'UNKNOWN';
  condition(cursor, fields);
  fillLevel(readBitsMsb(cursor, 7), fields);
};

const distanceFrame = (cursor: BitCursor, fields: Fields): void => {
  condition(cursor, fields);
  distance(readBitsMsb(cursor, 9), fields);
};

/** Hardware, firmware and self tests; the first 30 bits are an id and reserved. */
const systemFrame = (cursor: BitCursor, fields: Fields): void => {
  skipBits(cursor, 30);
  fields.hardware_version = readBitsMsb(cursor, 6);
  const minor = readBitsMsb(cursor, 6);
  const major = readBitsMsb(cursor, 2);
  fields.software_version = `${major}.${minor}.${readBitsMsb(cursor, 6)}`;
  fields.no_of_downlinks = readBitsMsb(cursor, 2);
  fields.downlink_freq = readBitsMsb(cursor, 2);
  fields.total_reset_count = readBitsMsb(cursor, 7);
  fields.runtime = readBitsMsb(cursor, 12);
  skipBits(cursor, 1);
  fields.communication_test = readBitsMsb(cursor, 1) === 1;
  skipBits(cursor, 1);
  fields.distance_test = readBitsMsb(cursor, 1) === 1;
  fields.temperature_test = readBitsMsb(cursor, 1) === 1;
  skipBits(cursor, 3);
  fields.battery_level = battery(readBitsMsb(cursor, 6));
  fields.battery_voltage = (readBitsMsb(cursor, 4) * 100 + 2200) / 1000;
  fields.reset_reason = resetReasons[readBitsMsb(cursor, 2)] ?? 'UNKNOWN';
};

/** Orientation, answer to the last downlink and condition: the beginning of two frames. */
const standardHead = (cursor: BitCursor, fields: Fields): void => {
  skipBits(cursor, 27);
  orientation(cursor, fields);
  fields.downlink_validity = downlinkValidities[readBitsMsb(cursor, 2)] ?? 'UNKNOWN';
  condition(cursor, fields);
};

const standardFrame = (cursor: BitCursor, fields: Fields): void => {
  standardHead(cursor, fields);
  distance(readBitsMsb(cursor, 9), fields);
};

const generalLevelFrame = (cursor: BitCursor, fields: Fields): void => {
  standardHead(cursor, fields);
  skipBits(cursor, 2);
  fillLevel(readBitsMsb(cursor, 7), fields);
};

const pickupFrame = (cursor: BitCursor, fields: Fields): void => {
  skipBits(cursor, 48);
  fields.tamper_event = readBitsMsb(cursor, 1) === 1;
  orientation(cursor, fields);
  fields.fire_alarm = readBitsMsb(cursor, 1) === 1;
  fields.pickup_alert = pickupAlerts[readBitsMsb(cursor, 2)] ?? 'UNKNOWN';
  fields.pickup_event = readBitsMsb(cursor, 1) === 1;
  condition(cursor, fields);
  distance(readBitsMsb(cursor, 9), fields);
};

const selfTestFrame = (cursor: BitCursor, fields: Fields): void => {
  skipBits(cursor, 16);
  fields.hardware_version = readBitsMsb(cursor, 8);
  fields.software_version = String(readBitsMsb(cursor, 16));
  fields.total_runtime = readBitsMsb(cursor, 11);
  fields.total_reset_count = readBitsMsb(cursor, 6);
  skipBits(cursor, 1);
  for (const test of ['configs', 'communication', 'distance', 'acceleration', 'temperature']) {
    fields[`${test}_test`] = readBitsMsb(cursor, 1) === 1;
  }
  fields.reset_reason = resetReasons[readBitsMsb(cursor, 4)] ?? 'UNKNOWN';
};

/** Eight distances of the depth map, the last point first, then the condition right before the type. */
const depthFrame = (cursor: BitCursor, fields: Fields): void => {
  for (let point = 8; point >= 1; point--) fields[`point_${point}`] = readBitsMsb(cursor, 8);
  cursor.at = cursor.bytes.length * 8 - 18;
  condition(cursor, fields);
};

/** Reads backwards from the end of a frame, as its variable part stands first. */
const backwards = (bytes: Uint8Array, from: number) => {
  let left = bytes.length * 8 - from;
  return (size: number): number => {
    left -= size;
    return bitsMsb(bytes, left, size);
  };
};

const manyPointsFrame = (bytes: Uint8Array, fields: Fields): void => {
  const before = backwards(bytes, 8);
  fields.temperature = before(7) - 40;
  fields.battery_level = battery(before(6));
  fields.measurement_interval = before(11);
  const points = before(6);
  if (points > 24) throw payloadError(`${points} points in one frame; 24 fit`);
  for (let point = 1; point <= points; point++) fields[`point_${point}`] = bitsMsb(bytes, (point - 1) * 8, 8);
};

const historyFrame = (bytes: Uint8Array, fields: Fields, receivedAt: number): DecodedRecord[] => {
  const before = backwards(bytes, 8);
  fields.fire_alarm = before(1) === 1;
  fields.pickup_alert = pickupAlerts[before(2)] ?? 'UNKNOWN';
  fields.battery_level = battery(before(6));
  fields.tamper_event = before(1) === 1;
  fields.downlink_validity = downlinkValidities[before(2)] ?? 'UNKNOWN';
  before(28);
  fields.tx_reason = transmitReasons[before(4)] ?? 'UNKNOWN';
  const points = before(6);
  const movements = before(6);
  const records: DecodedRecord[] = [];
  for (let index = 0; index < points; index++) {
    const past: Fields = {};
    const time = receivedAt - before(9) * DISTANCE_AGE_STEP_MS;
    for (const axis of ['x', 'y', 'z']) past[`${axis}_orientation`] = degrees(before(6));
    past.temperature = before(7) - 40;
    distance(before(9), past);
    records.push({ time, fields: past });
  }
  for (let index = 0; index < movements; index++) {
    const time = receivedAt - before(16) * MOTION_AGE_STEP_MS;
    const fields = {
      motion_orientation: before(6) * 3,
      motion_deviation: before(6) * 3,
      motion_duration: before(6) * 3,
    };
    records.push({ time, fields });
  }
  return records;
};

type Frame = (cursor: BitCursor, fields: Fields) => void;

const frames: readonly Frame[] = [levelFrame, distanceFrame, systemFrame];
const subtypes: Readonly<Record<number, Frame>> = {
  0: standardFrame,
  1: pickupFrame,
  3: selfTestFrame,
  4: depthFrame,
  5: generalLevelFrame,
  6: depthFrame,
};

export const codec: Codec = {
  decodeUplink({ bytes, receivedAt, parameters }) {
    const bits = bytes.length * 8;
    if (bits === 0) throw payloadError('The frame is empty');
    const type = bitsMsb(bytes, bits - 2, 2);
    const fields: Fields = {};
    const frame = frames[type];
    if (frame) {
      frame(bitCursorAt(bytes), fields);
      const level = type === 1 ? fillLevelOf(fields.distance as number | null, parameters) : undefined;
      if (level !== undefined) fields.fill_level = level;
      return { records: [{ fields }], warnings: [] };
    }
    const subtype = bitsMsb(bytes, bits - 5, 3);
    if (subtype === extendedTypes) return extended(bytes, receivedAt);
    const subframe = subtypes[subtype];
    if (!subframe) throw payloadError(`Type 3 has no subtype ${subtype}`);
    subframe(bitCursorAt(bytes), fields);
    return { records: [{ fields }], warnings: [] };
  },
};

const extended = (bytes: Uint8Array, receivedAt: number) => {
  const extension = bitsMsb(bytes, bytes.length * 8 - 8, 3);
  const fields: Fields = {};
  if (extension === 0) {
    manyPointsFrame(bytes, fields);
    return { records: [{ fields }], warnings: [] };
  }
  if (extension !== 1) throw payloadError(`Subtype 7 has no extension ${extension}`);
  const history = historyFrame(bytes, fields, receivedAt);
  return { records: [{ fields }, ...history], warnings: [] };
};
