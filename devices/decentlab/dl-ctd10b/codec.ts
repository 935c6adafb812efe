import { batteryWithLevel, computed, decentlabCodec } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-CTD10B: as DL-CTD10, conductivity in steps of 2 µS/cm. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 4,
      values: [
        computed('water_depth', ([raw = 0]) => raw - 32768),
        computed('temperature', ([, raw = 0]) => (raw - 32768) / 10),
        computed('electrical_conductivity', ([, , raw = 0]) => raw * 2),
        computed('freezing_flag', ([, , , raw = 0]) => raw),
      ],
    },
    batteryWithLevel,
  ],
});
