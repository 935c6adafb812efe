import { milesightAnswers } from '../../formats/milesight-answers.ts';
import { milesightAttributes, milesightBattery, number, state, u8 } from '../../formats/milesight-items.ts';
import type { MilesightPart } from '../../formats/milesight-parts.ts';
import type { MilesightFormat } from '../../formats/milesight-tlv.ts';

const temperature = number('temperature', 's16le', 10);
const humidity = number('humidity', 'u8', 2);
const pressure = number('pressure', 'u16le', 10);
const windDirection = number('wind_direction', 's16le', 10);
const windSpeed = number('wind_speed', 'u16le', 10);
const alarm = (field: string): MilesightPart => state(field, { 0: 'threshold alarm release', 1: 'threshold alarm' });
const rainfall = [number('rainfall_total', 'u32le', 100), u8('rainfall_counter')];

const stored = (total: MilesightPart): readonly MilesightPart[] => [
  temperature,
  humidity,
  pressure,
  windDirection,
  windSpeed,
  total,
];

/** WTS506 README of Milesight-IoT/SensorDecoders: a weather station; its rain total has grown to four bytes. */
export const format: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    '03 67': [temperature],
    '04 68': [humidity],
    '05 84': [windDirection],
    '06 73': [pressure],
    '07 92': [windSpeed],
    '08 77': [number('rainfall_total', 'u16le', 100), u8('rainfall_counter')],
    '08 EC': rainfall,
    '83 67': [temperature, alarm('temperature_alarm')],
    '86 73': [pressure, alarm('pressure_alarm')],
    '87 92': [windSpeed, alarm('wind_speed_alarm')],
    '88 EC': [...rainfall, alarm('rainfall_alarm')],
    ...milesightAnswers('03', '10', '11', '17', '27', '67'),
  },
  history: {
    '20 CE': stored(number('rainfall_total', 'u16le', 100)),
    '21 CE': stored(number('rainfall_total', 'u32le', 100)),
  },
};
