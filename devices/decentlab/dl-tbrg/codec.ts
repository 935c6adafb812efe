import type { Parameters } from '../../codec.ts';
import { batteryWithLevel, calibration, computed, decentlabCodec, lowFirst } from '../../formats/decentlab-v2.ts';

/** Whole tips; the product is tidied, as a bucket of 0.1 mm is no binary fraction. */
const rainOf = (tips: number, parameters: Parameters): number =>
  Math.round(tips * calibration(parameters, 'bucketMm', 0.1) * 1e6) / 1e6;

/** decentlab/decentlab-decoders, DL-TBRG: tips of the bucket in an interval and in total; rain is tips times what the bucket holds. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 4,
      values: [
        computed('precipitation', ([tips = 0], parameters) => rainOf(tips, parameters)),
        computed('precipitation_interval', ([, seconds = 0]) => seconds),
        computed('cumulative_precipitation', ([, , low, high], parameters) => rainOf(lowFirst(low, high), parameters)),
      ],
    },
    batteryWithLevel,
  ],
});
