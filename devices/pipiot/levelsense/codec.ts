import type { Codec, Parameters } from '../../codec.ts';
import { bitsMsb, signed } from '../../formats/bit-reader.ts';
import { payloadError } from '../../formats/byte-reader.ts';
import { fillLevelOf } from '../../formats/container-height.ts';
import type { Fields } from '../../formats/part.ts';

// Bits 1 to 3 tell the message. Distances in cm. After types/pipiot/levelSense of akenza-io/device-type-library.

const flagNames = [
  'motion_flag',
  'day_timer_flag',
  'over_temp_flag',
  'tilted_flag',
  'mag_switch_flag',
  'ultrasound_hw_error_flag',
  'laser_hw_error_flag',
  'accelerometer_hw_error_flag',
] as const;

const GNSS_TIMEOUT = 0;
const GNSS_FAULT = 255;

const flags = (bytes: Uint8Array): Fields =>
  Object.fromEntries(flagNames.map((name, index) => [name, bitsMsb(bytes, 8 + index, 1) === 1]));

/** Reflectance, temperature, tilt and battery stand together at the end of both measurement messages. */
const condition = (bytes: Uint8Array, at: number, fields: Fields): void => {
  fields.laser_reflectance = bitsMsb(bytes, at, 16) * 256;
  const temperature = signed(bitsMsb(bytes, at + 16, 8), 8);
  fields.temperature = temperature < -40 || temperature > 125 ? null : temperature;
  const tilt = bitsMsb(bytes, at + 24, 8);
  fields.tilt_angle = fields.over_temp_flag === true || tilt >= 180 ? null : tilt;
  const battery = bitsMsb(bytes, at + 32, 8);
  fields.battery_voltage = battery === 0 || battery > 200 ? null : (battery + 120) / 40;
};

const measurement = (bytes: Uint8Array, parameters: Parameters): Fields => {
  const fields = flags(bytes);
  const blind = fields.tilted_flag === true || fields.over_temp_flag === true;
  const ultrasonic = bitsMsb(bytes, 16, 8);
  const laser = bitsMsb(bytes, 24, 8);
  fields.ultrasonic_distance = blind ? null : ultrasonic;
  fields.laser_distance = blind || laser === 0 || laser > 200 ? null : laser;
  const level = fillLevelOf(fields.ultrasonic_distance, parameters);
  if (level !== undefined) fields.fill_level = level;
  condition(bytes, 32, fields);
  return fields;
};

/** Distances in steps of 2 mm, answered in whole cm as the source does. */
const longRange = (bytes: Uint8Array): Fields => {
  const fields = flags(bytes);
  const ultrasonic = bitsMsb(bytes, 24, 16);
  const laser = bitsMsb(bytes, 40, 8);
  const ultrasonicFailed = ultrasonic === 0 || fields.ultrasound_hw_error_flag === true;
  const laserFailed = laser === 0 || fields.laser_hw_error_flag === true;
  fields.ultrasonic_distance_ext = ultrasonicFailed ? null : Math.round(ultrasonic / 5);
  fields.laser_distance_ext = laserFailed ? null : Math.round(laser / 5);
  condition(bytes, 48, fields);
  return fields;
};

const position = (bytes: Uint8Array): Fields => {
  const seconds = bitsMsb(bytes, 8, 8);
  const fixed = seconds !== GNSS_TIMEOUT && seconds !== GNSS_FAULT;
  const latitude = signed(bitsMsb(bytes, 16, 32), 32) / 1e6;
  const longitude = signed(bitsMsb(bytes, 48, 32), 32) / 1e6;
  const altitude = bitsMsb(bytes, 80, 8) * 10;
  const precision = bitsMsb(bytes, 88, 8) / 100;
  const failure = seconds === GNSS_TIMEOUT ? 'TIMEOUT' : 'FAULT';
  return {
    gnss_fix_time: fixed ? seconds : failure,
    gnss_latitude: fixed ? latitude : null,
    gnss_longitude: fixed ? longitude : null,
    gnss_altitude: fixed ? altitude : null,
    gnss_hdop: fixed ? precision : null,
  };
};

export const codec: Codec = {
  decodeUplink({ bytes, parameters }) {
    const type = bitsMsb(bytes, 1, 3);
    if (type === 0) return { records: [{ fields: measurement(bytes, parameters) }], warnings: [] };
    if (type === 1) return { records: [{ fields: position(bytes) }], warnings: [] };
    if (type === 2) return { records: [{ fields: { test_frames: bitsMsb(bytes, 8, 8) } }], warnings: [] };
    if (type === 3) return { records: [{ fields: longRange(bytes) }], warnings: [] };
    throw payloadError(`Message type ${type} is not known`);
  },
};
