import { milesightCodec } from '../../formats/milesight-tlv.ts';
import { vs34x } from '../../formats/milesight-vs34x.ts';

export const codec = milesightCodec(vs34x);
