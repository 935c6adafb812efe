import { truvamiCodec } from '../../formats/truvami-layout.ts';
import { tagSlMessages } from '../../formats/truvami-messages.ts';

export const codec = truvamiCodec(tagSlMessages);
