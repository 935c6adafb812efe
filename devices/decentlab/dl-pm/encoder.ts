import { batteryBlock, decentlabEncoder, type Word, word } from '../../formats/decentlab-v2.ts';

/** A word of which the value is raw × span / 65536 + lowest (Sensirion SHT2x). */
const spread = (field: string, lowest: number, span: number): Word => ({
  field,
  type: 'u16',
  divisor: 65_536 / span,
  offset: (-lowest * 65_536) / span,
});

/** The codec's blocks the other way round. */
export const encoder = decentlabEncoder({
  blocks: [
    batteryBlock,
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
    [spread('air_temperature', -46.85, 175.72), spread('air_humidity', -6, 125)],
    [word('barometric_pressure', 0.5)],
  ],
});
