import { milesightAnswers, underBoth } from '../../formats/milesight-answers.ts';
import { bits, milesightAttributes, number, orFault, state, u16 } from '../../formats/milesight-items.ts';
import { alarmSettings } from '../../formats/milesight-settings.ts';
import type { MilesightFormat } from '../../formats/milesight-tlv.ts';

const current = orFault('current', {
  divisor: 100,
  fault: 'current_sensor_status',
  states: { 65535: 'read failed' },
});
const temperature = orFault('temperature', {
  type: 's16le',
  divisor: 10,
  fault: 'temperature_sensor_status',
  states: { 65533: 'over range alarm', 65535: 'read failed' },
});

/** The byte behind a current: what is so, as a flag each, and what has happened in the device's words. */
const alarms = ['threshold alarm', 'threshold alarm release', 'over range alarm', 'over range alarm release'];
const currentAlarms = bits(
  ...alarms.map((alarm, at) => ({
    field: `current_${alarm.replaceAll(' ', '_')}`,
    at,
    states: { 0: false, 1: true },
  })),
  ...alarms.map((alarm, at) => ({ field: `current_alarm_${at + 1}`, at, states: { 1: alarm } })),
);

/** CT101, CT103 and CT105 with their second versions (READMEs and decoders of Milesight-IoT/SensorDecoders). */
export const format: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    '03 97': [number('total_current', 'u32le', 100)],
    '04 98': current,
    '09 67': temperature,
    '10 63': [number('total_energy', 'u32le', 100)],
    '13 75': [state('low_voltage_alarm', { 1: 'low voltage alarm' })],
    '84 98': [number('current_max', 'u16le', 100), number('current_min', 'u16le', 100), ...current, currentAlarms],
    '89 67': [
      ...temperature,
      state('temperature_alarm', { 0: 'temperature threshold alarm release', 1: 'temperature threshold alarm' }),
    ],
    ...milesightAnswers('02 alarm', '10', '27 current', '28', '8E', 'CE', 'CF', 'D0', 'F2'),
    ...underBoth('06', [
      alarmSettings({
        // The second version's decoder reads these two the other way round; which is right is not documented.
        1: { name: 'current', unsigned: true, rest: [u16('current_alarm_interval'), u16('current_alarm_counts')] },
        4: { name: 'temperature', divisor: 10 },
      }),
    ]),
  },
};
