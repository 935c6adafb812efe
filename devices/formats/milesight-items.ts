import type { Bits, MilesightPart } from './milesight-parts.ts';
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

export const number = (field: string, type: 'u8' | 's8' | 'u16le' | 's16le' | 'u32le' | 's32le', divisor = 1): Part =>
  divisor === 1 ? { field, type } : { field, type, divisor };
export const u8 = (field: string): Part => number(field, 'u8');
export const u16 = (field: string): Part => number(field, 'u16le');
export const state = (field: string, states: Readonly<Record<number, string>>): Part => ({ field, type: 'u8', states });

export const onOff = { 0: 'disable', 1: 'enable' };
export const flag = (field: string): Part => state(field, onOff);
export const skip = (size: number): Part => ({ type: 'skip', size });

/** Numbers of one size in a row. */
export const row = (type: 'u8' | 'u16le', fields: readonly string[]): readonly Part[] =>
  fields.map((field) => ({ field, type }));

export const bits = (...fields: Bits['bits']): Bits => ({ type: 'bits', size: 1, bits: fields });

/** Sent once after a join: who the device is. */
export const milesightAttributes = {
  'FF 01': [{ field: 'protocol_version', type: 'text', form: nibbleVersion, size: 1 }],
  'FF 09': [{ field: 'hardware_version', type: 'text', form: hardwareVersion, size: 2 }],
  'FF 0A': [{ field: 'firmware_version', type: 'text', form: hexVersion, size: 2 }],
  'FF 0B': [{ field: 'device_status', type: 'u8', states: { 0: 'off', 1: 'on', 255: 'on' } }],
  'FF 0F': [
    { field: 'lorawan_class', type: 'u8', states: { 0: 'Class A', 1: 'Class B', 2: 'Class C', 3: 'Class CtoB' } },
  ],
  'FF 16': [{ field: 'serial_number', type: 'text', form: hex, size: 8 }],
  'FF FE': [{ field: 'reset_event', type: 'u8', states: { 0: 'normal', 1: 'reset', 255: 'reset' } }],
  'FF FF': [{ field: 'tsl_version', type: 'text', form: dotted, size: 2 }],
} as const satisfies Record<string, readonly Part[]>;

/** The counting cameras write their versions in another way. */
export const milesightCameraAttributes = {
  ...milesightAttributes,
  'FF 09': [{ field: 'hardware_version', type: 'text', form: dotted, size: 2 }],
  'FF 1F': [{ field: 'firmware_version', type: 'text', form: dotted, size: 4 }],
} as const satisfies Record<string, readonly Part[]>;

/** The first cameras have a plain number as their protocol's version, and VS121 a shorter serial number. */
export const milesightFirstCameraAttributes = {
  ...milesightCameraAttributes,
  'FF 01': [{ field: 'protocol_version', type: 'u8' }],
  'FF 08': [{ field: 'serial_number', type: 'text', form: hex, size: 6 }],
} as const satisfies Record<string, readonly Part[]>;

export const milesightBattery = {
  '01 75': [{ field: 'battery', type: 'u8', missing: [255] }],
} as const satisfies Record<string, readonly Part[]>;

/** The byte behind a value that crossed its threshold; such items have bit 7 of the channel set. */
export const thresholdAlarm = (field: string): Part =>
  state(field, { 0: 'threshold_alarm_release', 1: 'threshold_alarm' });

/** How a sensor says that it has no value, in the number itself: 65535 failed, 65533 out of range. */
export const faultStates = { 65535: 'collection failed', 65533: 'out of range' };

/** A number of two bytes that is a fault of its sensor at two values: then the fault is said and the number is null. */
export const orFault = (
  field: string,
  { type = 'u16le', divisor = 1, fault = `${field}_error`, states = faultStates }: FaultyNumber = {},
): readonly MilesightPart[] => [
  { type: 'fault', field: fault, states },
  {
    field,
    type,
    divisor,
    missing: Object.keys(states).map((raw) => (type === 's16le' ? (Number(raw) << 16) >> 16 : Number(raw))),
  },
];

interface FaultyNumber {
  readonly type?: 'u16le' | 's16le';
  readonly divisor?: number;
  readonly fault?: string;
  readonly states?: Readonly<Record<number, string>>;
}
