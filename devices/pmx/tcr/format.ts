import { numbered, type Part } from '../../formats/part.ts';
import type { TextForm } from '../../formats/text-form.ts';

/**
 * PMX TCR payload version 2 (decoder of PMX in akenza-io/device-type-library): big endian, first byte the kind of
 * frame.
 */
export const kinds = { counters: 0xa2, identity: 0xd2, configuration: 0xc2 } as const;

export const IDENTITY_PORT = 190;
export const CONFIGURATION_PORT = 1;

/** fPort to what it counts: everything, or one of the four categories of size and speed set up in the device. */
export const categories: ReadonlyMap<number, string> = new Map([
  [13, 'all'],
  [14, 'cat1'],
  [15, 'cat2'],
  [16, 'cat3'],
  [17, 'cat4'],
]);

/** ltr: left to right as the sensor looks onto the road; speeds are the interval's mean in km/h. */
export const counters = (category: string): readonly Part[] => [
  { field: 'interval_end_hour', type: 'u8' },
  { field: 'interval_end_minute', type: 'u8' },
  { field: `${category}_ltr_count`, type: 'u16' },
  { field: `${category}_ltr_speed`, type: 'u8' },
  { field: `${category}_rtl_count`, type: 'u16' },
  { field: `${category}_rtl_speed`, type: 'u8' },
  { field: 'supply_voltage', type: 'u8', divisor: 10 },
];

/** Two nibbles and a byte: 0x11 0x00 is 1.1.0. */
const version: TextForm = {
  read: ([first = 0, patch = 0]) => `${first >> 4}.${first & 0x0f}.${patch}`,
  write: (text) => {
    const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
    return [((major & 0x0f) << 4) | (minor & 0x0f), patch & 0xff];
  },
};

const types = [
  'TCR-LS',
  'TCR-LSS',
  'TCR-HS',
  'TCR-HSS',
  'TCR-LSA',
  'TCR-LSB',
  'TCR-HSA',
  'TCR-HSB',
  'TCR-LSBS',
  'TCR-HSBS',
  'TCR-DLI',
  'TCR-DLE',
  'TCR-SLI',
  'TCR-SLE',
  'PCR2-OD',
  'PCR2-ODS',
];

export const identity: readonly Part[] = [
  { field: 'device_type', type: 'u8', states: numbered(types) },
  { field: 'licence', type: 'u8', states: { 0: 'BASIC', 1: 'ADVANCED', 2: 'PRO' } },
  { field: 'speed_class', type: 'u8', states: { 0: 'P', 1: 'LS', 2: 'HS' } },
  { field: 'firmware_version', type: 'text', form: version, size: 2 },
  { field: 'charger_version', type: 'text', form: version, size: 2 },
];

const perCategory = ['enabled', 'min_size', 'max_size', 'min_speed', 'max_speed'];

/** Setting as one byte to its field. */
export const settings: ReadonlyMap<number, string> = new Map([
  ...['all', 'cat1', 'cat2', 'cat3', 'cat4'].flatMap((category, index) =>
    perCategory.map((name, offset): [number, string] => [index * 16 + offset + 1, `${category}_${name}`]),
  ),
  [0x51, 'licence_key'],
  [0x52, 'feature_level'],
  [0x53, 'speed_class_setting'],
  [0x54, 'measurement_interval_min'],
  [0x61, 'radar_enabled'],
  [0x62, 'radar_channel'],
  [0x63, 'radar_sensitivity'],
  [0x64, 'radar_auto_sensitivity'],
  [0x71, 'confirmed_uplinks'],
]);
