import { milesightAnswers } from '../../formats/milesight-answers.ts';
import { milesightAttributes, milesightBattery, state } from '../../formats/milesight-items.ts';
import type { MilesightFormat } from '../../formats/milesight-tlv.ts';

/** VS330 README of Milesight-IoT/SensorDecoders: distance in mm, whether somebody is in the room. */
export const format: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    '02 82': [{ field: 'distance', type: 'u16le', missing: [65535, 65533] }],
    '03 8E': [state('occupancy', { 0: 'vacant', 1: 'occupied' })],
    '04 8E': [state('calibration_status', { 0: 'failed', 1: 'success' })],
    ...milesightAnswers('02', '03', '10', '70', '71 test', '72', '7A'),
  },
};
