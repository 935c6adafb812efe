import { analogInput, commonAttributes, volumeMeter } from '../../formats/watteco-clusters.ts';
import { wattecoCodec } from '../../formats/watteco-zcl.ts';

export const codec = wattecoCodec({
  attributes: { ...commonAttributes, ...analogInput, ...volumeMeter },
  endpoints: { analog: ['tilt', 'distance'], number: ['accmg', 'magnitude'] },
  batches: [
    {
      tagBits: 3,
      series: [
        { tag: 0, field: 'accmg', type: 'u16', resolution: 1 },
        { tag: 1, field: 'tilt', type: 'f32', resolution: 0.1 },
        { tag: 2, field: 'distance', type: 'f32', resolution: 0.001 },
        { tag: 3, field: 'magnitude', type: 'u16', resolution: 1 },
        { tag: 4, field: 'battery_voltage', type: 'u16', resolution: 0.1, divisor: 1000 },
        { tag: 5, field: 'acc_temperature', type: 's16', resolution: 0.1, divisor: 100 },
      ],
    },
  ],
});
