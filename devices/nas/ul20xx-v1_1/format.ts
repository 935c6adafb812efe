import { readU8 } from '../../formats/byte-reader.ts';
import { chained, type NasPacket, type NasPackets, packet } from '../../formats/nas-frames.ts';
import { activeDays, address, anyDevice, clock, fadeDuration, holiday } from '../../formats/nas-lighting.ts';
import { constant, flags, type NasPart, number, state, text, textLength } from '../../formats/nas-parts.ts';
import { choice, counts, list, optional, texts, unlessOff } from '../../formats/nas-structure.ts';
import {
  clearTargets,
  commandPackets,
  configPackets,
  dimmingStep,
  multicastConfig,
  percent,
  requestPackets,
} from '../../formats/nas-ul20xx.ts';
import { consumption, systemPackets } from '../../formats/nas-ul20xx-reports.ts';
import { float, roundedLux } from './float.ts';
import { notifications, statusPackets } from './report.ts';

/** Luminaire controllers UL20xx with firmware 1.1 (nasys/nas-codecs, MIT). */

const profileNames = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`profile_${index}`, index]));
const profileWords = Object.fromEntries(Object.entries(profileNames).map(([name, index]) => [index, name]));

/** The angle of the sun below the zenith in sixths of a degree around the horizon, and the light from there on. */
const sunStep = [
  number('zenith_angle_deg', 's8', { divisor: 6, offset: 90, decimals: 2, range: [68.6, 111.2] }),
  percent({ 255: 'disabled' }),
];

/** How many steps follow; a sensor that is switched off has none. */
const lightSteps: NasPart = {
  field: 'dim_steps',
  read: (from, into) => {
    const count = readU8(from);
    if (count === 0xff) into.dim_steps = 'disabled';
    from.counts.dim_steps = count === 0xff ? 0 : count;
  },
  write: (out, data) => {
    if (data.dim_steps === 'disabled') out.push(0xff);
    else counts('dim_steps').write(out, data);
  },
};

const digBits = flags(
  'dig_mode_button',
  'polarity_high_or_rising',
  'notification_on_activation',
  'notification_on_inactivation',
  undefined,
  undefined,
  undefined,
  { field: 'source_d4i_motion_sensor', isOptional: true },
);

/** Bit 4 is undocumented: the maker's example for input 1 has it set, the one for input 0 has not. */
const digFlags: NasPart = {
  ...digBits,
  write: (out, data) => {
    digBits.write(out, data);
    if (Number(data.dig_enabled) === 1) out.push((out.pop() ?? 0) | 0x10);
  },
};

