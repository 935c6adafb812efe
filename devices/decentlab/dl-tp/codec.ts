import { batteryWithLevel, decentlabCodec, signedWord } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-TP: temperatures of up to 16 levels; a level that is not fitted sends 0. */
export const codec = decentlabCodec({
  blocks: [
    Array.from({ length: 16 }, (_, level) => ({ ...signedWord(`temperature_at_level_${level}`, 100), missing: [0] })),
    batteryWithLevel,
  ],
});
