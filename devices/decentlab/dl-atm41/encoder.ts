import { decentlabEncoder } from '../../formats/decentlab-v2.ts';
import { format } from './format.ts';

export const encoder = decentlabEncoder(format);
