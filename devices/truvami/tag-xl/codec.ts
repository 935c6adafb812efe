import { truvamiCodec } from '../../formats/truvami-layout.ts';
import { tagXlMessages } from '../../formats/truvami-tag-xl.ts';

export const codec = truvamiCodec(tagXlMessages);
