import { binaryInput, commonAttributes, multiBinaryInput, multiState } from '../../formats/watteco-clusters.ts';
import { pulseSeries } from '../../formats/watteco-pulses.ts';
import { wattecoCodec } from '../../formats/watteco-zcl.ts';

export const codec = wattecoCodec({
  attributes: { ...commonAttributes, ...binaryInput, ...multiBinaryInput(3), ...multiState },
  endpoints: {
    index: ['index_1', 'index_2', 'index_3'],
    pin_state: ['pin_state_1', 'pin_state_2', 'pin_state_3'],
  },
  batches: [
    {
      tagBits: 4,
      series: [
        ...pulseSeries,
        { tag: 6, field: 'battery_voltage', type: 'u16', resolution: 100, divisor: 1000 },
        { tag: 7, field: 'multi_state', type: 'u16', resolution: 1, divisor: 100 },
      ],
    },
  ],
});
