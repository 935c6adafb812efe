import { batteryWithLevel, decentlabCodec, signedWord, word } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-PHEHT: Aqualabo PHEHT probe: status, temperature, pH, redox potential, voltage of the pH electrode. */
export const codec = decentlabCodec({
  blocks: [
    [
      word('status'),
      signedWord('temperature', 100),
      signedWord('ph', 100),
      signedWord('redox', 10),
      signedWord('ph_mv', 10),
    ],
    batteryWithLevel,
  ],
});
