import { digitalMatterCodec } from '../../formats/digital-matter-bits.ts';
import { oyster3Messages } from '../../formats/digital-matter-trackers.ts';

export const codec = digitalMatterCodec(oyster3Messages);
