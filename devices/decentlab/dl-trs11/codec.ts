import { teros11 } from '../../formats/decentlab-soil.ts';
import { batteryWithLevel, decentlabCodec } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-TRS11: METER TEROS 11, its curves in formats/decentlab-soil.ts. */
export const codec = decentlabCodec({
  blocks: [teros11, batteryWithLevel],
});
