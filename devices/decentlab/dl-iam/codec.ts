import { computed, decentlabCodec, sht3x, signedWord, word } from '../../formats/decentlab-v2.ts';

/** Lux from the two channels of the light sensor, by the coefficients that Decentlab publishes. */
const luxOf = (visible = 0, infrared = 0): number =>
  Math.max(Math.max(1.0 * visible - 1.64 * infrared, 0.59 * visible - 0.86 * infrared), 0) * 1.5504;

/** 0 % at 2 V, 100 % at 3 V, from volts of two digits. */
const levelOf = (millivolts = 0): number => {
  const volts = Math.round(millivolts / 10) / 100;
  return Math.min(100, Math.max(0, Math.round(-((3 - volts) * 100 - 100))));
};

/** decentlab/decentlab-decoders, DL-IAM: seven sensor blocks, the battery first; battery level and occupancy as akenza-io/device-type-library derives them. */
export const codec = decentlabCodec({
  blocks: [
    {
      size: 1,
      values: [
        computed('battery_voltage', ([raw = 0]) => raw / 1000),
        computed('battery_level', ([raw]) => levelOf(raw)),
      ],
    },
    sht3x('air_temperature', 'air_humidity'),
    { size: 1, values: [computed('barometric_pressure', ([raw = 0]) => raw * 2)] },
    {
      size: 2,
      values: [
        computed('ambient_light_visible_infrared', ([raw = 0]) => raw),
        computed('ambient_light_infrared', ([, raw = 0]) => raw),
        computed('illuminance', ([visible, infrared]) => luxOf(visible, infrared)),
      ],
    },
    [signedWord('co2_concentration'), word('co2_sensor_status'), word('raw_ir_reading')],
    { size: 1, values: [computed('activity_counter', ([raw = 0]) => raw), computed('occupied', ([raw]) => raw !== 0)] },
    [word('total_voc')],
  ],
});
