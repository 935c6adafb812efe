import { milesightAnswers, underBoth } from '../../formats/milesight-answers.ts';
import { flag, milesightAttributes, milesightBattery, state } from '../../formats/milesight-items.ts';
import { d2dCommand } from '../../formats/milesight-settings.ts';
import type { MilesightFormat } from '../../formats/milesight-tlv.ts';

/** WS303 README and decoder of Milesight-IoT/SensorDecoders: a water leak detector. */
export const format: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    '03 00': [state('leakage_status', { 0: 'normal', 1: 'leak' })],
    ...milesightAnswers('03', '10', '28', '3D alarm', '3E buzzer', '7E', '7F', '80', '81', '84'),
  },
  lists: underBoth('83', [flag('d2d_master_enable'), d2dCommand]),
};
