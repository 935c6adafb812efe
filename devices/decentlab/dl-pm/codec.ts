import { batteryWithLevel, computed, decentlabCodec, sht2x, word } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-PM: Sensirion SPS30 particles, temperature, humidity and pressure; the battery comes first. */
export const codec = decentlabCodec({
  blocks: [
    batteryWithLevel,
    [
      word('pm1_0_mass_concentration', 10),
      word('pm2_5_mass_concentration', 10),
      word('pm4_mass_concentration', 10),
      word('pm10_mass_concentration', 10),
      word('typical_particle_size'),
      word('pm0_5_number_concentration', 10),
      word('pm1_0_number_concentration', 10),
      word('pm2_5_number_concentration', 10),
      word('pm4_number_concentration', 10),
      word('pm10_number_concentration', 10),
    ],
    sht2x('air_temperature', 'air_humidity'),
    { size: 1, values: [computed('barometric_pressure', ([raw = 0]) => raw * 2)] },
  ],
});
