import { batteryWithLevel, computed, decentlabCodec, sht3x } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-WRM: air temperature and humidity, surface temperature by infrared and that of its head. */
export const codec = decentlabCodec({
  blocks: [
    sht3x('air_temperature', 'air_humidity'),
    {
      size: 2,
      values: [
        computed('surface_temperature', ([raw = 0]) => (raw - 1000) / 10),
        computed('head_temperature', ([, raw = 0]) => (raw - 1000) / 10),
      ],
    },
    batteryWithLevel,
  ],
});
