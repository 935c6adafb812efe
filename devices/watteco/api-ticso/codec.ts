import { commonAttributes, meterReading } from '../../formats/watteco-clusters.ts';
import { ticAttribute } from '../../formats/watteco-tic.ts';
import { wattecoCodec } from '../../formats/watteco-zcl.ts';

export const codec = wattecoCodec({ attributes: { ...commonAttributes, ...meterReading }, find: ticAttribute });
