import { payloadError, readBytes, readS32Le, readU8, readU16Le, readU32Le } from '../../formats/byte-reader.ts';
import { readF32Le } from '../../formats/float-le.ts';
import { type NasPackets, packet } from '../../formats/nas-frames.ts';
import { mbusMedium, readManufacturer, readNasMbus, readRawHex } from '../../formats/nas-mbus.ts';
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
  wmbusProfile,
} from '../../formats/nas-meter.ts';
import { flags, type NasPart, type NasReader, readOnly, state } from '../../formats/nas-parts.ts';
import { sections } from '../../formats/nas-structure.ts';
import type { Fields } from '../../formats/part.ts';

/** Universal meter modules UM30xx with pulse inputs, M-Bus or sensor, firmware 4.0 (nasys/nas-codecs, MIT). */

const alerts = flags(
  'pulse_1_trigger_alert',
  'pulse_2_trigger_alert',
  undefined,
  undefined,
  undefined,
  undefined,
  'low_battery',
  'app_connected_within_a_day',
);

/** What an input counts: the maker's word, and the end of our field. */
const media = [
  ['triggers', 'triggers'],
  ['pulses', 'pulses'],
  ['L_water', 'l_water'],
  ['Wh_electricity', 'wh_electricity'],
  ['L_gas', 'l_gas'],
] as const;

const readPulse = (from: NasReader, into: Fields, name: 'pulse_1' | 'pulse_2'): void => {
  const byte = readU8(from);
  const multiplier = 10 ** ((byte >> 2) & 3);
  const medium = media[byte >> 4];
  if (!medium) throw payloadError(`invalid_medium: ${byte >> 4} is unknown`);
  into[`${name}_input_state`] = byte & 1 ? 'closed' : 'open';
  into[`${name}_multiplier`] = multiplier;
  into[`${name}_medium_type`] = medium[0];
  into[`${name}_accumulated_${medium[1]}`] = readU32Le(from) * multiplier;
  if (byte & 2) into[`${name}_serial`] = readSerial(from);
};

const busStates = [
  'connected',
  'nothing_requested',
  'bus_unpowered',
  'no_response',
  undefined,
  'crc_or_len_error',
  'parse_error',
  'bus_shorted',
];

const readHexByte = (from: NasReader): string => `0x${readU8(from).toString(16).toUpperCase().padStart(2, '0')}`;

const readMbus = (from: NasReader, into: Fields): void => {
  const byte = readU8(from);
  const busState = busStates[byte & 0x0f];
  if (busState === undefined) throw payloadError(`invalid_mbus_status: ${byte & 0x0f} is unknown`);
  into.mbus_last_bus_status = busState;
  into.mbus_records_truncated = (byte & 0x10) !== 0;
  if (byte & 0x20) {
    into.mbus_status = readHexByte(from);
    into.mbus_serial = readSerial(from);
  }
  if (byte & 0x40) {
    into.mbus_manufacturer = readManufacturer(from);
    into.mbus_version = readU8(from);
    into.mbus_medium = mbusMedium(readU8(from));
  }
  readNasMbus(from, into);
};

const sensors = ['disconnected', 'pressure_30bar_temperature'];
const sensorFields = [1, 2, 3, 4].flatMap((channel) => [`ssi_channel_${channel}`, `ssi_channel_${channel}_avg`]);

/** Values of a sensor as binary32, those that a byte announces. */
const readSensor = (from: NasReader, into: Fields): void => {
  const kind = readU8(from) & 0x3f;
  const sensor = sensors[kind];
  if (sensor === undefined) throw payloadError(`unknown_sensor_index: ${kind}`);
  into.ssi_sensor = sensor;
  const present = readU8(from);
  for (let bit = 0; bit < 8; bit++) {
    if ((present & (1 << bit)) === 0) continue;
    const value = readF32Le(from);
    into[sensorFields[bit] ?? ''] = value === null ? null : Math.round(value * 1e5) / 1e5;
  }
};

const usage =
  (isStatus: boolean): NasPart['read'] =>
  (from, into) => {
    alerts.read(from, into);
    if (isStatus) readDeviceStatus(from, into);
    readActuality(from, into);
    const parts = readU8(from);
    if (parts & 1) readPulse(from, into, 'pulse_1');
    if (parts & 2) readPulse(from, into, 'pulse_2');
    const mainInterface = (parts >> 2) & 0x0f;
    if (mainInterface === 8) readMbus(from, into);
    if (mainInterface === 4) readSensor(from, into);
  };

