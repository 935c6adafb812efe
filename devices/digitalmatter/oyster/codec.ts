import { digitalMatterCodec } from '../../formats/digital-matter-bits.ts';
import { oysterMessages } from '../../formats/digital-matter-trackers.ts';

export const codec = digitalMatterCodec(oysterMessages);
