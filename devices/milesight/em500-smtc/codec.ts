import { em500Smtc } from '../../formats/milesight-em500.ts';
import { milesightCodec } from '../../formats/milesight-tlv.ts';

export const codec = milesightCodec(em500Smtc);
