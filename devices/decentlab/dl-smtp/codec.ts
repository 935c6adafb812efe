import { batteryWithLevel, decentlabCodec, signedWord, word } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-SMTP: moisture (scale of the probe, read as %) and temperature of up to eight depths; a depth that is not fitted sends 0. */
export const codec = decentlabCodec({
  blocks: [
    Array.from({ length: 8 }, (_, depth) => [
      { ...word(`soil_moisture_at_depth_${depth}`, 500), offset: 2500, missing: [0] },
      { ...signedWord(`soil_temperature_at_depth_${depth}`, 100), missing: [0] },
    ]).flat(),
    batteryWithLevel,
  ],
});
