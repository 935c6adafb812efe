import type { FieldValue } from '../codec.ts';
import { readBytes, remaining } from './byte-reader.ts';
import {
  bufferedTimestamp,
  dateAndTime,
  decimalDateAndTime,
  flags,
  hex,
  levelledStations,
  nowOf,
  optional,
  s8,
  s16,
  s32,
  satelliteSignals,
  stations,
  type TruvamiItem,
  type TruvamiLayout,
  timestamp,
  u8,
  u16,
  u24,
  u32,
  u64,
} from './truvami-layout.ts';

/* Messages of truvami's trackers by fPort. Offsets, scales and names as in truvami/decoder, pkg/decoder/<model>/v1. */

type Layouts = Readonly<Record<number, TruvamiLayout>>;

const configState = (raw: number): Record<string, FieldValue> => ({
  duty_cycle: (raw & 0x80) !== 0,
  config_id: (raw >> 3) & 0x0f,
  config_change: (raw & 0x04) !== 0,
});
const status = flags((raw) => ({ ...configState(raw), moving: (raw & 0x01) !== 0 }));
const batteryStatus = flags((raw) => ({ ...configState(raw), low_battery: (raw & 0x01) !== 0 }));
const battery = u16('battery', 1000);

/** Degrees and tenths of a metre. */
const fix = [s32('latitude', 1e6), s32('longitude', 1e6), u16('altitude', 10)];
const timedFix = [status, ...fix, timestamp, battery];
const bufferedFix = [status, ...fix, bufferedTimestamp, battery];
const quality = [u8('pdop', 2), u8('satellites')];
const bufferLevel = nowOf(u16('buffer_level'));

const intervals = [
  u32('localization_interval_while_moving'),
  u32('localization_interval_while_steady'),
  u32('heartbeat_interval'),
  u16('gps_timeout_while_waiting_for_fix'),
  u16('accelerometer_wakeup_threshold'),
  u16('accelerometer_delay'),
];
const versionNumbers = ['major', 'minor', 'patch'].map((part) => u8(`firmware_version_${part}`));
const hardware = [u8('hardware_version_type'), u8('hardware_version_revision')];

const deviceState: TruvamiItem = flags((raw) => ({
  device_state: raw,
  moving: raw === 1 ? true : raw === 2 ? false : null,
}));

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Where the firmware failed: line, file and function, parted by colons. */
const failure: TruvamiItem = {
  size: 0,
  read: (cursor, { fields }) => {
    if (remaining(cursor) === 0) return;
    const parts = text(readBytes(cursor, remaining(cursor))).split(':');
    for (const [index, name] of ['line', 'file', 'function'].entries()) {
      if (parts[index] !== undefined) fields[name] = parts[index];
    }
  },
};

const advertisingFilter: TruvamiItem = {
  size: 10,
  read: (cursor, { fields }) => {
    const bytes = readBytes(cursor, 10);
    const end = bytes.indexOf(0);
    fields.advertising_filter = text(end < 0 ? bytes : bytes.subarray(0, end));
  },
};

