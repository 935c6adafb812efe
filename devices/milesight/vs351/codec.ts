import { milesightCodec } from '../../formats/milesight-tlv.ts';
import { vs351 } from '../../formats/milesight-vs35x.ts';

export const codec = milesightCodec(vs351);
