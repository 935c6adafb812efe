import { decentlabCodec } from '../../formats/decentlab-v2.ts';
import { format } from './format.ts';

export const codec = decentlabCodec(format);