const readUsage = usage(false);
const readStatus = usage(true);

const shutdownReason = state('shutdown_reason', { 50: 'enter_dfu', 51: 'app_shutdown', 52: 'switch_to_wmbus' });

const shutdown: NasPart['read'] = (from, into) => {
  shutdownReason.read(from, into);
  const head = readU8(from);
  if (head !== 0x02 && head !== 0x82) throw payloadError('A shutdown packet ends with a usage or status packet');
  (head === 0x82 ? readStatus : readUsage)(from, into);
};

const inputModes: Readonly<Record<number, string>> = {
  0: 'disabled',
  1: 'pulses',
  2: 'L_water',
  3: 'Wh_electricity',
  4: 'L_gas',
  9: 'triggers_1_sec',
  10: 'triggers_10_sec',
  11: 'triggers_1_min',
  12: 'triggers_1_h',
};

const pulseConfig = (name: 'pulse_1' | 'pulse_2'): NasPart =>
  readOnly(name, (from, into) => {
    const mode = inputModes[readU8(from) & 0x0f];
    if (mode === undefined) throw payloadError('invalid_input_mode: the mode of an input is unknown');
    into[`${name}_input_mode_and_unit`] = mode;
    const byte = readU8(from);
    const multiplier = 10 ** (byte >> 6);
    if (byte & 1) {
      into[`${name}_multiplier_numerator`] = readU16Le(from);
      into[`${name}_multiplier_denominator`] = readU8(from);
    }
    if (byte & 2) into[`${name}_accumulated_absolute`] = readU32Le(from) * multiplier;
    if (byte & 4) into[`${name}_accumulated_offset`] = readS32Le(from) * multiplier;
    if (byte & 8) into[`${name}_serial`] = readSerial(from);
  });

const generalConfig = sections([
  [lorawanProfile],
  [wmbusProfile],
  undefined,
  undefined,
  [pulseConfig('pulse_1')],
  [pulseConfig('pulse_2')],
]);

/** Headers of the M-Bus records that usage and status packets shall carry. */
const mbusConfig: NasPart['read'] = (from, into) => {
  const byte = readU8(from);
  if ((byte & 0x0f) > 10 || byte >> 4 > 10) throw payloadError('invalid_usage_or_status_count: more than ten records');
  into.mbus_data_record_header_raw = readRawHex(from);
};

/** What the meter on the bus can tell, in several packets. */
const availableRecords: NasPart['read'] = (from, into) => {
  const byte = readU8(from);
  into.packet_number = byte & 7;
  into.more_packets_following = (byte & 8) !== 0;
  if (byte & 0x40) {
    into.mbus_serial = readSerial(from);
    into.mbus_manufacturer = readManufacturer(from);
    into.mbus_version_text = readHexByte(from);
    into.mbus_medium = mbusMedium(readU8(from));
    into.mbus_access_number = readU8(from);
    into.mbus_status = readHexByte(from);
    into.mbus_signature = readBytes(from, 2).toHex().toUpperCase();
  }
  into.mbus_data_record_header_raw = readRawHex(from);
};

const hardware = state('hardware_configuration', {
  0: 'pulse_only',
  1: 'pulse_analog',
  2: 'pulse_ssi',
  4: 'pulse_mbus',
  6: 'pulse_lbus',
  7: 'pulse_izar',
});

export const packets: NasPackets = {
  24: [packet('status_packet', 0x82, readOnly('a reading', readStatus))],
  25: [packet('usage_packet', 0x02, readOnly('a reading', readUsage))],
  49: [
    packet('general_configuration_request', 0x12),
    packet('mbus_configuration_request', 0x14),
    packet('location_configuration_request', 0x21),
  ],
  50: [
    packet('general_configuration_packet', 0x12, generalConfig),
    packet('mbus_configuration_packet', 0x14, readOnly('a list of records', mbusConfig)),
    locationConfig,
  ],
  60: [localTime, packet('mbus_available_data_records_request', 0x81), enterDfu],
  61: [packet('mbus_available_data_records', 0x81, readOnly('a list of records', availableRecords))],
  99: [bootPacket(hardware, 0), packet('shutdown_packet', 0x01, readOnly('a shutdown', shutdown)), faultyDownlink],
};
