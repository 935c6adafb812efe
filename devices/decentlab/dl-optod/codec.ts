import { batteryWithLevel, decentlabCodec, signedWord, word } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-OPTOD: Aqualabo OPTOD probe: status, temperature, oxygen as saturation and concentration. */
export const codec = decentlabCodec({
  blocks: [
    [
      word('status'),
      signedWord('temperature', 100),
      signedWord('oxygen_saturation', 100),
      signedWord('oxygen_concentration', 100),
      signedWord('oxygen_concentration_alt', 100),
    ],
    batteryWithLevel,
  ],
});
