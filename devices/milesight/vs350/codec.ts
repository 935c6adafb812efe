import { milesightCodec } from '../../formats/milesight-tlv.ts';
import { vs350 } from '../../formats/milesight-vs35x.ts';

export const codec = milesightCodec(vs350);
