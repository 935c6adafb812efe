import { batteryWithLevel, decentlabCodec, sht3x, signedWord } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-CWS2: as DL-CWS, with air temperature and humidity in a radiation shield before it. */
export const codec = decentlabCodec({
  blocks: [
    sht3x('air_temperature_radiation_shield', 'air_humidity_radiation_shield'),
    [
      signedWord('surface_temperature', 100),
      signedWord('air_temperature', 100),
      signedWord('air_humidity', 100),
      signedWord('dew_point', 100),
      signedWord('angle'),
      signedWord('sensor_temperature', 100),
    ],
    batteryWithLevel,
  ],
});
