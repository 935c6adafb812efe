import type { CodecInput } from '../codec.ts';
import { signed } from './bit-reader.ts';
import { type BitItem, bits, type DigitalMatterMessage, flag, optional, scaled, skip } from './digital-matter-bits.ts';
import type { Fields } from './part.ts';

/*
 * Messages of Digital Matter's LoRaWAN trackers. Offsets and scales as in the decoders of
 * chirpstack/chirpstack-device-profiles (vendors/digital-matter/codecs) and akenza-io/device-type-library
 * (types/digitalMatter).
 */

const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** 25 mV a step, to 10 mV as the maker's decoders answer it, halves as floating point leaves them. */
const coarseVoltage = (raw: number): number => Number((raw * 0.025).toFixed(2));
/** The same of the first generation, whose decoders in akenza-io/device-type-library round halves up. */
const firstVoltage = (raw: number): number => Math.round(raw * 2.5) / 100;
/** The LTC packs' scale: 3.5 V and 32 mV a step. */
const packVoltage = (raw: number): number => (3500 + 32 * raw) / 1000;

const coordinates: readonly BitItem[] = [scaled('latitude', 32, 1e7), scaled('longitude', 32, 1e7)];
const shortCoordinate = (name: string): BitItem => bits(name, 24, (raw) => round((256 * signed(raw, 24)) / 1e7, 7));
const coarseMotion: readonly BitItem[] = [bits('heading', 3, (raw) => raw * 45), bits('speed', 5, (raw) => raw * 5)];

/** Position on fPort 1 of Oyster and Oyster3: full coordinates, heading in steps of 5.625°. */
const position = (volts: (raw: number) => number): readonly BitItem[] => [
  ...coordinates,
  flag('in_trip'),
  flag('fix_failed'),
  bits('heading', 6, (raw) => raw * 5.625),
  bits('speed', 8),
  bits('battery_voltage', 8, volts),
];

/** Position on fPort 4: 24-bit coordinates. */
const shortPosition: readonly BitItem[] = [
  shortCoordinate('latitude'),
  shortCoordinate('longitude'),
  ...coarseMotion,
  bits('battery_voltage', 8),
  flag('in_trip'),
  flag('fix_failed'),
  flag('man_down'),
];

const downlinkAnswer: readonly BitItem[] = [
  bits('sequence', 7),
  flag('accepted'),
  bits('firmware_major', 8),
  bits('firmware_minor', 8),
];

const statistics: readonly BitItem[] = [
  bits('initial_battery_voltage', 4, (raw) => (40 + raw) / 10),
  bits('tx_count', 11, (raw) => raw * 32),
  bits('trip_count', 13, (raw) => raw * 32),
  bits('gps_successes', 10, (raw) => raw * 32),
  bits('gps_fails', 8, (raw) => raw * 32),
  bits('average_gps_fix_s', 9),
  bits('average_gps_fail_s', 9),
  bits('average_gps_freshen_s', 8),
  bits('wakeups_per_trip', 7),
  bits('uptime_weeks', 9),
];

/** Oyster of the first generation. */
export const oysterMessages: Readonly<Record<number, DigitalMatterMessage>> = {
  1: { items: position(firstVoltage) },
  2: { items: downlinkAnswer },
  3: { items: statistics },
  4: {
    items: shortPosition,
    complete: (fields) => {
      fields.battery_voltage = firstVoltage(Number(fields.battery_voltage));
      return undefined;
    },
  },
};

/** Yabby of the first generation: the alarm flag in the position, and no initial voltage where the cell is unknown. */
export const yabbyMessages: Readonly<Record<number, DigitalMatterMessage>> = {
  1: {
    items: [
      ...coordinates,
      flag('in_trip'),
      flag('fix_failed'),
      flag('man_down'),
      skip(5),
      ...coarseMotion,
      bits('battery_voltage', 8, firstVoltage),
    ],
  },
  2: { items: downlinkAnswer },
  3: {
    items: [bits('initial_battery_voltage', 4, (raw) => (raw === 0 ? null : (40 + raw) / 10)), ...statistics.slice(1)],
  },
};

/** 3.5 V is empty and 5 V full, in steps of 10 %, as akenza's decoder of the Oyster3 reckons. */
const addBatteryLevel = (fields: Fields, volts: number): undefined => {
  const level = Math.round((Number(volts.toFixed(3)) - 3.5) / 0.015 / 10) * 10;
  fields.battery_level = Math.min(100, Math.max(0, level));
  return undefined;
};

const addFirmware = (fields: Fields): undefined => {
  fields.firmware = `${fields.firmware_major}.${fields.firmware_minor}`;
  return undefined;
};

const share = (name: string): BitItem => bits(name, 5, (raw) => (raw * 100) / 32);

const oyster3Stats: DigitalMatterMessage = {
  items: [
    bits('time_to_fix', 8),
    bits('wakeups_per_trip', 8),
    bits('initial_battery_voltage', 8, packVoltage),
    bits('battery_voltage', 8, packVoltage),
    flag('battery_critical'),
    flag('battery_low'),
    bits('trip_count', 14, (raw) => raw * 32),
    bits('uptime_weeks', 10),
    bits('energy_used', 10, (raw) => raw * 10),
    share('percent_lora'),
    share('percent_gnss_success'),
    share('percent_gnss_fail'),
    share('percent_sleep_discharge'),
  ],
  complete: (fields) => {
    const { percent_lora, percent_gnss_success, percent_gnss_fail, percent_sleep_discharge } = fields;
    fields.percent_other =
      100 -
      Number(percent_lora) -
      Number(percent_gnss_success) -
      Number(percent_gnss_fail) -
      Number(percent_sleep_discharge);
    return undefined;
  },
};

