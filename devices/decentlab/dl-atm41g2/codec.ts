import { batteryWithLevel, type Computed, computed, decentlabCodec, lowFirst } from '../../formats/decentlab-v2.ts';

/** A word at a place in the block, moved up by 32768 and scaled. */
const signedAt =
  (place: number, divisor: number): Computed['value'] =>
  (words) =>
    ((words[place] ?? 0) - 32768) / divisor;

/** decentlab/decentlab-decoders, DL-ATM41G2: METER ATMOS 41 Gen 2 weather station. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 17,
      values: [
        computed('solar_radiation', signedAt(0, 10)),
        computed('precipitation', ([, raw = 0]) => raw / 1000),
        computed('lightning_strike_count', signedAt(2, 1)),
        computed('lightning_average_distance', signedAt(3, 1)),
        computed('wind_speed', signedAt(4, 100)),
        computed('wind_direction', signedAt(5, 10)),
        computed('maximum_wind_speed', signedAt(6, 100)),
        computed('air_temperature', signedAt(7, 10)),
        computed('vapor_pressure', signedAt(8, 100)),
        computed('barometric_pressure', signedAt(9, 100)),
        computed('relative_humidity', signedAt(10, 10)),
        computed('internal_temperature', signedAt(11, 10)),
        computed('tilt_angle_x_orientation', signedAt(12, 10)),
        computed('tilt_angle_y_orientation', signedAt(13, 10)),
        computed('precipitation_electrical_conductivity', signedAt(14, 1)),
        computed('cumulative_precipitation', (words) => lowFirst(words[15], words[16]) / 1000),
      ],
    },
    batteryWithLevel,
  ],
});
