import { elsysCodec } from '../../formats/elsys-tlv.ts';

/** Without the infrared picture of the Eye models. */
export const codec = elsysCodec([0x13]);