/** Position on fPort 33: binary fractions of half and full turns, with the time since the last movement. */
const oyster3Inactivity: DigitalMatterMessage = {
  items: [
    flag('fix_failed'),
    bits('latitude', 23, (raw) => round((180 * signed(raw, 23)) / 2 ** 23, 7)),
    bits('longitude', 24, (raw) => round((360 * signed(raw, 24)) / 2 ** 24, 7)),
    flag('in_trip'),
    flag('battery_critical'),
    flag('man_down'),
    bits('inactive_minutes', 14, (raw) => raw * 2),
    bits('battery_voltage', 8, packVoltage),
    ...coarseMotion,
  ],
  complete: (fields) => {
    const minutes = Number(fields.inactive_minutes);
    fields.inactive_duration = `${Math.floor(minutes / 1440)}d${Math.floor((minutes % 1440) / 60)}h${minutes % 60}m`;
    return addBatteryLevel(fields, Number(fields.battery_voltage));
  },
};

/** Oyster3 and Yabby3. */
export const oyster3Messages: Readonly<Record<number, DigitalMatterMessage>> = {
  1: {
    items: position(coarseVoltage),
    complete: (fields, { bytes }) => {
      // The long message has no room for the alarm.
      fields.man_down = null;
      return addBatteryLevel(fields, (bytes[10] ?? 0) * 0.025);
    },
  },
  2: {
    items: [
      ...downlinkAnswer,
      optional(bits('product_id', 8)),
      optional(bits('hardware_revision', 8)),
      optional(bits('downlink_port', 8)),
    ],
    complete: addFirmware,
  },
  3: { items: statistics },
  4: {
    items: [...shortPosition, bits('pack_scale', 1), bits('battery_critical', 2, (raw) => raw !== 0), skip(2)],
    complete: (fields) => {
      const raw = Number(fields.battery_voltage);
      const isPack = fields.pack_scale === 1;
      delete fields.pack_scale;
      fields.battery_voltage = isPack ? packVoltage(raw) : coarseVoltage(raw);
      return addBatteryLevel(fields, isPack ? packVoltage(raw) : raw * 0.025);
    },
  },
  30: {
    items: [
      bits('firmware_major', 8),
      bits('firmware_minor', 8),
      bits('product_id', 8),
      bits('hardware_revision', 8),
      flag('reset_power_on'),
      flag('reset_watchdog'),
      flag('reset_external'),
      flag('reset_software'),
      skip(4),
      bits('watchdog_reason', 16),
      optional(bits('initial_battery_voltage', 8, packVoltage)),
    ],
    complete: addFirmware,
  },
  31: oyster3Stats,
  33: oyster3Inactivity,
};

const tripTypes = ['none', 'ignition', 'movement', 'run_detect'];
/** 28 bits, the lowest four of the coordinate are not sent. */
const wideCoordinate = (name: string): BitItem => bits(name, 28, (raw) => (16 * signed(raw, 28)) / 1e7);
const milliVolts = (name: string): BitItem => bits(name, 16, (raw) => raw / 1000);

const vehicle: readonly BitItem[] = [
  bits('trip_type', 2, (raw) => tripTypes[raw] ?? null),
  flag('external_power'),
  flag('gps_current'),
  wideCoordinate('latitude'),
  flag('ignition'),
  flag('digital_input_1'),
  flag('digital_input_2'),
  flag('digital_output'),
  wideCoordinate('longitude'),
  bits('heading', 8, (raw) => raw * 2),
  bits('speed', 8),
  bits('battery_voltage', 8, (raw) => raw / 50),
];

const supply: readonly BitItem[] = [
  milliVolts('external_voltage'),
  milliVolts('analog_input'),
  bits('temperature', 8, (raw) => signed(raw, 8)),
  bits('gps_accuracy', 8),
  optional(bits('timestamp', 16)),
];

/** The clock counts seconds modulo 65 535; 65 535 says that it is not set. */
const CLOCK_SPAN_S = 65_535;
/** A device's clock may be ahead of ours by so much. */
const CLOCK_AHEAD_S = 1800;

/** The last instant before the reception (and a little) at which the device's clock stood so. */
const resolveTime = ({ timestamp }: Fields, { receivedAt }: CodecInput): number | undefined => {
  if (typeof timestamp !== 'number' || timestamp === CLOCK_SPAN_S) return undefined;
  const latest = Math.round(receivedAt / 1000) + CLOCK_AHEAD_S;
  const back = (latest % CLOCK_SPAN_S) - timestamp;
  return (latest - (back > 0 ? back : back + CLOCK_SPAN_S)) * 1000;
};

const addRuntime = (fields: Fields): undefined => {
  const seconds = Number(fields.runtime_seconds);
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor((seconds % 86_400) / 3600)];
  fields.runtime = `${days}d${hours}h${Math.floor((seconds % 3600) / 60)}m${seconds % 60}s`;
  return undefined;
};

/** G62 and the like, wired to a vehicle. */
export const g62Messages: Readonly<Record<number, DigitalMatterMessage>> = {
  1: { items: [...vehicle, ...supply], complete: resolveTime },
  2: { items: vehicle },
  3: { items: supply, complete: resolveTime },
  4: { items: [bits('runtime_seconds', 32), bits('distance', 32, (raw) => raw / 100)], complete: addRuntime },
  5: { items: downlinkAnswer },
};
