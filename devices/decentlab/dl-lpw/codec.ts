import { batteryWithLevel, computed, decentlabCodec, lowFirst } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-LPW: 24-bit reading of a potentiometer in % of its way. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 2,
      values: [computed('potentiometer_position', ([low, high]) => (lowFirst(low, high) / 8388608 - 1) * 100)],
    },
    batteryWithLevel,
  ],
});
