import { batteryBlock, type DecentlabFormat, signedWord } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-ATM41: payload of the METER ATMOS 41 weather station. */
export const format: DecentlabFormat = {
  blocks: [
    [
      signedWord('solar_radiation'),
      signedWord('precipitation', 1000),
      signedWord('lightning_strike_count'),
      signedWord('lightning_average_distance'),
      signedWord('wind_speed', 100),
      signedWord('wind_direction', 10),
      signedWord('maximum_wind_speed', 100),
      signedWord('air_temperature', 10),
      signedWord('vapor_pressure', 100),
      signedWord('atmospheric_pressure', 100),
      signedWord('relative_humidity', 10),
      signedWord('sensor_temperature_internal', 10),
      signedWord('x_orientation_angle', 10),
      signedWord('y_orientation_angle', 10),
      signedWord('compass_heading'),
      signedWord('north_wind_speed', 100),
      signedWord('east_wind_speed', 100),
    ],
    batteryBlock,
  ],
};
