import { readBytes, readU16Le, remaining } from './byte-reader.ts';
import { type MbusRecord, readMbusRecords } from './mbus-records.ts';
import type { NasReader } from './nas-parts.ts';
import type { Fields } from './part.ts';

/** Present values of a meter on the M-Bus that have fields of their own, by quantity and unit. */
const fieldOf: Readonly<Record<string, string>> = {
  'energy W.h': 'mbus_energy_wh',
  'energy MW.h': 'mbus_energy_mwh',
  'energy J': 'mbus_energy_j',
  'energy GJ': 'mbus_energy_gj',
  'volume m3': 'mbus_volume_m3',
  'power W': 'mbus_power_w',
  'volume_flow m3/h': 'mbus_volume_flow_m3_per_h',
  'flow_temperature Cel': 'mbus_flow_temperature_c',
  'return_temperature Cel': 'mbus_return_temperature_c',
  'temperature_difference K': 'mbus_temperature_difference_k',
  'external_temperature Cel': 'mbus_external_temperature_c',
  'pressure bar': 'mbus_pressure_bar',
  'operating_time h': 'mbus_operating_time_h',
  'operating_time d': 'mbus_operating_time_d',
  'voltage V': 'mbus_voltage_v',
  'current A': 'mbus_current_a',
  'battery_life d': 'mbus_battery_life_d',
  'actuality_duration s': 'mbus_actuality_duration_s',
  'actuality_duration min': 'mbus_actuality_duration_min',
  error_flags: 'mbus_error_flags',
};

const isPresent = ({ storage, tariff, subunit, function: kind, extensions }: MbusRecord): boolean =>
  storage === 0 && tariff === 0 && subunit === 0 && kind === 'instantaneous' && extensions.length === 0;

const suffixes = { instantaneous: '', maximum: '_max', minimum: '_min', error: '_during_error' } as const;

/** As `storage1_volume_max`. */
const nameOf = ({ quantity, storage, subunit, tariff, function: kind, extensions }: MbusRecord): string =>
  [
    storage > 0 ? `storage${storage}_` : '',
    subunit > 0 ? `subunit${subunit}_` : '',
    tariff > 0 ? `tariff${tariff}_` : '',
    quantity,
    ...extensions.map((name) => `_${name}`),
    suffixes[kind],
  ].join('');

/** The records at the end of a frame: present values as fields, all others as records that name themselves. */
export const readNasMbus = (from: NasReader, into: Fields): void => {
  into.mbus_data_records_raw = from.bytes.subarray(from.at).toHex().toUpperCase();
  const { records, manufacturerData } = readMbusRecords(from);
  if (manufacturerData) into.mbus_manufacturer_data = manufacturerData.toHex().toUpperCase();
  for (const record of records) {
    const { quantity, unit, value, data, kind } = record;
    const field = isPresent(record) ? fieldOf[unit === undefined ? quantity : `${quantity} ${unit}`] : undefined;
    if (field !== undefined && typeof value !== 'string' && into[field] === undefined) {
      into[field] = value;
      if (kind === 'flags') into[`${field}_text`] = `0x${data.toReversed().toHex().toUpperCase()}`;
      continue;
    }
    from.records.push({
      part_of: 'mbus_data_records',
      mbus_name: nameOf(record),
      mbus_unit: unit ?? null,
      mbus_value: kind === 'flags' ? `0x${data.toReversed().toHex().toUpperCase()}` : value,
    });
  }
};

const media: Readonly<Record<number, string>> = {
  0: 'other',
  1: 'oil',
  2: 'electricity',
  3: 'gas',
  4: 'heat (outlet vol)',
  5: 'steam',
  6: 'hot Water',
  7: 'water',
  8: 'heat cost allocator',
  9: 'compressed air',
  10: 'cooling load meter',
  11: 'cooling load meter',
  12: 'heat (inlet vol)',
  13: 'heat / cooling load meter',
  14: 'bus / system',
  15: 'unknown',
  22: 'cold water',
  23: 'dual water',
  24: 'pressure',
  25: 'A/D converter',
};

export const mbusMedium = (code: number): string => media[code] ?? 'unknown';

/** Three letters of five bits each. */
export const mbusManufacturer = (code: number): string =>
  String.fromCharCode(64 + ((code >> 10) & 31), 64 + ((code >> 5) & 31), 64 + (code & 31));

export const readManufacturer = (from: NasReader): string => mbusManufacturer(readU16Le(from));

export const readRawHex = (from: NasReader): string => readBytes(from, remaining(from)).toHex().toUpperCase();
