import { payloadError, readU8, readU16Le, readU32Le } from '../../formats/byte-reader.ts';
import { type NasPackets, packet } from '../../formats/nas-frames.ts';
import { readNasMbus } from '../../formats/nas-mbus.ts';
import {
  bootPacket,
  enterDfu,
  faultyDownlink,
  localTime,
  locationConfig,
  lorawanProfile,
  readActuality,
  readDeviceStatus,
  readSerial,
  serial,
  wmbusProfile,
} from '../../formats/nas-meter.ts';
import { flags, type NasPart, type NasReader, number, readOnly, state } from '../../formats/nas-parts.ts';
import { sections } from '../../formats/nas-structure.ts';
import type { Fields } from '../../formats/part.ts';

/** Modules CM30xx on mechanical water and gas meters, firmware 2.3 (nasys/nas-codecs, MIT). */

const alerts = flags(
  'backflow_pending',
  'broken_pipe_pending',
  'continuous_flow_pending',
  'tamper_pending',
  'temperature_pending',
  'low_battery',
  'no_usage',
);

const meterStatus = state('meter_status', {
  0: 'connected',
  1: 'no_response',
  2: 'protocol_error',
  3: 'meter_damaged',
  4: 'protocol_error',
  5: 'bus_shorted',
});

const media = ['water', 'warm_water', 'gas'];
const units = ['m3', 'gal', 'ft3'];

/** Exponent of the register, medium and unit in one byte. */
const readMeter = (from: NasReader, into: Fields): { exponent: number; unit: string; isPrivate: boolean } => {
  const byte = readU8(from);
  const exponent = (byte & 7) - 6;
  const medium = media[(byte >> 3) & 3];
  const unit = units[(byte >> 5) & 3];
  if (exponent < -3 || medium === undefined || unit === undefined) {
    throw payloadError(`Meter code ${byte} has an unknown multiplier, medium or unit`);
  }
  into.meter_multiplier = exponent < 0 ? 1 / 10 ** -exponent : 10 ** exponent;
  into.meter_medium = medium;
  into.meter_unit = unit;
  return { exponent, unit, isPrivate: (byte & 0x80) !== 0 };
};

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Day in the low five bits; the month counts from 0. */
const readDate = (from: NasReader): string | null => {
  const low = readU8(from);
  const high = readU8(from);
  const [day, month, year] = [low & 0x1f, high & 0x0f, 2000 + (low >> 5) + (high >> 4) * 8];
  return day === 0 || month > 11 ? null : `${year}-${twoDigits(month + 1)}-${twoDigits(day)}`;
};

/** With privacy the reading is that of a day. */
const usage: NasPart['read'] = (from, into) => {
  alerts.read(from, into);
  meterStatus.read(from, into);
  const { exponent, unit, isPrivate } = readMeter(from, into);
  readActuality(from, into);
  const register = readU32Le(from);
  into[`meter_accumulated_volume_${unit}`] = exponent < 0 ? register / 10 ** -exponent : register * 10 ** exponent;
  if (isPrivate) into.meter_readout_date = readDate(from);
  const bits = readU8(from);
  into.app_connected_within_a_day = (bits & 1) !== 0;
  if ((bits & 2) === 0) return;
  readDeviceStatus(from, into);
  into.meter_serial = readSerial(from);
};

const shutdownReason = state('shutdown_reason', {
  16: 'calibration_timeout',
  49: 'magnet_shutdown',
  50: 'enter_dfu',
  51: 'app_shutdown',
  52: 'switch_to_wmbus',
});

const shutdown: NasPart['read'] = (from, into) => {
  shutdownReason.read(from, into);
  if (readU8(from) !== 0x04) throw payloadError('A shutdown packet ends with a usage packet');
  usage(from, into);
};

const meter = readOnly('a meter', (from, into) => void readMeter(from, into));

/** Anything but 0 is true. */
const flag = (field: string): NasPart =>
  readOnly(field, (from, into) => {
    into[field] = readU8(from) !== 0;
  });

/** Of the unit that the packet gave before, or of none. */
const withUnit = (field: string, perHour: boolean, read: (from: NasReader) => number | string): NasPart =>
  readOnly(field, (from, into) => {
    const { meter_unit: unit } = into;
    const suffix = typeof unit === 'string' ? `_${unit}${perHour ? '_per_h' : ''}` : '';
    into[`${field}${suffix}`] = read(from);
  });

const thousandths = (raw: number): number => raw / 1000;

const generalConfig = sections(
  [
    [lorawanProfile],
    [wmbusProfile],
    [serial('meter_serial')],
    [meter],
    [
      withUnit('meter_accumulated_volume', false, (from) =>
        thousandths(readU32Le(from) + readU32Le(from) * 4_294_967_296),
      ),
    ],
    [withUnit('meter_accumulated_volume_offset', false, (from) => thousandths(readU32Le(from) | 0))],
    [withUnit('meter_nominal_flow', true, (from) => readU16Le(from) / 10)],
    [number('alert_backflow_threshold', 'u16', { divisor: 1000, words: { 0: 'disabled' } })],
    [
      withUnit('alert_broken_pipe_threshold', true, (from) => {
        const raw = readU32Le(from);
        return raw === 0 ? 'disabled' : thousandths(raw);
      }),
    ],
    [flag('alert_continuous_flow_enabled')],
    [number('alert_no_usage_interval_days', 'u16', { words: { 0: 'disabled' } })],
    [flag('alert_tamper_enabled')],
    [
      number('alert_temperature_threshold_low_c', 's8', { words: { [-128]: 'disabled' } }),
      number('alert_temperature_threshold_high_c', 's8', { words: { [-128]: 'disabled' } }),
    ],
  ],
  2,
);

const hardware = state('hardware_configuration', {
  0: 'Modularis',
  1: 'Cyble',
  2: 'Falcon_PR',
  3: 'Picoflux',
  4: 'Falcon_MJ',
  6: 'RCM_LMx',
  32: 'BK_G',
});

/** Short header of wireless M-Bus (EN 13757-7), then records. */
const oms: NasPart['read'] = (from, into) => {
  into.header_access_num = readU8(from);
  into.header_status = readU8(from);
  into.header_packet_synchronous = readU16Le(from) === 0x2000;
  readNasMbus(from, into);
};

export const packets: NasPackets = {
  20: [packet('oms_usage_packet', 0x7a, readOnly('a reading', oms))],
  25: [packet('usage_packet', 0x04, readOnly('a reading', usage))],
  49: [packet('general_configuration_request', 0x20), packet('location_configuration_request', 0x21)],
  50: [packet('general_configuration_packet', 0x20, generalConfig), locationConfig],
  60: [localTime, enterDfu],
  99: [bootPacket(hardware, 2), packet('shutdown_packet', 0x01, readOnly('a shutdown', shutdown)), faultyDownlink],
};
