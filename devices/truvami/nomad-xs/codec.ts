import { truvamiCodec } from '../../formats/truvami-layout.ts';
import { nomadXsMessages } from '../../formats/truvami-messages.ts';

export const codec = truvamiCodec(nomadXsMessages);
