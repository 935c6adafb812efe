import { milesightAnswers } from '../../formats/milesight-answers.ts';
import { bits, milesightAttributes, number, skip, u8 } from '../../formats/milesight-items.ts';
import type { MilesightFormat } from '../../formats/milesight-tlv.ts';

const offOn = { 0: 'off', 1: 'on' };

/** WS558 README and decoder of Milesight-IoT/SensorDecoders: eight switches behind one meter. */
export const format: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    '03 74': [number('voltage', 'u16le', 10)],
    '04 80': [number('active_power', 'u32le')],
    '05 81': [u8('power_factor')],
    '06 83': [number('power_consumption', 'u32le')],
    '07 C9': [number('total_current', 'u16le')],
    // The first byte says which switches changed; the second how all of them stand.
    '08 31': [
      skip(1),
      bits(...Array.from({ length: 8 }, (_, at) => ({ field: `switch_${at + 1}`, at, states: offOn }))),
    ],
    ...milesightAnswers('03', '10', '23', '26', '27 energy', '28', '32'),
  },
};
