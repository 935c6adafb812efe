import { truvamiCodec } from '../../formats/truvami-layout.ts';
import { nomadXlMessages } from '../../formats/truvami-messages.ts';

export const codec = truvamiCodec(nomadXlMessages);
