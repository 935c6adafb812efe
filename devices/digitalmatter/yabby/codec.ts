import { digitalMatterCodec } from '../../formats/digital-matter-bits.ts';
import { yabbyMessages } from '../../formats/digital-matter-trackers.ts';

export const codec = digitalMatterCodec(yabbyMessages);