export const tagSlMessages: Layouts = {
  1: [status, ...fix, dateAndTime],
  2: [status],
  3: [u16('scan_pointer'), u8('total_messages'), u8('current_message'), stations(6)],
  4: [
    ...intervals,
    deviceState,
    ...versionNumbers,
    ...hardware,
    u32('battery_keep_alive_message_interval'),
    optional(u16('batch_size')),
    optional(u16('buffer_size')),
  ],
  5: [status, stations(7)],
  6: [flags((raw) => ({ button_pressed: (raw & 1) !== 0 }))],
  7: [timestamp, status, stations(6)],
  8: [
    u16('scan_interval'),
    u8('scan_time'),
    u8('max_beacons'),
    s8('min_rssi_value'),
    advertisingFilter,
    u16('accelerometer_trigger_hold_timer'),
    u16('accelerometer_threshold'),
    u8('scan_mode'),
    u16('ble_current_configuration_uplink_interval'),
  ],
  10: [...timedFix, ...[u8('ttf'), ...quality].map(optional)],
  15: [batteryStatus, battery],
  50: [...timedFix, u8('ttf'), stations(4)],
  51: [...timedFix, u8('ttf'), ...quality, stations(4)],
  105: [bufferLevel, bufferedTimestamp, status, stations(6)],
  110: [bufferLevel, ...bufferedFix, ...[u8('ttf'), ...quality].map(optional)],
  150: [bufferLevel, ...bufferedFix, u8('ttf'), stations(6)],
  151: [bufferLevel, ...bufferedFix, u8('ttf'), ...quality, stations(4)],
  198: [u8('reason'), failure],
  199: [hex('constant', 7), u32('sequence'), u24('number'), u8('id')],
};

export const nomadXsMessages: Layouts = {
  1: [
    status,
    ...fix,
    dateAndTime,
    u8('time_to_fix'),
    u16('ambient_light'),
    ...['x', 'y', 'z'].map((axis) => s16(`accelerometer_${axis}_axis`)),
    optional(s16('temperature', 100)),
    optional(u16('pressure', 10)),
    ...['x', 'y', 'z'].map((axis) => optional(s16(`gyroscope_${axis}_axis`, 10))),
    ...['x', 'y', 'z'].map((axis) => optional(s16(`magnetometer_${axis}_axis`, 1000))),
  ],
  4: [
    ...intervals,
    ...versionNumbers,
    ...hardware,
    u32('battery_keep_alive_message_interval'),
    u32('re_join_interval'),
    u8('accuracy_enhancement'),
    u16('light_lower_threshold'),
    u16('light_upper_threshold'),
  ],
  15: [batteryStatus, battery],
};

export const nomadXlMessages: Layouts = {
  101: [
    u64('system_time'),
    decimalDateAndTime,
    ...['sta', 'gps', 'acc', 'log'].map((name) => u16(`buffer_level_${name}`)),
    s16('temperature', 10),
    u16('pressure', 10),
    ...['x', 'y', 'z'].map((axis) => s16(`accelerometer_${axis}_axis`)),
    battery,
    u8('battery_lorawan'),
    u8('time_to_fix'),
    ...[u16('nmea_sentences_ok'), u16('nmea_sentences_failed'), u16('gps_signal_to_noise')].map(optional),
    ...['navstar', 'glonass', 'galileo', 'beidou'].map((name) => optional(u8(`satellites_${name}`))),
    optional(u16('pdop', 100)),
  ],
  103: [decimalDateAndTime, s32('latitude', 1e5), s32('longitude', 1e5), s32('altitude', 100)],
};

const voltages = [u16('battery_voltage', 1000), u16('photovoltaic_voltage', 1000)];
const climate = [s16('temperature', 100), u8('humidity', 2)];

export const smartlabelMessages: Layouts = {
  1: voltages,
  2: climate,
  4: [
    flags((raw) => ({
      data_rate: raw & 7,
      acceleration: (raw & 8) !== 0,
      wifi: (raw & 16) !== 0,
      gnss: (raw & 32) !== 0,
    })),
    u16('steady_interval'),
    u16('moving_interval'),
    u8('heartbeat_interval'),
    u16('acceleration_threshold'),
    u16('acceleration_delay'),
    u16('temperature_polling_interval'),
    u16('temperature_uplink_interval'),
    s8('temperature_upper_threshold'),
    s8('temperature_lower_threshold'),
    u8('access_points_threshold'),
    ...versionNumbers.map(optional),
  ],
  11: [...voltages, ...climate],
  150: [100, 80, 60, 40, 20].map((level) => u16(`battery${level}_voltage`, 1000)),
  192: [satelliteSignals],
  197: [u8('tag'), levelledStations(6)],
};
