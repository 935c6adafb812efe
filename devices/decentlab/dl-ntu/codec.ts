import { batteryWithLevel, decentlabCodec, signedWord, word } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-NTU: Aqualabo NTU probe: status, temperature, turbidity in NTU, FNU and mg/L. */
export const codec = decentlabCodec({
  blocks: [
    [
      word('status'),
      signedWord('temperature', 100),
      word('turbidity_in_ntu', 10),
      word('turbidity_in_fnu', 10),
      word('turbidity_in_mg_l', 10),
    ],
    batteryWithLevel,
  ],
});
