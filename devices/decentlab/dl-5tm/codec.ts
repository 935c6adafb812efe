import { batteryWithLevel, computed, decentlabCodec } from '../../formats/decentlab-v2.ts';

/** Topp, Davis and Annan 1980, with the coefficients of the probe's manual. */
const waterContentOf = (permittivity: number): number =>
  0.0000043 * permittivity ** 3 - 0.00055 * permittivity ** 2 + 0.0292 * permittivity - 0.053;

/** decentlab/decentlab-decoders, DL-5TM: METER 5TM: permittivity in steps of 0.02, water content by the equation of Topp. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 2,
      values: [
        computed('dielectric_permittivity', ([raw = 0]) => raw / 50),
        computed('volumetric_water_content', ([raw = 0]) => waterContentOf(raw / 50)),
        computed('soil_temperature', ([, raw = 0]) => (raw - 400) / 10),
      ],
    },
    batteryWithLevel,
  ],
});