const config: readonly NasPacket[] = [
  ...configPackets,
  packet('time_config_packet', 0x09, clock('device_unix_epoch', { 0: 'force_lorawan_devicetimereq' })),
  packet(
    'calendar_config_packet',
    0x20,
    counts('sunrise_steps', 'sunset_steps'),
    flags('calendar_prefers_meta_pos', 'calendar_clamps_profiles', 'calendar_clamps_dig', {
      field: 'ignore_gnss',
      isOptional: true,
    }),
    number('latitude_deg', 's16', { divisor: 100 }),
    number('longitude_deg', 's16', { divisor: 100 }),
    list('sunrise_steps', sunStep, { isCounted: true }),
    list('sunset_steps', sunStep, { isCounted: true }),
  ),
  packet(
    'profile_config_packet',
    0x21,
    number('profile_id', 'u8', { words: { 255: 'no_profile' }, accepts: profileNames }),
    counts('dimming_steps'),
    anyDevice,
    activeDays,
    constant(0x00, 'reserved byte'),
    list('dimming_steps', dimmingStep, { isCounted: true }),
  ),
  packet('fade_config_packet', 0x22, fadeDuration),
  packet('holiday_config_packet', 0x23, counts('holidays'), texts('holidays', { ...holiday, isCounted: true })),
  packet(
    'dali_monitor_config_packet',
    0x24,
    flags('send_dali_alert', 'correct_dali_dimming_level', 'periodic_bus_scan_enabled'),
    number('monitoring_interval_s', 'u16', { words: { 0: 'disabled' } }),
  ),
  packet('fallback_dim_config_packet', 0x25, number('fallback_dimming_level_percent', 'u8', { range: [0, 100] })),
  packet(
    'location_config_packet',
    0x26,
    textLength('address'),
    number('latitude_deg', 's32', { divisor: 1e7, accepts: { not_configured: 0x7fffffff } }),
    number('longitude_deg', 's32', { divisor: 1e7, accepts: { not_configured: 0x7fffffff } }),
    text('address', { isCounted: true }),
  ),
  packet(
    'lumalink_config_packet',
    0x27,
    state('access_mode', { 0: 'never_advertise', 1: 'first_commission', 2: 'every_boot', 3: 'always' }),
  ),
  packet(
    'dig_input_config_packet',
    0x28,
    unlessOff(
      number('dig_enabled', 'u8', { words: { 255: 'dig_disabled' }, accepts: { dig_enabled: 0 } }),
      digFlags,
      anyDevice,
      percent({ 255: 'inactive' }, 'active_dimming_level_percent'),
      percent({ 255: 'inactive' }, 'inactive_dimming_level_percent'),
      number('on_delay_s', 'u16'),
      number('off_delay_s', 'u16'),
    ),
  ),
  packet(
    'light_sensor_config_packet',
    0x29,
    unlessOff(
      lightSteps,
      flags(
        'notification_on_every_step',
        'light_sensor_clamps_profile',
        'light_sensor_clamps_dig',
        'interpolate_steps',
      ),
      number('measurement_duration_s', 'u8'),
      anyDevice,
      list('dim_steps', [float('light_level_lx', roundedLux), percent({ 255: 'inactive' })], { isCounted: true }),
    ),
  ),
  packet(
    'dim_notify_config_packet',
    0x2a,
    number('random_delay_s', 'u8', { step: 5, words: { 255: 'disabled' } }),
    number('packet_limit_s', 'u8', { step: 60 }),
  ),
  packet(
    'interface_type_config_packet',
    0x2b,
    state('interface_type', { 0: 'dali', 1: 'analog_0_10v', 255: 'factory_default' }),
  ),
  multicastConfig(0, 3),
  packet('multicast_fcnt_config_packet', 0x53, number('multicast_device', 'u8'), number('multicast_fcnt', 'u32')),
  packet(
    'chained_config_packet',
    0xfe,
    chained(() => config),
  ),
  packet(
    'clear_config_packet',
    0xff,
    choice('reset_target', {
      33: ['profile_config', clearedProfile()],
      35: ['holiday_config'],
      40: ['dig_input_config'],
      41: ['light_sensor_config'],
      ...clearTargets,
    }),
  ),
];

/** The maker's codec reads a profile's number as an address, and writes it as `profile_3`. */
function clearedProfile(): NasPart {
  const asAddress = address({ 255: 'all_profiles' });
  const asProfile = address({ 255: 'all_profiles', ...profileWords });
  return { ...asAddress, write: asProfile.write };
}

const requests: readonly NasPacket[] = [
  ...requestPackets,
  packet('calendar_config_request', 0x20),
  packet(
    'profile_config_request',
    0x21,
    number('profile_id', 'u8', { words: { 255: 'all_profiles' }, accepts: profileNames }),
  ),
  packet('fade_config_request', 0x22),
  packet('holiday_config_request', 0x23),
  packet('dali_monitor_config_request', 0x24),
  packet('fallback_dim_config_request', 0x25),
  packet('location_config_request', 0x26),
  packet('lumalink_config_request', 0x27),
  packet('dig_input_config_request', 0x28),
  { ...packet('light_input_config_request', 0x29), aliases: ['light_sensor_config_request'] },
  packet('dim_notify_config_request', 0x2a),
  packet('interface_type_config_request', 0x2b),
];

const dimMap = [
  address(),
  number('dali_min_level', 'u8'),
  number('dali_max_level', 'u8'),
  state('dimming_curve', { 0: 'logarithmic', 1: 'linear' }, { other: 'linear' }),
];

const commands: readonly NasPacket[] = [
  ...commandPackets,
  packet(
    'status_usage_request',
    0x05,
    flags(
      'usage_requested',
      'status_requested',
      { field: 'dim_map_report_requested', isOptional: true },
      { field: 'request_gnss_notification', isOptional: true },
    ),
    optional(list('drivers', dimMap)),
  ),
  packet('address_dali_driver', 0x0a, address({ 255: 'rescan_dali_bus' })),
  packet('dali_identify', 0x0b),
];

export const packets: NasPackets = {
  23: statusPackets,
  26: [packet('usage_packet', 0x00, consumption)],
  49: requests,
  50: config,
  51: [packet('activate_dfu_command', 0xff), packet('restart_controller_command', 0xfe)],
  60: commands,
  61: notifications,
  99: systemPackets,
};
