import { milesightCodec } from '../../formats/milesight-tlv.ts';
import { vs133 } from '../../formats/milesight-vs13x.ts';

export const codec = milesightCodec(vs133);
