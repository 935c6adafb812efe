import { senseCapT1000 } from '../../formats/sensecap-t1000.ts';

export const codec = senseCapT1000;
