import { batteryWithLevel, decentlabCodec, signedWord } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-GMM: light for plants, air, CO2, vapour pressure deficit and dew point. */
export const codec = decentlabCodec({
  blocks: [
    [
      signedWord('photosynthetically_active_radiation', 10),
      signedWord('air_temperature', 100),
      signedWord('air_humidity', 10),
      signedWord('co2_concentration'),
      signedWord('atmospheric_pressure', 100),
      signedWord('vapor_pressure_deficit', 100),
      signedWord('dew_point', 100),
    ],
    batteryWithLevel,
  ],
});
