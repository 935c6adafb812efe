import { payloadError, readU8, remaining } from '../../formats/byte-reader.ts';
import { type NasPacket, type NasPackets, packet } from '../../formats/nas-frames.ts';
import {
  activeDays,
  address,
  anyDevice,
  clock,
  driverStatus,
  drivers,
  fadeDuration,
  holiday,
  notWritten,
} from '../../formats/nas-lighting.ts';
import { flags, given, type NasPart, number, state, text } from '../../formats/nas-parts.ts';
import { choice, list, optional, sections, texts } from '../../formats/nas-structure.ts';
import {
  clearTargets,
  commandPackets,
  configPackets,
  dimmingStep,
  multicastConfig,
  requestPackets,
} from '../../formats/nas-ul20xx.ts';
import { consumption, notificationPackets, systemPackets } from '../../formats/nas-ul20xx-reports.ts';

/** Luminaire controllers UL20xx with firmware 1.0 (nasys/nas-codecs, MIT). */

/** A profile's version, or what takes its place at the moment. */
const profileVersion = number('profile_version', 'u8', {
  wordsFrom: 240,
  words: {
    246: 'driver_not_found',
    247: 'calendar_active',
    248: 'init_active',
    249: 'profile_not_active',
    250: 'ldr_input_active',
    252: 'dig_input_active',
    253: 'manual_active',
    254: 'value_differ',
  },
});

const profile = [
  number('profile_id', 'u8', { words: { 255: 'no_profile' } }),
  profileVersion,
  anyDevice,
  activeDays,
] as const;

const sunOffset = (field: string): NasPart => number(field, 's8', { accepts: { disabled: -1 } });

/** Both offsets at -1 switch the calendar off. */
const sunOffsets: NasPart = {
  field: 'sunrise_offset_minutes',
  read: (from, into) => {
    sunOffset('sunrise_offset_minutes').read(from, into);
    sunOffset('sunset_offset_minutes').read(from, into);
    if (into.sunrise_offset_minutes !== -1 || into.sunset_offset_minutes !== -1) return;
    into.sunrise_offset_minutes = 'disabled';
    into.sunset_offset_minutes = 'disabled';
  },
  write: (out, data) => {
    sunOffset('sunrise_offset_minutes').write(out, data);
    sunOffset('sunset_offset_minutes').write(out, data);
  },
};

const sunsetMode: NasPart = {
  field: 'switch_point_sunset',
  read: (from, into) => {
    into.switch_point_sunset = readU8(from) & 1 ? 'sunset' : 'twilight';
  },
  write: (out, data) => state('switch_point_sunset', { 0: 'twilight', 1: 'sunset' }).write(out, data),
};

const config: readonly NasPacket[] = [
  ...configPackets,
  packet(
    'calendar_config_packet',
    0x06,
    sunOffsets,
    number('latitude_deg', 's16', { divisor: 100 }),
    number('longitude_deg', 's16', { divisor: 100 }),
  ),
  packet('profile_config_packet', 0x08, ...profile, list('dimming_steps', dimmingStep)),
  packet('time_config_packet', 0x09, clock('device_unix_epoch')),
  packet(
    'legacy_defaults_config_packet',
    0x0a,
    number('default_dim_percent', 'u8', { range: [0, 100] }),
    flags('ldr_alert_enabled', undefined, 'dig_alert_enabled', 'dali_alert_enabled'),
  ),
  packet('holiday_config_packet', 0x0c, texts('holidays', holiday)),
  packet(
    'defaults_config_packet',
    0x0e,
    sections([
      [number('default_dim_percent', 'u8', { range: [0, 100] })],
      [number('max_dim_percent', 'u8', { words: { 255: 'default' }, range: [0, 100] })],
      [fadeDuration],
      [sunsetMode],
      [flags('legacy_mode_enabled')],
    ]),
  ),
  packet(
    'location_config_packet',
    0x13,
    sections([
      [number('latitude_deg', 's32', { divisor: 1e7 }), number('longitude_deg', 's32', { divisor: 1e7 })],
      [text('address')],
    ]),
  ),
  multicastConfig(1, 4),
  packet(
    'clear_config_packet',
    0xff,
    choice('reset_target', {
      1: ['ldr_input_config'],
      3: ['dig_input_config'],
      4: ['profile_config', address({ 255: 'all_profiles' }), optional(number('profile_id', 'u8'))],
      6: ['holiday_config'],
      ...clearTargets,
    }),
  ),
];

