import { payloadError, readU8, readU16Le } from '../../formats/byte-reader.ts';
import { type NasPacket, packet } from '../../formats/nas-frames.ts';
import { address, clock, driverStatus, drivers, notWritten } from '../../formats/nas-lighting.ts';
import { flags, type NasPart, number, readOnly, state } from '../../formats/nas-parts.ts';
import { choice, readAll } from '../../formats/nas-structure.ts';
import { notificationPackets } from '../../formats/nas-ul20xx-reports.ts';
import { float, microdegrees, roundedLux } from './float.ts';

/** What luminaire controllers UL20xx with firmware 1.1 say by themselves (nasys/nas-codecs, MIT). */

const profileWords = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [index, `profile_${index}`]));

export const notifications: readonly NasPacket[] = [
  ...notificationPackets('notification'),
  packet('deprecated_light_sensor_notification', 0x85, number('active_dim_step', 'u8')),
  packet(
    'location_notification',
    0x86,
    choice(
      'location_status',
      {
        0: [
          'good_fix',
          float('position_latitude_deg', microdegrees, 'latitude_deg'),
          float('position_longitude_deg', microdegrees, 'longitude_deg'),
          clock('last_fix_utc_time'),
        ],
        1: ['no_fix'],
        2: ['internal_error'],
        255: ['internal_error'],
      },
      { other: 'invalid_status' },
    ),
  ),
];

/** Why a driver is as bright as it is. */
const reasons: Readonly<Record<number, string>> = {
  ...profileWords,
  33: 'calendar_day',
  34: 'calendar_night',
  ...Object.fromEntries(Array.from({ length: 16 }, (_, step) => [0x30 + step, `calendar_dawn_step_${step}`])),
  ...Object.fromEntries(Array.from({ length: 16 }, (_, step) => [0x50 + step, `calendar_dusk_step_${step}`])),
  112: 'dig_inactive',
  113: 'dig_active',
  ...Object.fromEntries(Array.from({ length: 8 }, (_, step) => [0x80 + step, `light_monitor_step_${step}`])),
  245: 'relay_off',
  246: 'driver_not_found',
  248: 'fallback_active',
  250: 'ldr_input_active',
  252: 'dig_input_active',
  253: 'manual_active',
};

const dimmingSource = drivers('dimming_source', (channel) => [
  address(),
  state('reason', reasons),
  number(`${channel}_dimming_level_percent`, 'u8', { words: { 255: 'n/a' }, isMeasured: true }),
  driverStatus(channel),
]);

const statusFlags = flags(
  undefined,
  'dali_connection_error',
  undefined,
  undefined,
  undefined,
  'metering_com_error',
  'ext_rtc_warning',
  'internal_relay_closed',
);
const oldStatusFlags = flags(
  undefined,
  'dali_connection_error',
  'ldr_input_on',
  undefined,
  'dig_input_on',
  'metering_com_error',
  'ext_rtc_warning',
  'internal_relay_closed',
);
const moreStatusFlags = flags(
  undefined,
  undefined,
  'open_drain_output_on',
  undefined,
  undefined,
  undefined,
  'lumalink_connected',
  'lumalink_connected_after_boot',
);
const alerts = flags(
  undefined,
  undefined,
  undefined,
  undefined,
  'voltage_alert_in_24h',
  'lamp_error_alert_in_24h',
  'power_alert_in_24h',
  'power_factor_alert_in_24h',
);
const radio = [
  number('downlink_rssi_dbm', 'u8', { step: -1 }),
  number('downlink_snr_db', 's8'),
  number('mcu_temperature_c', 's8'),
];
const statusClock = clock('device_unix_epoch');
const ldrInput = number('ldr_input', 'u8');
const ldrValue = number('ldr_input_value', 'u8');
const tilt = number('tilt_sensor_deg', 'u8', { words: { 255: 'unavailable' }, isMeasured: true });
const digInput = flags('dig_input_1_on');

/** Logarithmic: 4,000 steps for a factor of ten, from a thousandth of a lux. */
const lux = (field: string): NasPart => ({
  field,
  read: (from, into) => {
    const raw = readU16Le(from);
    into[field] = raw === 0xffff ? null : roundedLux(10 ** ((raw & 0x7fff) / 4000) / 1000);
    if (raw === 0xffff) into[`${field}_state`] = 'unavailable';
  },
  write: notWritten('a measurement'),
});

/** Inputs that the light may follow; their length in bytes stands ahead. */
const sensors: Readonly<Record<number, NasPart>> = {
  1: ldrInput,
  2: lux('light_sensor_lx'),
  3: lux('d4i_light_sensor_lx'),
  4: digInput,
  8: tilt,
};

const sensorSources: NasPart = {
  field: 'sensor_source',
  read: (from, into) => {
    const size = readU8(from);
    const end = from.at + size;
    while (from.at < end) {
      const kind = readU8(from);
      const sensor = sensors[kind];
      if (!sensor) throw payloadError(`unsupported_sensor_source: ${kind} is unknown`);
      sensor.read(from, into);
    }
    if (from.at > end) throw payloadError('The sensor sources are longer than announced');
  },
  write: notWritten('sensor values'),
};

/** Until firmware 1.1.4: header 0. */
const oldStatus = (...[from, into]: Parameters<NasPart['read']>): void => {
  statusClock.read(from, into);
  oldStatusFlags.read(from, into);
  for (const part of radio) part.read(from, into);
  const bits = readU8(from);
  into.open_drain_output_on = (bits & 0x04) !== 0;
  if (bits & 0x02) ldrValue.read(from, into);
  if (bits & 0x10) alerts.read(from, into);
  dimmingSource.read(from, into);
};

const newStatus: readonly NasPart[] = [
  statusClock,
  statusFlags,
  moreStatusFlags,
  ...radio,
  alerts,
  sensorSources,
  dimmingSource,
];

export const statusPackets: readonly NasPacket[] = [
  packet('status_packet', 0x00, readOnly('a status', oldStatus)),
  packet(
    'status_packet',
    0x01,
    readOnly('a status', (from, into) => readAll(newStatus, from, into)),
  ),
];
