import { batteryWithLevel, decentlabCodec, word } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-LID: distances in mm over many laser samples, their number and how long they took. */
export const codec = decentlabCodec({
  blocks: [
    [
      word('distance_average'),
      word('distance_minimum'),
      word('distance_maximum'),
      word('distance_median'),
      word('distance_10th_percentile'),
      word('distance_25th_percentile'),
      word('distance_75th_percentile'),
      word('distance_90th_percentile'),
      word('distance_most_frequent_value'),
      word('number_of_samples'),
      word('total_acquisition_time', 1.024),
    ],
    batteryWithLevel,
  ],
});
