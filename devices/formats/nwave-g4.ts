import type { Codec } from '../codec.ts';
import {
  type Cursor,
  cursorAt,
  payloadError,
  readBytes,
  readU8,
  readU16Be,
  readU32Be,
  remaining,
} from './byte-reader.ts';
import type { Fields } from './part.ts';

// Nwave G4: the fPort tells the message. After VENDORS/Nwave of thingsboard/data-converters (guides and converters).

const resetCauses: Readonly<Record<number, string>> = {
  0: 'rejoining_lorawan_network',
  1: 'watchdog',
  2: 'power_on',
  3: 'user_request',
  6: 'brownout',
  7: 'other',
};

/** The guide says "X as unsigned integer"; ThingsBoard's converter runs where bytes have signs and says 1.024 V less. */
const millivolts = (raw: number): number => 2500 + raw * 4;

const startUp = (cursor: Cursor): Fields => ({
  type: 'startup',
  firmware_version: readBytes(cursor, 3).join('.'),
  reset_cause: resetCauses[readU8(cursor)] ?? 'unknown',
});

const debug = (cursor: Cursor): Fields => ({ type: 'debug', debug: readBytes(cursor, remaining(cursor)).toHex() });

const only = (fields: Fields) => ({ records: [{ fields }], warnings: [] });

/** Minutes that the previous state lasted, as seven bits: exact below 90, then in steps of 5 and 60 minutes. */
const previousState = (compressed: number): Fields => {
  if (compressed === 127) {
    return {
      previous_state_duration: 660,
      previous_state_duration_error: null,
      previous_state_duration_overflow: true,
    };
  }
  const [duration, error] =
    compressed < 90
      ? [compressed, 0]
      : compressed < 120
        ? [90 + (compressed - 90) * 5, 4]
        : [240 + (compressed - 120) * 60, 59];
  return {
    previous_state_duration: duration,
    previous_state_duration_error: error,
    previous_state_duration_overflow: false,
  };
};

const parkingStatus = (cursor: Cursor): Fields => {
  const state = readU8(cursor);
  return { type: 'parking_status', occupied: (state & 1) === 1, ...previousState(state >> 1) };
};

/** A colder battery gives less: below -5 Cel the bounds lie 0.1 V lower. */
const batteryHealth = (voltage: number, temperature: number): string => {
  const critical = temperature < -5 ? 2800 : 2900;
  if (voltage < critical) return 'critical';
  return voltage < critical + 100 ? 'low' : 'normal';
};

const halfDegrees = (raw: number): number => ((raw << 24) >> 24) / 2 + 10;

const parkingHeartbeat = (cursor: Cursor): Fields => {
  const state = readU8(cursor);
  const voltage = millivolts(readU8(cursor));
  const temperature = halfDegrees(readU8(cursor));
  const fields: Fields = {
    type: 'heartbeat',
    occupied: (state & 1) === 1,
    hw_health_status: state & 127,
    battery_voltage: voltage / 1000,
    temperature,
    battery_health: batteryHealth(voltage, temperature),
  };
  if (remaining(cursor) < 3) return fields;
  fields.temperature_min_24h = halfDegrees(readU8(cursor));
  fields.temperature_max_24h = halfDegrees(readU8(cursor));
  fields.current_consumption = (readU8(cursor) & 63) * 10;
  return fields;
};

const registration = (cursor: Cursor): Fields => {
  const state = readU8(cursor);
  const tag = readU32Be(cursor).toString(16).toUpperCase();
  if ((state & 1) === 0) return { type: 'user_registration', occupied: null, tag_id: tag };
  return { type: 'user_registration', occupied: true, ...previousState(state >> 1), tag_id: tag };
};

/** Parking bay sensors NPS. */
export const nwaveParking: Codec = {
  decodeUplink({ fPort, bytes }) {
    const cursor = cursorAt(bytes);
    switch (fPort) {
      case 1:
        return only(parkingStatus(cursor));
      case 2:
        return only(parkingHeartbeat(cursor));
      case 3: {
        const fields = startUp(cursor);
        fields.occupied = (readU8(cursor) & 1) === 1;
        return only(fields);
      }
      case 6:
        return only(debug(cursor));
      case 10:
        return only(registration(cursor));
      default:
        throw payloadError(`Nothing is known of fPort ${fPort}`);
    }
  },
};

/** Car counters NCC. */
export const nwaveCounter: Codec = {
  decodeUplink({ fPort, bytes }) {
    const cursor = cursorAt(bytes);
    switch (fPort) {
      case 1:
        return only({ type: 'counter_update', counter_value: readU16Be(cursor) });
      case 2:
        return only({
          type: 'heartbeat',
          hw_health_status: readU8(cursor) & 127,
          battery_voltage: millivolts(readU8(cursor)) / 1000,
          battery_voltage_mean_24h: millivolts(readU8(cursor)) / 1000,
        });
      case 3:
        return only(startUp(cursor));
      case 6:
        return only(debug(cursor));
      default:
        throw payloadError(`Nothing is known of fPort ${fPort}`);
    }
  },
};
