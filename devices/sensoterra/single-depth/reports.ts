import type { FieldValue } from '../../codec.ts';
import { type Cursor, payloadError, readBytes, readU8, readU16Le } from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';

const resetReasons = ['POWER_ON', 'PIN_RESET', 'BROWN_OUT', 'SOFTWARE', 'WATCHDOG'] as const;

const resetContexts: Readonly<Record<number, string>> = {
  0: 'UNKNOWN',
  1: 'DEEP_SLEEP',
  2: 'SOIL_MEASUREMENT',
  3: 'TEMPERATURE_MEASUREMENT',
  4: 'VOLTAGE_MEASUREMENT',
  5: 'JOINING_NETWORK',
  6: 'SENDING_UPLINK_CONFIRMED',
  7: 'SENDING_UPLINK_UNCONFIRMED',
  8: 'RECEIVING_DOWNLINK',
  9: 'APPLYING_ADR',
  15: 'OTHER',
};

/** Depths in cm by bit; a probe of one depth has depth 0. */
const depths = [10, 20, 30, 45, 60, 90] as const;
const MANY_DEPTHS = 0x80;

const depthsOf = (mask: number): number[] => depths.filter((_, bit) => (mask & (1 << bit)) !== 0);

/** Two layouts of a version: a plain number, or with the top bit set three parts. */
const firmwareVersion = (word: number): string => {
  if ((word & 0x8000) === 0) return String(word);
  return `${(word >> 10) & 31}.${(word >> 5) & 31}.${word & 31}`;
};

const signalStatus = (dbm: number): string => {
  if (dbm < -135) return 'WEAK';
  return dbm < -125 ? 'AVERAGE' : 'GOOD';
};

/** fPort 100: battery, radio, firmware and the last start. */
export const condition = (cursor: Cursor): Fields => {
  const fields: Fields = { battery_voltage: Math.round((readU8(cursor) / 125 + 1.7) * 100) / 100 };
  const power = readU8(cursor) - 220;
  fields.estimated_signal_power = power;
  fields.estimated_signal_power_status = signalStatus(power);
  const saturated = readU8(cursor);
  const reached = depthsOf(saturated);
  const many = (saturated & MANY_DEPTHS) !== 0;
  if (!many && reached.length > 1) throw payloadError('A probe of one depth names several depths');
  (many ? reached : [0]).forEach((depth, index) => {
    fields[index === 0 ? 'saturation_point_overshot_depth' : `saturation_point_overshot_depth_${index + 1}`] = depth;
  });
  fields.firmware_version = firmwareVersion(readU16Le(cursor));
  const reset = readU8(cursor);
  fields.reset = resetContexts[reset >> 4] ?? 'UNKNOWN';
  fields.reset_reason = resetReasons[reset & 15] ?? 'UNKNOWN';
  const [low = 0, middle = 0, high = 0] = readBytes(cursor, 3);
  fields.uptime = low | (middle << 8) | (high << 16);
  return fields;
};

/** fPort 101. */
export const settings = (cursor: Cursor): Fields => {
  const bits = readU8(cursor);
  return {
    history_enabled: (bits & 8) !== 0,
    probe_mode: (bits & 4) === 0 ? 'CLOUD' : 'LOCAL',
    watchdog_enabled: (bits & 2) !== 0,
    link_check_mode: (bits & 1) === 0 ? 'LINK_CHECKS' : 'CONFIRMED_UPLINKS',
    sleep_interval: readU16Le(cursor),
    network_check_counter_interval: readU8(cursor),
    network_check_counter_threshold: readU8(cursor),
    number_retransmissions: readU8(cursor),
  };
};

/** IEEE 754 binary16; infinite and not a number are null. */
const float16 = (word: number): FieldValue => {
  const sign = (word & 0x8000) === 0 ? 1 : -1;
  const exponent = (word >> 10) & 31;
  const fraction = (word & 1023) / 1024;
  if (exponent === 31) return null;
  return exponent === 0 ? sign * 2 ** -14 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction);
};

/** fPorts 106 to 111: the curve from raw values to moisture at one depth. */
export const calibration = (cursor: Cursor): Fields => {
  const mask = readU8(cursor);
  const many = (mask & MANY_DEPTHS) !== 0;
  const named = depthsOf(mask);
  if (!many && (mask & 0x7f) !== 1) throw payloadError(`Depth bits ${mask} do not fit a probe of one depth`);
  if (many && named.length !== 1) throw payloadError(`A calibration names ${named.length} depths instead of one`);
  const fields: Fields = { depth_cm: many ? (named[0] ?? null) : 0 };
  for (const channel of ['a', 'b', 'c', 'sp']) fields[`channel_${channel}`] = float16(readU16Le(cursor));
  return fields;
};
