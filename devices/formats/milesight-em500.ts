import { type MilesightAnswer, milesightAnswers, underBoth } from './milesight-answers.ts';
import { flag, milesightAttributes, milesightBattery, number, orFault, skip, state } from './milesight-items.ts';
import type { MilesightPart } from './milesight-parts.ts';
import { type AlarmSetting, alarmSettings, calibrations, d2dMaster } from './milesight-settings.ts';
import type { MilesightFormat, MilesightItems } from './milesight-tlv.ts';

interface Em500Model {
  readonly items: MilesightItems;
  readonly history: readonly MilesightPart[];
  readonly alarms: Readonly<Record<number, AlarmSetting>>;
  /** Bits of the alarm's number; absent: three. */
  readonly alarmMask?: number;
  readonly calibration: readonly MilesightPart[];
  readonly d2dModes?: Readonly<Record<number, string>>;
  readonly answers?: readonly MilesightAnswer[];
}

const alarmModes = { 1: 'threshold_alarm', 2: 'threshold_alarm_release', 3: 'mutation_alarm' };

/** What the EM500 series has in common (READMEs and decoders of Milesight-IoT/SensorDecoders). */
const em500 = ({ items, history, alarms, alarmMask, calibration, d2dModes = alarmModes, answers = [] }: Em500Model) =>
  ({
    fPort: 85,
    items: {
      ...milesightAttributes,
      ...milesightBattery,
      ...milesightAnswers('02', '03', '10', '11', '17', '1C', '27', '28', '35', '3B', '4A', '68', '69', '6A', '84'),
      ...milesightAnswers('F2', 'F5', ...answers),
      ...underBoth('06', [alarmSettings(alarms, alarmMask)]),
      ...underBoth('F1', calibration),
      ...items,
    },
    lists: underBoth('96', d2dMaster(d2dModes)),
    history: { '20 CE': history },
  }) satisfies MilesightFormat;

/** Whatever the sensor's number, there is one sensor. */
const onlySensor = (name: string): readonly MilesightPart[] => [
  skip(1),
  flag(`${name}_calibration_enable`),
  number(`${name}_calibration_value`, 's16le'),
];

const distance: MilesightPart = { field: 'distance', type: 'u16le', missing: [65535, 65533] };

/** Ultrasonic distance in mm; the mutation alarm gives tenths. */
export const em500Udl: MilesightFormat = em500({
  items: {
    '03 82': [distance],
    '83 E9': [
      number('distance', 'u16le', 10),
      number('distance_mutation', 'u16le', 10),
      state('distance_alarm', { 0: 'normal', 1: 'threshold_alarm', 2: 'mutation_alarm' }),
    ],
  },
  history: [distance],
  alarms: { 1: { name: 'distance' }, 2: { name: 'distance_mutation', unsigned: true, thresholds: ['unused', 'step'] } },
  alarmMask: 0x03,
  calibration: onlySensor('distance'),
});

const depth = orFault('depth');
const rates = { 0: '0.01', 1: '0.1', 2: '1', 3: '10', 4: '100', 5: '1000' };

/** Submersible level sensor: depth in cm. */
export const em500Swl: MilesightFormat = em500({
  items: {
    '03 77': depth,
    'FF 1B': [
      { type: 'bits', size: 1, bits: [{ field: 'measuring_rate', at: 0, width: 3, states: rates }] },
      number('measuring_range_max', 's16le'),
      number('measuring_range_min', 's16le'),
    ],
  },
  history: depth,
  alarms: { 1: { name: 'depth' } },
  calibration: [calibrations({ 6: ['depth', 1] })],
});

const pressure = number('pressure', 's16le');

/** Pipe pressure in kPa. */
export const em500Pp: MilesightFormat = em500({
  items: { '03 7B': [pressure] },
  history: [pressure],
  alarms: { 1: { name: 'pressure' } },
  alarmMask: 0x03,
  calibration: onlySensor('pressure'),
});

const temperature = orFault('temperature', { type: 's16le', divisor: 10 });
const moisture = orFault('moisture', { divisor: 100 });
const conductivity = orFault('conductivity');

/** Soil: temperature, moisture (older firmware in halves of a percent), conductivity in µS/cm. */
export const em500Smtc: MilesightFormat = em500({
  items: {
    '03 67': temperature,
    '04 68': [number('moisture', 'u8', 2)],
    '04 CA': moisture,
    '05 7F': conductivity,
    '83 D7': [
      number('temperature', 's16le', 10),
      number('temperature_mutation', 's16le', 10),
      state('temperature_alarm', { 0: 'threshold_alarm_release', 1: 'threshold_alarm', 2: 'mutation_alarm' }),
    ],
  },
  history: [...conductivity, ...temperature, ...moisture],
  alarms: {
    1: { name: 'conductivity' },
    2: { name: 'temperature', divisor: 10 },
    3: { name: 'temperature_mutation', divisor: 10, thresholds: ['unused', 'step'] },
    4: { name: 'moisture', divisor: 100 },
  },
  calibration: [calibrations({ 0: ['temperature', 10], 1: ['moisture', 100], 7: ['conductivity', 1] })],
  d2dModes: {
    ...alarmModes,
    4: 'electricity_alarm',
    5: 'electricity_alarm_release',
    6: 'moisture_alarm',
    7: 'moisture_alarm_release',
  },
  answers: ['18'],
});
