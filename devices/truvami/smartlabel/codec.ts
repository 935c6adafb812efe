import { truvamiCodec } from '../../formats/truvami-layout.ts';
import { smartlabelMessages } from '../../formats/truvami-messages.ts';

export const codec = truvamiCodec(smartlabelMessages);
