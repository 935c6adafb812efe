import { am300 } from '../../formats/milesight-am300.ts';
import { milesightCodec } from '../../formats/milesight-tlv.ts';

export const codec = milesightCodec(am300());
