import { teros12 } from '../../formats/decentlab-soil.ts';
import { batteryWithLevel, decentlabCodec } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-TRS12: METER TEROS 12, its curves in formats/decentlab-soil.ts. */
export const codec = decentlabCodec({
  blocks: [teros12, batteryWithLevel],
});
