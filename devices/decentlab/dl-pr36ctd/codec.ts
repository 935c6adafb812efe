import { batteryWithLevel, calibration, computed, decentlabCodec } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-PR36CTD: Keller PR-36 CTD probe: pressure, temperature of the electronics and of the PT1000, conductivity. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 4,
      values: [
        computed('pressure', ([raw = 0], parameters) => (raw - 32768) / calibration(parameters, 'kp', 8192)),
        computed('temperature_electronics', ([, raw = 0]) => (raw - 32768) / 256),
        computed('temperature_pt1000', ([, , raw = 0]) => (raw - 32768) / 256),
        computed(
          'electrical_conductivity',
          ([, , , raw = 0], parameters) => (raw - 32768) / calibration(parameters, 'kec', 1024),
        ),
      ],
    },
    batteryWithLevel,
  ],
});
