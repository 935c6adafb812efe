import { analogInput, binaryInput, commonAttributes } from './watteco-clusters.ts';
import type { WattecoFormat } from './watteco-zcl.ts';

/** Lev'O and Press'O: one input of 4 to 20 mA and one of 0 to 10 V behind the sensor that is attached. */
export const analogFormat: WattecoFormat = {
  attributes: { ...commonAttributes, ...binaryInput, ...analogInput },
  endpoints: { analog: ['current_4_20_ma', 'voltage_0_10_v'] },
  batches: [
    {
      tagBits: 3,
      series: [
        { tag: 0, field: 'current_4_20_ma', type: 'f32', resolution: 0.004 },
        { tag: 1, field: 'voltage_0_10_v', type: 'f32', resolution: 1 },
        { tag: 2, field: 'battery_voltage', type: 'u16', resolution: 100, divisor: 1000 },
        { tag: 3, field: 'external_power_voltage', type: 'u16', resolution: 100, divisor: 1000 },
        { tag: 4, field: 'index', type: 'u32', resolution: 1 },
      ],
    },
  ],
};
