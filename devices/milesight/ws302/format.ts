import { milesightAnswers } from '../../formats/milesight-answers.ts';
import { milesightAttributes, milesightBattery, number, skip } from '../../formats/milesight-items.ts';
import type { MilesightPart } from '../../formats/milesight-parts.ts';
import type { MilesightFormat } from '../../formats/milesight-tlv.ts';

const frequencyWeightings = ['z', 'a', 'c'];
const timeWeightings = ['i', 'f', 's'];

/** The fields are named as the quantities are in acoustics: LAF, LAeq, LAFmax and so on, all in tenths of a decibel. */
const levels = (frequency: string, time: string): readonly MilesightPart[] => [
  skip(1),
  number(`l${frequency}${time}`, 'u16le', 10),
  number(`l${frequency}eq`, 'u16le', 10),
  number(`l${frequency}${time}max`, 'u16le', 10),
];

/** The first byte says the weightings: frequency in bits 0 and 1, time in bits 2 and 3. */
const sound: MilesightPart = {
  type: 'cases',
  mask: 0x0f,
  cases: Object.fromEntries(
    frequencyWeightings.flatMap((frequency, low) =>
      timeWeightings.map((time, high) => [(high << 2) | low, levels(frequency, time)]),
    ),
  ),
};

/** WS302 README of Milesight-IoT/SensorDecoders: a sound level meter. */
export const format: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    '05 5B': [sound],
    ...milesightAnswers('10', '11', '17', '1D', '2D led', '3B'),
  },
};
