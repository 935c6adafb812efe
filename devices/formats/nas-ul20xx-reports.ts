import { payloadError, readBytes, readU8, remaining } from './byte-reader.ts';
import { type NasPacket, packet } from './nas-frames.ts';
import { address, clock, driverStatus, drivers, notWritten } from './nas-lighting.ts';
import { flags, hexBytes, type NasPart, number, state } from './nas-parts.ts';
import type { Fields } from './part.ts';

/** What luminaire controllers UL20xx of both firmwares say by themselves (nasys/nas-codecs, MIT). */

/** What a packet carries is told by its second byte; `read` gets that byte. */
const uplinkOnly = (
  type: string,
  head: number,
  read: (kind: number, ...args: Parameters<NasPart['read']>) => void,
): NasPacket =>
  packet(type, head, {
    field: '',
    read: (from, into) => read(readU8(from), from, into),
    write: notWritten(`a ${type}`),
  });

const events = number('dig_input_event_counter', 'u16');
const manyEvents = number('dig_input_event_counter', 'u32');

const alertDrivers = drivers('drivers', (channel) => [address(), driverStatus(channel)]);
const meteringAlert = [
  number('alert_power_w', 'u16'),
  number('alert_voltage_v', 'u16'),
  number('alert_power_factor', 'u8', { divisor: 100 }),
] as const;

const meteringFlags: readonly string[] = [
  'lamp_error_alert',
  'over_current_alert',
  'under_voltage_alert',
  'over_voltage_alert',
  'low_power_factor_alert',
];

/** fPort 61: what a device says by itself; `word` is "alert" or "notification". */
export const notificationPackets = (word: string): readonly NasPacket[] => [
  uplinkOnly(`dig_input_${word}`, 0x80, (kind, from, into) => {
    const size = kind >> 4;
    if (size !== 2 && size !== 4) throw payloadError(`A counter of ${size} bytes is unknown`);
    if (size === 4) into.dig_input_on = (kind & 1) === 1;
    (size === 2 ? events : manyEvents).read(from, into);
  }),
  uplinkOnly(`ldr_input_${word}`, 0x81, (kind, from, into) => {
    if (kind >> 4 !== 2) throw payloadError(`A light input of ${kind >> 4} bytes is unknown`);
    into.ldr_input_on = (readU8(from) & 1) === 1;
    into.ldr_input_value = readU8(from);
  }),
  uplinkOnly('dali_driver_alert', 0x83, (_, from, into) => alertDrivers.read(from, into)),
  uplinkOnly('metering_alert', 0x84, (kind, from, into: Fields) => {
    for (let bit = 0; bit < meteringFlags.length; bit++) into[meteringFlags[bit] ?? ''] = (kind & (1 << bit)) !== 0;
    for (const part of meteringAlert) part.read(from, into);
  }),
];

const resetReasons = ['reset_0', 'watchdog_reset', 'soft_reset', 'reset_3', 'reset_4', 'reset_5', 'reset_6', 'reset_7'];

const resetReason: NasPart = {
  field: 'reset_reason',
  read: (from, into) => {
    if (remaining(from) === 0) return;
    const bits = readU8(from);
    let place = 0;
    for (let bit = 0; bit < 8; bit++) if (bits & (1 << bit)) into[`reset_reason_${++place}`] = resetReasons[bit] ?? '';
  },
  write: notWritten('a reset reason'),
};

/** Voltage of the DALI bus, or what is wrong with it; the highest bit tells who feeds it. */
const daliBus: NasPart = {
  field: 'dali_supply_state_v',
  read: (from, into) => {
    const byte = readU8(from);
    const raw = byte & 0x7f;
    const word = raw === 0x7e ? 'bus_high' : raw === 0x7f ? 'bus_error' : 'invalid_value';
    into.dali_supply_state_v = raw < 0x70 ? raw : null;
    if (raw >= 0x70) into.dali_supply_state_v_state = word;
    into.dali_power_source_external = byte & 0x80 ? 'external' : 'internal';
  },
  write: notWritten('a bus state'),
};

const driverCount: NasPart = {
  field: 'dali_addressed_driver_count',
  read: (from, into) => {
    const byte = readU8(from);
    into.dali_addressed_driver_count = byte & 0x7f;
    into.dali_unaddressed_driver_found = (byte & 0x80) !== 0;
  },
  write: notWritten('a number of drivers'),
};

const errorReasons = {
  0: 'n/a',
  1: 'n/a',
  2: 'unknown_fport',
  3: 'packet_size_short',
  4: 'packet_size_long',
  5: 'value_error',
  6: 'protocol_parse_error',
  7: 'reserved_flag_set',
  8: 'invalid_flag_combination',
  9: 'unavailable_feature_request',
  10: 'unsupported_header',
  11: 'unreachable_hw_request',
  12: 'address_not_available',
  13: 'internal_error',
  14: 'packet_size_error',
  129: 'profile_id_seq_error',
  130: 'profile_destination_eror',
  131: 'profile_days_error',
  132: 'profile_step_count_error',
  133: 'profile_step_value_error',
  134: 'profile_step_unsorted_error',
} as const;

/** Reasons why a downlink was refused, the same in all devices of NAS. */
export const refusal = (port: string, reason: string): readonly NasPart[] => [
  number(port, 'u8'),
  state(reason, errorReasons, { other: 'invalid_error_code' }),
];

/** Three numbers with dots between. */
export const firmware = (field: string): NasPart => ({
  field,
  read: (from, into) => {
    into[field] = readBytes(from, 3).join('.');
  },
  write: notWritten('a firmware version'),
});

/** fPort 99: after a start, and when a downlink was refused. */
export const systemPackets: readonly NasPacket[] = [
  packet(
    'boot_packet',
    0x00,
    hexBytes('device_serial', 4, { isReversed: true }),
    firmware('firmware_version'),
    clock('device_unix_epoch'),
    state('device_config', {
      0: 'dali',
      1: 'dali_nc',
      2: 'dali_no',
      3: 'analog_nc',
      4: 'analog_no',
      5: 'dali_analog_nc',
      6: 'dali_analog_no',
      7: 'dali_analog_nc_no',
    }),
    flags(undefined, undefined, 'dig_input', 'ldr_input_fitted', 'open_drain_output', 'metering'),
    daliBus,
    driverCount,
    resetReason,
  ),
  packet('invalid_downlink_packet', 0x13, ...refusal('downlink_from_fport', 'error_reason')),
];

const usage = (channel: string): NasPart => {
  const parts = [
    number(`${channel}_active_energy_wh`, 'u32'),
    number(`${channel}_active_power_w`, 'u16'),
    number(`${channel}_load_side_energy_wh`, 'u32'),
    number(`${channel}_load_side_power_w`, 'u16'),
    number(`${channel}_power_factor`, 'u8', { divisor: 100, words: { 255: 'unknown' }, isMeasured: true }),
    number(`${channel}_mains_voltage_v`, 'u8'),
    number(`${channel}_driver_operating_time_h`, 'u32', { divisor: 3600, decimals: 0 }),
    number(`${channel}_lamp_on_time_h`, 'u32', { divisor: 3600, decimals: 1 }),
  ];
  return {
    field: channel,
    read: (from, into) => {
      const bits = readU8(from);
      for (let bit = 0; bit < 8; bit++) if (bits & (1 << bit)) parts[bit]?.read(from, into);
    },
    write: notWritten('consumption'),
  };
};

/** Consumption of the controller (address 255) and of each driver, as flags announce it. */
export const consumption = drivers(
  'consumption',
  (channel) => [address({ 255: 'internal_measurement' }), usage(channel)],
  { hasMeter: true },
);
