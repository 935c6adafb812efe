import { batteryWithLevel, decentlabCodec, signedWord } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-CWS: surface temperature by infrared, air temperature, humidity and dew point. */
export const codec = decentlabCodec({
  blocks: [
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
