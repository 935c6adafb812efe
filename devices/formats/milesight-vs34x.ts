import { milesightAnswers, underBoth } from './milesight-answers.ts';
import { milesightAttributes, milesightBattery, state } from './milesight-items.ts';
import { d2dMaster } from './milesight-settings.ts';
import type { MilesightFormat } from './milesight-tlv.ts';

/** VS340 and VS341 notice who sits at a desk or on a seat (READMEs and decoders of Milesight-IoT/SensorDecoders). */
export const vs34x: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    '03 00': [state('occupancy', { 0: 'vacant', 1: 'occupied' })],
    ...milesightAnswers('10', '28', '2F', '35', '84', '8E', '95', '98', '99', 'B2'),
  },
  lists: underBoth('96', d2dMaster({ 1: 'occupied', 2: 'vacant' }, true)),
};
