import { digitalMatterCodec } from '../../formats/digital-matter-bits.ts';
import { g62Messages } from '../../formats/digital-matter-trackers.ts';

export const codec = digitalMatterCodec(g62Messages);
