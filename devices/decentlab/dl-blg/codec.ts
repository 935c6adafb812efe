import { batteryWithLevel, computed, decentlabCodec, lowFirst } from '../../formats/decentlab-v2.ts';

const ratioOf = (low = 0, high = 0): number => (lowFirst(low, high) / 8388608 - 1) / 2;

const resistanceOf = (low = 0, high = 0): number => 1000 / ratioOf(low, high) - 41000;

/** Coefficients of the thermistor as Decentlab publishes them; NaN where the bridge gives no resistance. */
const temperatureOf = (ohm: number): number => {
  if (!Number.isFinite(ohm)) return Number.NaN;
  const logarithm = Math.log(ohm);
  return 1 / (0.0008271111 + 0.000208802 * logarithm + 0.000000080592 * logarithm ** 3) - 273.15;
};

/** decentlab/decentlab-decoders, DL-BLG: voltage ratio of a thermistor behind 41 kΩ; temperature by the equation of Steinhart and Hart. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 2,
      values: [
        computed('voltage_ratio', ([low, high]) => ratioOf(low, high)),
        computed('thermistor_resistance', ([low, high]) => resistanceOf(low, high)),
        computed('temperature', ([low, high]) => temperatureOf(resistanceOf(low, high))),
      ],
    },
    batteryWithLevel,
  ],
});
