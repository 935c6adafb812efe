import type { Parameters } from '../../codec.ts';
import { batteryWithLevel, calibration, computed, decentlabCodec } from '../../formats/decentlab-v2.ts';

const frequencyOf = (count = 0, ticks = 0): number => (count / ticks) * 32768;

const weightOf = (hertz: number, parameters: Parameters): number =>
  (hertz ** 2 - calibration(parameters, 'f02', 232263168)) * calibration(parameters, 's', 0.000302459) +
  calibration(parameters, 'm0', 1370);

/** decentlab/decentlab-decoders, DL-DWS: frequency of a vibrating wire; weight by the constants of the single scale. The third word repeats the count. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 3,
      values: [
        computed('frequency', ([count, ticks]) => frequencyOf(count, ticks)),
        computed('weight', ([count, ticks], parameters) => weightOf(frequencyOf(count, ticks), parameters)),
        computed('third_word', ([, , raw = 0]) => raw),
      ],
    },
    batteryWithLevel,
  ],
});
