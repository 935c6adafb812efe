import { batteryWithLevel, computed, decentlabCodec } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-TRS21: METER TEROS 21: water potential as a positive tension, temperature. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 2,
      values: [
        computed('water_potential', ([raw = 0]) => -(raw / 10)),
        computed('soil_temperature', ([, raw = 0]) => (raw - 32768) / 10),
      ],
    },
    batteryWithLevel,
  ],
});
