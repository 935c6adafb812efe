import { abeewayCodec } from '../../formats/abeeway-tracker.ts';

export const codec = abeewayCodec;
