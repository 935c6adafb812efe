import { batteryWithLevel, decentlabCodec, signedWord, word } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-CTD10: water depth in mm, temperature and conductivity of the METER CTD-10 probe. */
export const codec = decentlabCodec({
  blocks: [
    [signedWord('water_depth'), signedWord('temperature', 10), word('electrical_conductivity'), word('freezing_flag')],
    batteryWithLevel,
  ],
});
