import { milesightEncoder } from '../../formats/milesight-tlv.ts';
import { format } from './format.ts';

export const encoder = milesightEncoder(format);
