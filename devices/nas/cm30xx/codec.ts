import { nasCodec } from '../../formats/nas-frames.ts';
import { packets } from './format.ts';

export const codec = nasCodec(packets);
