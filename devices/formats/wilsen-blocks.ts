import type { NumberPart, Part } from './part.ts';
import { ascii, type TextForm } from './text-form.ts';

/**
 * Blocks of the WILSEN family of Pepperl+Fuchs (TheThingsNetwork/lorawan-devices): measurements, counters, answers to
 * downlinks.
 */

/** Two bytes of major, minor and patch each. */
const revision: TextForm = {
  read: (bytes) => [0, 2, 4].map((at) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).join('.'),
  write: (text) => text.split('.').flatMap((part) => [(Number(part) >> 8) & 0xff, Number(part) & 0xff]),
};

const number = (field: string, type: NumberPart['type']): readonly Part[] => [{ field, type }];
const flag = (field: string): readonly Part[] => [{ field, type: 'u8', states: { 0: 'off', 1: 'on' } }];
const text = (field: string, size: number, form = ascii): readonly Part[] => [{ field, type: 'text', form, size }];

export const wilsenMeasurements = {
  // Binary32 holds seven digits; what comes after the fourth place is noise of the format.
  '0201': [{ field: 'temperature', type: 'f32', decimals: 4 }],
  // 65535: no echo, the surface is too far away or absorbs the sound
  '0B01': [{ field: 'distance_cm', type: 'u16', missing: [65535] }],
  '0B02': [{ field: 'distance_mm', type: 'u16', missing: [65535] }],
  '0B06': [{ field: 'fill_level', type: 'u8', missing: [255] }],
  '0B07': [{ field: 'amplitude', type: 'u8' }],
  '5101': [{ field: 'battery_voltage', type: 'u8', divisor: 10 }],
  '5001': [{ field: 'latitude', type: 's32', divisor: 1_000_000 }],
  '5002': [{ field: 'longitude', type: 's32', divisor: 1_000_000 }],
} as const satisfies Record<string, readonly Part[]>;

export const wilsenCounters = {
  '2A25': text('serial_number', 14),
  '3101': number('lora_count', 'u16'),
  '3102': number('gps_count', 'u16'),
  '3103': number('us_sensor_count', 'u32'),
} as const satisfies Record<string, readonly Part[]>;

/** Sent once after a downlink: the setting as it is now. */
export const wilsenAnswers = {
  F101: flag('ble_enable'),
  F102: text('device_name', 16),
  F103: [{ type: 'skip', size: 1 }],
  F104: [{ type: 'skip', size: 1 }],
  F105: [{ type: 'skip', size: 1 }],
  F108: text('device_name_1', 8),
  F109: text('device_name_2', 8),
  F201: flag('gps_acquisition_active'),
  F202: number('gps_acquisition_interval', 'u32'),
  F203: number('gps_next_acquisition', 'u32'),
  F301: [{ field: 'lora_message_type', type: 'u8', states: { 0: 'unconfirmed', 1: 'confirmed' } }],
  F302: number('lora_number_of_transmissions', 'u8'),
  F303: number('lora_spreading_factor', 'u8'),
  F304: flag('lora_data_transmission_active'),
  F305: number('lora_transmission_interval', 'u32'),
  F306: number('lora_next_transmission', 'u32'),
  F307: flag('lora_downlink_config'),
  F308: flag('lora_downlink_config_ack'),
  F309: number('lora_sub_band', 'u8'),
  F401: [
    { field: 'us_beam_width', type: 'u8', states: { 254: 'small', 253: 'medium', 252: 'wide', 55: 'user-defined' } },
  ],
  F402: number('us_burst_length', 'u8'),
  F403: number('us_transmitting_power', 'u8'),
  F404: number('us_sensitivity', 'u8'),
  F405: number('us_full_distance', 'u16'),
  F406: number('us_empty_distance', 'u16'),
  F407: flag('us_measurement_sequence_active'),
  F408: number('us_evaluation_method', 'u8'),
  F409: number('us_measurements_per_sequence', 'u8'),
  F40A: number('us_at_intervals_of', 'u16'),
  F40B: flag('us_application_filter_active'),
  F40C: number('us_post_processing_filter', 'u8'),
  F40D: number('us_additional_measurement', 'u8'),
  F501: number('part_number', 'u32'),
  F502: text('hardware_revision', 6, revision),
  F503: text('firmware_revision', 6, revision),
} as const satisfies Record<string, readonly Part[]>;
