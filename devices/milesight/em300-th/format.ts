import { milesightAnswers, underBoth } from '../../formats/milesight-answers.ts';
import { milesightAttributes, milesightBattery, number, skip, state } from '../../formats/milesight-items.ts';
import { alarmSettings, d2dCommand } from '../../formats/milesight-settings.ts';
import type { MilesightFormat } from '../../formats/milesight-tlv.ts';

const temperature = number('temperature', 's16le', 10);
const humidity = number('humidity', 'u8', 2);

/** EM300-TH README and decoder of Milesight-IoT/SensorDecoders. */
export const format: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    '03 67': [temperature],
    '04 68': [humidity],
    ...milesightAnswers('02', '03', '10', '27', '28', '68', '69', '6A', '6D', 'EA'),
    ...underBoth('06', [alarmSettings({ 1: { name: 'temperature', divisor: 10 } })]),
  },
  lists: underBoth('79', [
    state('d2d_master_mode', { 1: 'temperature_alarm', 2: 'temperature_alarm_release' }),
    state('d2d_master_report_type', { 0: 'lora', 1: 'd2d', 3: 'd2d_and_lora' }),
    d2dCommand,
    skip(2),
  ]),
  // Stored, the humidity takes two bytes.
  history: { '20 CE': [temperature, number('humidity', 'u16le', 2)] },
};
