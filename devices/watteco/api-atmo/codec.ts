import { binaryInput, climate, commonAttributes } from '../../formats/watteco-clusters.ts';
import { wattecoCodec } from '../../formats/watteco-zcl.ts';

export const codec = wattecoCodec({
  attributes: { ...commonAttributes, ...binaryInput, ...climate },
  endpoints: { index: ['index_1', 'index_2'], pin_state: ['pin_state_1', 'pin_state_2'] },
  batches: [
    {
      tagBits: 3,
      series: [
        { tag: 0, field: 'temperature', type: 's16', resolution: 1, divisor: 100 },
        { tag: 1, field: 'humidity', type: 'u16', resolution: 1, divisor: 100 },
        { tag: 2, field: 'pressure', type: 's16', resolution: 1 },
        { tag: 3, field: 'index_1', type: 'u32', resolution: 1 },
        { tag: 4, field: 'index_2', type: 'u32', resolution: 1 },
        { tag: 5, field: 'battery_voltage', type: 'u16', resolution: 1, divisor: 1000 },
      ],
    },
  ],
});
