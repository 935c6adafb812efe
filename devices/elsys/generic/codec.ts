import { elsysCodec } from '../../formats/elsys-tlv.ts';

export const codec = elsysCodec();
