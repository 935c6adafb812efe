import { analogFormat } from '../../formats/watteco-analog.ts';
import { wattecoCodec } from '../../formats/watteco-zcl.ts';

export const codec = wattecoCodec(analogFormat);
