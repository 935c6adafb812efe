import { bits, flag, number, onOff, skip, state, u16 } from './milesight-items.ts';
import type { MilesightPart } from './milesight-parts.ts';
import type { TextForm } from './text-form.ts';

/** Pieces of Milesight's settings that several commands share; see milesight-answers.ts. */

/** An order was carried out; the byte behind it says nothing. */
const yes: TextForm = { read: () => 'yes', write: (_, size) => Array.from({ length: size }, () => 0xff) };
export const done = (field: string): MilesightPart => ({ field, type: 'text', form: yes, size: 1 });

/** Whole minutes from UTC; Milesight rounds 5:45 to 57 tenths of an hour. */
const zones = [
  -720, -660, -600, -570, -540, -480, -420, -360, -300, -240, -210, -180, -120, -60, 0, 60, 120, 180, 210, 240, 270,
  300, 330, 345, 360, 390, 420, 480, 540, 570, 600, 630, 660, 720, 765, 780, 840,
];

const zoneName = (minutes: number): string => {
  if (minutes === 0) return 'UTC';
  const [hour, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '-' : '+'}${hour}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
};

export const zone = (minutesPerStep: 1 | 6): MilesightPart => ({
  field: 'time_zone',
  type: 's16le',
  states: Object.fromEntries(zones.map((minutes) => [Math.trunc(minutes / minutesPerStep), zoneName(minutes)])),
});

/** A key is a secret: that one is set is all that we repeat. */
const secret: TextForm = { read: () => 'set', write: (_, size) => Array.from({ length: size }, () => 0) };

/** Two bytes that people write the other way round. */
const command: TextForm = {
  read: ([low = 0, high = 0]) => Uint8Array.of(high, low).toHex(),
  write: (text) => [...Uint8Array.fromHex(text)].reverse(),
};
export const d2dKey: MilesightPart = { field: 'd2d_key', type: 'text', form: secret, size: 8 };
export const d2dCommand: MilesightPart = { field: 'd2d_master_command', type: 'text', form: command, size: 2 };

const conditions = { 0: 'disable', 1: 'below', 2: 'above', 3: 'between', 4: 'outside', 5: 'mutation' };
export const daily = {
  0: 'everyday',
  1: 'sunday',
  2: 'monday',
  3: 'tuesday',
  4: 'wednesday',
  5: 'thursday',
  6: 'friday',
  7: 'saturday',
};

export interface AlarmSetting {
  /** Beginning of the fields' names. */
  readonly name: string;
  readonly divisor?: number;
  readonly unsigned?: boolean;
  /** Names of the two thresholds. */
  readonly thresholds?: readonly [string, string];
  /** The four bytes behind the thresholds. */
  readonly rest?: readonly MilesightPart[];
}

/** Command 06, nine bytes: which alarm it is stands in bits 3 to 5 of the first. */
export const alarmSettings = (alarms: Readonly<Record<number, AlarmSetting>>, mask = 0x07): MilesightPart => ({
  type: 'cases',
  shift: 3,
  mask,
  size: 9,
  cases: Object.fromEntries(Object.entries(alarms).map(([id, alarm]) => [id, alarmSetting(alarm)])),
});

const alarmSetting = (alarm: AlarmSetting): readonly MilesightPart[] => {
  const { name, divisor = 1, unsigned = false, thresholds = ['min', 'max'], rest = [] } = alarm;
  const type = unsigned ? 'u16le' : 's16le';
  return [
    bits(
      { field: `${name}_alarm_condition`, at: 0, width: 3, states: conditions },
      { field: `${name}_alarm_enable`, at: 6, states: onOff },
      { field: `${name}_alarm_release_enable`, at: 7, states: onOff },
    ),
    number(`${name}_alarm_threshold_${thresholds[0]}`, type, divisor),
    number(`${name}_alarm_threshold_${thresholds[1]}`, type, divisor),
    ...rest,
  ];
};

/** Command F1: which sensor it is stands in the first byte. */
export const calibrations = (sensors: Readonly<Record<number, readonly [string, number]>>): MilesightPart => ({
  type: 'cases',
  size: 4,
  cases: Object.fromEntries(
    Object.entries(sensors).map(([id, [name, divisor]]) => [
      id,
      [
        skip(1),
        flag(`${name}_calibration_enable`),
        number(`${name}_calibration_value`, 's16le', divisor),
      ] satisfies readonly MilesightPart[],
    ]),
  ),
});

/** Command 96: which event sends which command to other devices; several may come in a frame. */
export const d2dMaster = (modes: Readonly<Record<number, string>>, timed = false): readonly MilesightPart[] => [
  state('d2d_master_mode', modes),
  flag('d2d_master_enable'),
  flag('d2d_master_lora_uplink_enable'),
  d2dCommand,
  ...(timed ? [u16('d2d_master_time'), flag('d2d_master_time_enable')] : [skip(3)]),
];

const sensorCalibration = (name: string, divisor: number): readonly MilesightPart[] => [
  bits({ field: `${name}_calibration_enable`, at: 7, states: onOff }),
  number(`${name}_calibration_value`, 's16le', divisor),
];

/** Command EA: as F1, but the sensor's number and the switch share the first byte. */
export const climateCalibration: MilesightPart = {
  type: 'cases',
  mask: 0x03,
  size: 3,
  cases: { 0: sensorCalibration('temperature', 10), 1: sensorCalibration('humidity', 2) },
};

/** Command F0: what the screen shows; a mask says which elements the answer is about. */
export const screenElements = (...elements: readonly string[]): MilesightPart => ({
  type: 'bits',
  size: 2,
  masked: true,
  bits: elements.map((element, at) => ({ field: `screen_${element}`, at, states: onOff })),
});

/** Switches of a byte, one bit each. */
export const switches = (prefix: string, names: readonly string[], from = 0): MilesightPart =>
  bits(...names.map((name, index) => ({ field: `${prefix}_${name}`, at: index + from, states: onOff })));
