import {
  milesightAnswers,
  milesightAttributes,
  milesightBattery,
  thresholdAlarm,
} from '../../formats/milesight-items.ts';
import type { MilesightFormat } from '../../formats/milesight-tlv.ts';
import type { Part } from '../../formats/part.ts';

const temperature: Part = { field: 'temperature', type: 's16le', divisor: 10 };
/** 65533: out of range, 65535: the measurement failed; the sensor itself ends at 4 m. */
const distance: Part = { field: 'distance', type: 'u16le', missing: [65535, 65533] };
const position: Part = { field: 'position', type: 'u8', states: { 0: 'normal', 1: 'tilt' } };

/**
 * EM400-TLD README of Milesight-IoT/SensorDecoders: temperature in 0.1 °C, distance in mm. Its history is not
 * documented: `20 CE` is read as for EM500-UDL.
 */
export const format: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    '03 67': [temperature],
    '04 82': [distance],
    '05 00': [position],
    '83 67': [temperature, thresholdAlarm('temperature_alarm')],
    '84 82': [distance, thresholdAlarm('distance_alarm')],
    '88 00': [{ field: 'disassembly_alarm', type: 'u8', states: { 0: 'normal', 1: 'device_abnormal_movement' } }],
    ...milesightAnswers('02', '03', '06', '10', '13', '1C', '28', '3E', '4A', '56', '70', '71', '77', 'A1', 'A2'),
  },
  history: { '20 CE': [distance] },
};
