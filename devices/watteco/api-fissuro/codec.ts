import { analogInput, climate, commonAttributes } from '../../formats/watteco-clusters.ts';
import { wattecoCodec } from '../../formats/watteco-zcl.ts';

export const codec = wattecoCodec({
  attributes: { ...commonAttributes, ...analogInput, ...climate },
  endpoints: { analog: ['tilt', 'distance'], temperature: ['acc_temperature', 'temperature'] },
  batches: [
    {
      tagBits: 2,
      series: [
        { tag: 0, field: 'tilt', type: 'f32', resolution: 0.1 },
        { tag: 1, field: 'distance', type: 'f32', resolution: 0.001 },
        { tag: 2, field: 'temperature', type: 's16', resolution: 10, divisor: 100 },
        { tag: 3, field: 'battery_voltage', type: 'u16', resolution: 20, divisor: 1000 },
      ],
    },
  ],
});
