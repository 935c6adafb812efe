import { batteryWithLevel, decentlabCodec, signedWord } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-ATM22: METER ATMOS 22 anemometer. */
export const codec = decentlabCodec({
  blocks: [
    [
      signedWord('wind_speed', 100),
      signedWord('wind_direction', 10),
      signedWord('maximum_wind_speed', 100),
      signedWord('air_temperature', 10),
      signedWord('x_orientation_angle', 10),
      signedWord('y_orientation_angle', 10),
      signedWord('north_wind_speed', 100),
      signedWord('east_wind_speed', 100),
    ],
    batteryWithLevel,
  ],
});
