import type { Part } from './part.ts';
import { dotted, hex, type TextForm } from './text-form.ts';

/** Items that every Milesight LoRaWAN model shares, from the READMEs and decoders of Milesight-IoT/SensorDecoders. */

const nibble = (text: string | undefined): number => Number.parseInt(text ?? '', 16) & 0x0f;

/** 0x12 is 1.2. */
const nibbleVersion: TextForm = {
  read: ([byte = 0]) => `${byte >> 4}.${byte & 0x0f}`,
  write: (text) => [(nibble(text.split('.')[0]) << 4) | nibble(text.split('.')[1])],
};

/** 0x01 0x10 is 1.10: both bytes read as hexadecimal digits. */
const hexVersion: TextForm = {
  read: ([major = 0, minor = 0]) => `${major.toString(16)}.${minor.toString(16)}`,
  write: (text) => text.split('.').map((part) => Number.parseInt(part, 16) & 0xff),
};

/** 0x01 0x10 is 1.1: of the second byte only the upper half counts. */
const hardwareVersion: TextForm = {
  read: ([major = 0, minor = 0]) => `${major.toString(16)}.${minor >> 4}`,
  write: (text) => [Number.parseInt(text, 16) & 0xff, nibble(text.split('.')[1]) << 4],
};

const onOff = { 0: 'disable', 1: 'enable' };
const flag = (field: string): readonly Part[] => [{ field, type: 'u8', states: onOff }];

/** Sent once after a join: who the device is. */
export const milesightAttributes = {
  'FF 01': [{ field: 'protocol_version', type: 'text', form: nibbleVersion, size: 1 }],
  'FF 09': [{ field: 'hardware_version', type: 'text', form: hardwareVersion, size: 2 }],
  'FF 0A': [{ field: 'firmware_version', type: 'text', form: hexVersion, size: 2 }],
  'FF 0B': [{ field: 'device_status', type: 'u8', states: { 0: 'off', 255: 'on' } }],
  'FF 0F': [
    { field: 'lorawan_class', type: 'u8', states: { 0: 'Class A', 1: 'Class B', 2: 'Class C', 3: 'Class CtoB' } },
  ],
  'FF 16': [{ field: 'serial_number', type: 'text', form: hex, size: 8 }],
  'FF FE': [{ field: 'reset_event', type: 'u8', states: { 0: 'normal', 255: 'reset' } }],
  'FF FF': [{ field: 'tsl_version', type: 'text', form: dotted, size: 2 }],
} as const satisfies Record<string, readonly Part[]>;

export const milesightBattery = {
  '01 75': [{ field: 'battery', type: 'u8', missing: [255] }],
} as const satisfies Record<string, readonly Part[]>;

const thresholdStates = { 0: 'threshold_alarm_release', 1: 'threshold_alarm' };
/** The byte behind a value that crossed its threshold; such items have bit 7 of the channel set. */
export const thresholdAlarm = (field: string): Part => ({ field, type: 'u8', states: thresholdStates });

/** Answers to downlinks repeat the command under FE or FF: channel and the bytes of the setting. */
const answers = {
  '02': [{ field: 'collection_interval_s', type: 'u16le' }],
  '03': [{ field: 'report_interval_s', type: 'u16le' }],
  '06': [
    { field: 'alarm_condition', type: 'text', form: hex, size: 1 },
    { field: 'alarm_threshold_min', type: 'u16le' },
    { field: 'alarm_threshold_max', type: 'u16le' },
    { type: 'skip', size: 4 },
  ],
  '10': [{ field: 'reboot', type: 'u8' }],
  '13': flag('install_height_enable'),
  '1C': [
    { field: 'recollection_counts', type: 'u8' },
    { field: 'recollection_interval_s', type: 'u8' },
  ],
  '28': [{ field: 'query_device_status', type: 'u8' }],
  '3E': flag('tilt_linkage_distance_enable'),
  '4A': [{ field: 'sync_time', type: 'u8' }],
  '56': flag('tof_detection_enable'),
  '70': [{ field: 'people_existing_height_mm', type: 'u16le' }],
  '71': [{ field: 'working_mode', type: 'u8', states: { 0: 'standard', 1: 'bin' } }],
  '77': [{ field: 'install_height_mm', type: 'u16le' }],
  A1: flag('tilt_report_enable'),
  A2: [
    { field: 'disassembly_alarm_enable', type: 'u8', states: onOff },
    { field: 'disassembly_alarm_duration', type: 'u8' },
  ],
} as const satisfies Record<string, readonly Part[]>;

/** The answers that a model knows, under both channels that Milesight uses for them. */
export const milesightAnswers = (...commands: (keyof typeof answers)[]): Record<string, readonly Part[]> =>
  Object.fromEntries(
    commands.flatMap((command) => ['FE', 'FF'].map((channel) => [`${channel} ${command}`, answers[command]])),
  );
