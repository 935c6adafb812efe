import { batteryWithLevel, calibration, computed, decentlabCodec } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-PR36: Keller PR-36 probe: pressure in counts of kp per bar, temperature. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 2,
      values: [
        computed('pressure', ([raw = 0], parameters) => (raw - 32768) / calibration(parameters, 'kp', 8192)),
        computed('temperature', ([, raw = 0]) => (raw - 32768) / 256),
      ],
    },
    batteryWithLevel,
  ],
});
