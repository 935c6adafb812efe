import { type Cursor, readU8, readU32Le, remaining } from './byte-reader.ts';
import { type NasPacket, packet } from './nas-frames.ts';
import { flags, hexBytes, type NasPart, number, readOnly, state, text } from './nas-parts.ts';
import { sections } from './nas-structure.ts';
import { firmware, refusal } from './nas-ul20xx-reports.ts';
import type { Fields } from './part.ts';

/** What the meter modules CM30xx and UM30xx have in common (nasys/nas-codecs, MIT). */

/** Minutes since the meter was last read: minutes, quarters of an hour, days, weeks, a year. */
const minutesOf = (raw: number): number | null => {
  if (raw < 60) return raw;
  if (raw < 156) return (raw - 60) * 15;
  if (raw < 200) return (raw - 156) * 1440;
  if (raw < 253) return (raw - 200) * 10_080;
  return raw === 253 ? 525_600 : null;
};

const formatted = (raw: number, minutes: number): string => {
  if (raw < 60) return `${minutes} minutes`;
  if (raw < 156) return `${(minutes / 60).toFixed(2)} hours`;
  if (raw < 200) return `${(minutes / 1440).toFixed(2)} days`;
  if (raw < 253) return `${(minutes / 10_080).toFixed(2)} weeks`;
  return `${(minutes / 525_600).toFixed(2)} years`;
};

export const readActuality = (from: Cursor, into: Fields): void => {
  const raw = readU8(from);
  const minutes = minutesOf(raw);
  into.meter_actuality_duration_minutes = minutes;
  into.meter_actuality_duration_formatted = minutes === null ? null : formatted(raw, minutes);
};

/** Battery, temperature and radio; temperatures of the last day in steps of two degrees around the present one. */
export const readDeviceStatus = (from: Cursor, into: Fields): void => {
  into.battery_remaining_years = Math.round((readU8(from) / 12) * 10) / 10;
  into.battery_voltage_v = Math.round(readU8(from) + 150) / 100;
  const temperature = (readU8(from) << 24) >> 24;
  const spread = readU8(from);
  into.internal_temperature_c = temperature;
  into.internal_temperature_min_c = temperature - (spread & 0x0f) * 2;
  into.internal_temperature_max_c = temperature + (spread >> 4) * 2;
  into.radio_downlink_rssi_dbm = 0 - readU8(from);
  const radio = readU8(from);
  into.radio_downlink_snr_db = (radio & 0x0f) * 2 - 20;
  into.radio_uplink_power_dbm = (radio >> 4) * 2;
};

/** Eight digits, or FFFFFFFF for none. */
export const readSerial = (from: Cursor): string => {
  const serial = readU32Le(from);
  return serial === 0xffffffff ? 'not_available' : serial.toString(16).toUpperCase().padStart(8, '0');
};

export const serial = (field: string): NasPart => {
  const part = hexBytes(field, 4, { isReversed: true });
  return {
    ...part,
    read: (from, into) => {
      into[field] = readSerial(from);
    },
  };
};

export const lorawanProfile = state('radio_lorawan_profile', {
  0: 'lorawan_disabled',
  1: 'lorawan_24_h_privacy',
  2: 'lorawan_24_h',
  3: 'lorawan_12_h',
  7: 'lorawan_1_h_static',
  8: 'lorawan_15_min_static',
  23: 'lorawan_1_h_dynamic',
  24: 'lorawan_15_min_dynamic',
});

export const wmbusProfile = state('radio_wmbus_profile', {
  0: 'wmbus_disabled',
  1: 'wmbus_privacy',
  2: 'wmbus_driveby',
  3: 'wmbus_fixnet',
});

export const locationConfig: NasPacket = packet(
  'location_configuration_packet',
  0x21,
  sections([
    [
      number('gps_position_latitude_deg', 's32', { divisor: 1e7 }),
      number('gps_position_longitude_deg', 's32', { divisor: 1e7 }),
    ],
    [number('time_zone_h', 's8', { divisor: 4 })],
    [text('address')],
    [text('id_customer')],
    [text('id_location')],
  ]),
);

/** Clocks before 2020 had not been set. */
const CLOCK_SET_S = 1_577_836_800;

/** A device that asks for the time sends the head alone; the answer has the time. */
export const localTime: NasPacket = packet(
  'local_time_response',
  0x03,
  readOnly('a local time', (from, into) => {
    if (remaining(from) === 0) {
      into.packet_type = 'local_time_request';
      return;
    }
    const seconds = readU32Le(from);
    into.device_local_time_s = seconds;
    into.device_local_time_formatted =
      seconds < CLOCK_SET_S ? 'invalid' : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
  }),
);

export const enterDfu: NasPacket = packet('enter_dfu_command', 0xff);

const wakeups = [
  'reason_0',
  'watchdog_reset',
  'soft_reset',
  'reason_3',
  'magnet_wakeup',
  'reason_5',
  'reason_6',
  'nfc_wakeup',
];

const wakeupReason = readOnly('a reason of waking up', (from, into) => {
  const bits = readU8(from);
  let place = 0;
  for (let bit = 0; bit < 8; bit++) if (bits & (1 << bit)) into[`wakeup_reason_mcu_${++place}`] = wakeups[bit] ?? '';
});

// Spelled as the maker's codec does.
const packetReason = state('packet_reason', {
  0: 'unknown_reset',
  1: 'from_shutdown',
  2: 'from_dfu',
  3: 'froced_reset',
  4: 'lorawan_rejoin',
});

const restored = flags(
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  'configuration_restored',
);

/** Reason in bits 4 to 6, and whether settings were restored in bit 7. */
const startReason = readOnly('a reason of starting', (from, into) => {
  const byte = from.bytes.subarray(from.at, from.at + 1);
  restored.read(from, into);
  packetReason.read({ ...from, bytes: Uint8Array.of(((byte[0] ?? 0) >> 4) & 7), at: 0 }, into);
});

/** `gap` bytes lie between hardware and running time in CM30xx. */
export const bootPacket = (hardware: NasPart, gap: number): NasPacket =>
  packet(
    'boot_packet',
    0x00,
    serial('device_serial'),
    firmware('device_firmware_version'),
    wakeupReason,
    startReason,
    hardware,
    ...Array.from({ length: gap }, () => readOnly('reserved bytes', (from) => void readU8(from))),
    number('device_uptime_accumulated_days', 'u24', { divisor: 24, decimals: 2 }),
  );

export const faultyDownlink: NasPacket = packet(
  'faulty_downlink_packet',
  0x13,
  ...refusal('packet_fport', 'packet_error_reason'),
);
