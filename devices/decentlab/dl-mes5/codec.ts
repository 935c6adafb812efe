import { batteryWithLevel, decentlabCodec, signedWord, word } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-MES5: Aqualabo MES5 probe: status, temperature, sludge blanket, suspended solids, turbidity in FAU. */
export const codec = decentlabCodec({
  blocks: [
    [
      word('status'),
      signedWord('temperature', 100),
      word('sludge_blanket', 100),
      word('suspended_solid', 100),
      word('turbidity', 10),
    ],
    batteryWithLevel,
  ],
});
