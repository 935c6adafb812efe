import type { Parameters } from '../../codec.ts';
import { batteryWithLevel, calibration, computed, decentlabCodec } from '../../formats/decentlab-v2.ts';

/** Water column in m of a pressure in bar, at 1000 kg/m³ and 9.807 m/s² as akenza-io/device-type-library has it. */
const levelOf = (pressureBar: number, parameters: Parameters): number =>
  Math.round(((pressureBar * 100_000) / (1000 * 9.807) + calibration(parameters, 'sensorOffsetM', 0)) * 100_000) /
  100_000;

const pressureOf = ([raw = 0]: readonly number[], parameters: Parameters): number => {
  const from = calibration(parameters, 'pressureMinBar', 0);
  return ((raw - 16384) / 32768) * (calibration(parameters, 'pressureMaxBar', 1) - from) + from;
};

/** decentlab/decentlab-decoders, DL-PR26: Keller PR-26 probe: pressure over its range, temperature; the level is the water column of that pressure. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 2,
      values: [
        computed('pressure', pressureOf),
        computed('temperature', ([, raw = 0]) => (raw - 384) * 0.003125 - 50),
        computed('level', (words, parameters) => levelOf(pressureOf(words, parameters), parameters)),
      ],
    },
    batteryWithLevel,
  ],
});