/** Without a number the device tells how many profiles it has. */
const requestedProfile: NasPart = {
  field: 'profile_id',
  read: (from, into) => {
    if (remaining(from) === 0) into.profile_id = 'no_profiles';
    else number('profile_id', 'u8', { words: { 255: 'all_profiles' } }).read(from, into);
  },
  write: (out, data) => {
    if (given(data, 'profile_id') === 'no_profiles') return;
    number('profile_id', 'u8', { words: { 255: 'all_profiles' } }).write(out, data);
  },
};

const requests: readonly NasPacket[] = [
  ...requestPackets,
  packet('calendar_config_request', 0x06),
  packet('profile_config_request', 0x08, requestedProfile),
  packet('default_dim_config_request', 0x0a),
  packet('holiday_config_request', 0x0c),
  packet('defaults_config_request', 0x0e),
  packet('location_config_request', 0x13),
];

const driverStatuses = drivers('dali_statuses', (channel) => [address(), driverStatus(channel)]);
const statusAddress = address({ 254: 'all_drivers' });

/** One byte asks, more answer. */
const daliStatus: NasPart = {
  field: 'address',
  read: (from, into) => (remaining(from) === 1 ? statusAddress : driverStatuses).read(from, into),
  write: (out, data) => statusAddress.write(out, data),
};

const digStates: Readonly<Record<number, string>> = { 0: 'off', 1: 'on', 255: 'n/a' };

/** One byte asks for the inputs and outputs; the answer numbers them 1 to 4, of which 3 is no longer used. */
const interfaces: NasPart = {
  field: '',
  read: (from, into) => {
    if (remaining(from) === 1) return void readU8(from);
    const pairs = Array.from({ length: 4 }, (_, index) => {
      if (readU8(from) !== index + 1) throw payloadError(`Interface ${index + 1} is missing`);
      return readU8(from);
    });
    const [dig = 0, ldr = 0, , relays = 0] = pairs;
    into.dig = digStates[dig] ?? 'invalid_value';
    into.ldr = ldr === 0xff ? null : ldr;
    if (ldr === 0xff) into.ldr_state = 'n/a';
    into.internal_relay_closed = (relays & 1) !== 0;
    into.open_drain_output_on = (relays & 2) !== 0;
  },
  write: (out) => void out.push(0xff),
};

const commands: readonly NasPacket[] = [
  packet('dali_status_request', 0x00, daliStatus),
  ...commandPackets,
  packet('status_usage_request', 0x05, flags('usage_requested', 'status_requested')),
  packet('interface_request', 0x06, interfaces),
];

const profiles = drivers('profiles', (channel) => [
  ...profile,
  number(`${channel}_dimming_level_percent`, 'u8', { words: { 255: 'resume' }, isMeasured: true }),
]);

const statusHead = [
  clock('device_unix_epoch'),
  flags(
    'dali_error_external',
    'dali_connection_error',
    'ldr_input_on',
    undefined,
    'dig_input_on',
    'hardware_error',
    undefined,
    'internal_relay_closed',
  ),
  number('downlink_rssi_dbm', 'u8', { step: -1 }),
  number('downlink_snr_db', 's8'),
  number('mcu_temperature_c', 's8'),
] as const;

const statusAlerts = [
  'voltage_alert_in_24h',
  'lamp_error_alert_in_24h',
  'power_alert_in_24h',
  'power_factor_alert_in_24h',
];
const ldrValue = number('ldr_input_value', 'u8');

/** The status begins with the clock, not with a header byte; its light value is announced by a flag. */
const status: NasPart = {
  field: '',
  read: (from, into) => {
    for (const part of statusHead) part.read(from, into);
    const bits = readU8(from);
    into.open_drain_output_on = (bits & 0x04) !== 0;
    for (let bit = 0; bit < 4; bit++) into[statusAlerts[bit] ?? ''] = (bits & (0x10 << bit)) !== 0;
    if (bits & 0x02) ldrValue.read(from, into);
    profiles.read(from, into);
  },
  write: notWritten('a status'),
};

export const packets: NasPackets = {
  24: [packet('status_packet', undefined, status)],
  25: [packet('usage_packet', undefined, consumption)],
  49: requests,
  50: config,
  51: [packet('activate_dfu_command', 0xff)],
  60: commands,
  61: notificationPackets('alert'),
  99: systemPackets,
};
