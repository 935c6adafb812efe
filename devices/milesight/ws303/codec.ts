import { milesightCodec } from '../../formats/milesight-tlv.ts';
import { format } from './format.ts';

export const codec = milesightCodec(format);
