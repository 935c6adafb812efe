import { sensecapCodec } from '../../formats/sensecap-blocks.ts';

export const codec = sensecapCodec;
