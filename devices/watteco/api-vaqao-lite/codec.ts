import { binaryInput, climate, commonAttributes, indoorAir } from '../../formats/watteco-clusters.ts';
import { wattecoCodec } from '../../formats/watteco-zcl.ts';

export const codec = wattecoCodec({
  attributes: { ...commonAttributes, ...binaryInput, ...climate, ...indoorAir },
  endpoints: {
    temperature: ['temperature_1', 'temperature_2'],
    humidity: ['humidity_1', 'humidity_2'],
    concentration: ['iaq', 'co2'],
    pin_state: ['violation_detection'],
  },
  batches: [
    {
      tagBits: 3,
      series: [
        { tag: 0, field: 'occupancy', type: 'u8', resolution: 1 },
        { tag: 1, field: 'temperature_1', type: 's16', resolution: 10, divisor: 100 },
        { tag: 2, field: 'humidity_1', type: 'u16', resolution: 100, divisor: 100 },
        { tag: 3, field: 'co2', type: 'u16', resolution: 10 },
        { tag: 4, field: 'iaq', type: 'u16', resolution: 10 },
        { tag: 5, field: 'illuminance', type: 'u16', resolution: 10 },
        { tag: 6, field: 'pressure', type: 'u16', resolution: 10, divisor: 10 },
      ],
    },
  ],
});
