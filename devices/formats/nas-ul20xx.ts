import { payloadError, readBytes, readU8, remaining } from './byte-reader.ts';
import { writeInteger } from './byte-writer.ts';
import { type NasPacket, packet } from './nas-frames.ts';
import { address, anyDevice, stepTime } from './nas-lighting.ts';
import { constant, flags, given, hexBytes, type NasPart, number } from './nas-parts.ts';
import { list, optional } from './nas-structure.ts';

/** Packets that luminaire controllers UL20xx with firmware 1.0 and 1.1 have in common (nasys/nas-codecs, MIT). */

export const percent = (words: Readonly<Record<number, string>>, field = 'dimming_level_percent'): NasPart =>
  number(field, 'u8', { words, range: [0, 100] });

export const dimmingStep = [stepTime, percent({ 255: 'inactive' })] as const;

/** One byte where it is the last in the packet and fits; the settings of older firmware have but one. */
const bootDelay: NasPart = {
  field: 'boot_delay_range_s',
  read: (from, into) => {
    const low = readU8(from);
    into.boot_delay_range_s = remaining(from) > 0 ? low + readU8(from) * 256 : low;
  },
  write: (out, data) => {
    const seconds = Number(given(data, 'boot_delay_range_s'));
    writeInteger(out, seconds, { size: out.length === 1 && seconds < 256 ? 1 : 2, signed: false, littleEndian: true });
  },
};

const alertOff = { words: { 65535: 'alert_off' } };

export const configPackets: readonly NasPacket[] = [
  packet(
    'deprecated_ldr_input_config_packet',
    0x01,
    number('ldr_off_threshold_high', 'u8', { words: { 255: 'disabled' } }),
    number('ldr_on_threshold_low', 'u8', { words: { 255: 'disabled' } }),
    flags(undefined, undefined, 'trigger_alert_enabled'),
  ),
  packet(
    'deprecated_dig_input_config_packet',
    0x03,
    number('light_on_duration_s', 'u16', { words: { 65535: 'dig_input_disabled' } }),
    flags(undefined, 'signal_edge_rising', 'trigger_alert_enabled'),
    anyDevice,
    percent({ 255: 'disabled' }),
  ),
  packet(
    'open_drain_output_config_packet',
    0x05,
    list('switching_steps', [stepTime, flags({ field: 'step_open_drain_output_on', key: 'open_drain_output_on' })]),
  ),
  packet('status_config_packet', 0x07, number('status_interval_s', 'u32', { range: [60, 86_400] })),
  packet(
    'usage_config_packet',
    0x0b,
    number('usage_interval_s', 'u32', { accepts: { disabled: 0 } }),
    number('mains_voltage_v', 'u8', { absent: 255 }),
  ),
  packet('boot_delay_config_packet', 0x0d, bootDelay),
  packet('onboard_led_config_packet', 0x15, flags('status_led_enabled')),
  packet(
    'metering_alert_config_packet',
    0x16,
    constant(0x01, 'metering alert'),
    number('min_power_w', 'u16', alertOff),
    number('max_power_w', 'u16', alertOff),
    number('min_voltage_v', 'u16', alertOff),
    number('max_voltage_v', 'u16', alertOff),
    number('min_power_factor', 'u8', { divisor: 100, words: { 255: 'alert_off' }, range: [0, 1] }),
  ),
];

export const multicastConfig = (lowest: number, highest: number): NasPacket =>
  packet(
    'multicast_config_packet',
    0x52,
    {
      ...number('multicast_device', 'u8', { range: [lowest, highest] }),
      read: (from, into) => {
        const device = readU8(from);
        if (device < lowest || device > highest) throw payloadError(`There is no multicast device ${device}`);
        into.multicast_device = device;
      },
    },
    hexBytes('devaddr', 4, { isReversed: true }),
    hexBytes('nwkskey', 16),
    hexBytes('appskey', 16),
  );

/** What a packet that clears settings clears in both versions. */
export const clearTargets = {
  82: [
    'multicast_config',
    number('multicast_device', 'u8', {
      words: {
        ...Object.fromEntries(Array.from({ length: 16 }, (_, index) => [index, `multicast_device_${index}`])),
        255: 'all_multicast_devices',
      },
    }),
  ],
  255: ['factory_reset', hexBytes('device_serial', 4, { isReversed: true })],
} as const;

/** fPort 49: please tell me your settings. */
export const requestPackets: readonly NasPacket[] = [
  packet('deprecated_ldr_input_config_request', 0x01),
  packet('deprecated_dig_input_config_request', 0x03),
  packet('status_config_request', 0x07),
  packet('time_config_request', 0x09),
  packet('usage_config_request', 0x0b),
  packet('boot_delay_config_request', 0x0d),
  packet('onboard_led_config_request', 0x15),
  // The maker's own codec spells it so.
  { ...packet('metering_alert_confic_request', 0x16), aliases: ['metering_alert_config_request'] },
  packet('multicast_config_request', 0x52, number('multicast_device', 'u8', { words: { 255: 'all' } })),
];

/** Query and answer are told apart only where they are short. */
const daliQuery: NasPart = {
  field: 'query_data_raw',
  read: (from, into) => {
    const bytes = readBytes(from, remaining(from));
    into.query_data_raw = bytes.toHex().toUpperCase();
    if (bytes.length < 2 || bytes.length > 3) return;
    const [code = 0, query = 0, response] = bytes;
    address().read({ ...from, bytes: Uint8Array.of(code), at: 0 }, into);
    into.dali_query = query;
    if (response !== undefined) into.dali_response = response;
  },
  write: (out, data) => hexBytes('query_data_raw').write(out, data),
};

const memoryPlace = [address(), number('memory_bank', 'u8'), number('memory_address', 'u8')] as const;

/** Memory of a driver; a device that could not reach it answers with the packet's name alone. */
const memory = (type: string, head: number, parts: readonly NasPart[]): NasPacket => ({
  type,
  head,
  parts: [
    {
      field: '',
      read: (from, into) => {
        into.memory_access_failed = remaining(from) === 0;
        if (remaining(from) === 0) from.warnings.push(`${type}_failed`);
        else for (const part of parts) part.read(from, into);
      },
      write: (out, data) => {
        for (const part of parts) part.write(out, data);
      },
    },
  ],
});

const level = percent({ 255: 'resume' });

export const commandPackets: readonly NasPacket[] = [
  packet('manual_dimming', 0x01, list('destination', [anyDevice, level])),
  packet('custom_dali_request', 0x03, daliQuery),
  packet('custom_dali_command', 0x04, hexBytes('dali_command')),
  memory('driver_memory_read', 0x07, [
    ...memoryPlace,
    number('read_size_bytes', 'u8'),
    optional(hexBytes('memory_value')),
  ]),
  memory('driver_memory_write', 0x08, [...memoryPlace, hexBytes('memory_value')]),
  packet('manual_timed_dimming', 0x09, list('destination', [anyDevice, level, number('duration_minutes', 'u8')])),
  packet('open_drain_output_control', 0x0c, flags('open_drain_output_on')),
];
