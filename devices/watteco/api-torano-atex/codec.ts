import { analogInput, binaryInput, commonAttributes, multiBinaryInput } from '../../formats/watteco-clusters.ts';
import { pulseSeries } from '../../formats/watteco-pulses.ts';
import { wattecoCodec } from '../../formats/watteco-zcl.ts';

export const codec = wattecoCodec({
  attributes: { ...commonAttributes, ...binaryInput, ...multiBinaryInput(3), ...analogInput },
  endpoints: {
    analog: [
      'current_4_20_ma',
      'voltage_0_5_v_1',
      'voltage_0_5_v_2',
      'ratiometric_voltage_0_5_v_1',
      'ratiometric_voltage_0_5_v_2',
    ],
    index: ['index_1', 'index_2', 'index_3'],
    pin_state: ['pin_state_1', 'pin_state_2', 'pin_state_3'],
  },
  batches: [
    {
      tagBits: 4,
      series: [
        ...pulseSeries,
        { tag: 6, field: 'current_4_20_ma', type: 'f32', resolution: 0.004 },
        { tag: 7, field: 'voltage_0_5_v_1', type: 'f32', resolution: 1 },
        { tag: 8, field: 'voltage_0_5_v_2', type: 'f32', resolution: 1 },
        { tag: 9, field: 'ratiometric_voltage_0_5_v_1', type: 'f32', resolution: 1 },
        { tag: 10, field: 'ratiometric_voltage_0_5_v_2', type: 'f32', resolution: 1 },
        // In millivolt: the maker's own definition of this model does not divide it.
        { tag: 11, field: 'battery_voltage', type: 'u16', resolution: 100 },
      ],
    },
  ],
});
