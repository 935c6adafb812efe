import { computed, decentlabCodec, sht2x, signedWord, word } from '../../formats/decentlab-v2.ts';

/** 0 % at 2 V, 100 % at 3.1 V, from volts of two digits. */
const levelOf = (millivolts = 0): number => {
  const volts = Math.round(millivolts / 10) / 100;
  return Math.min(100, Math.max(0, Math.round(((volts - 2) / 1.1) * 100)));
};

/** decentlab/decentlab-decoders, DL-LP8P: temperature and humidity, barometer, SenseAir LP8 CO2 sensor; battery level as akenza-io/device-type-library derives it. */
export const codec = decentlabCodec({
  blocks: [
    sht2x('air_temperature', 'air_humidity'),
    {
      size: 2,
      values: [
        computed('barometer_temperature', ([raw = 0]) => (raw - 5000) / 100),
        computed('barometric_pressure', ([, raw = 0]) => raw * 2),
      ],
    },
    [
      signedWord('co2_concentration'),
      signedWord('co2_concentration_lpf'),
      signedWord('co2_sensor_temperature', 100),
      word('capacitor_voltage_1', 1000),
      word('capacitor_voltage_2', 1000),
      word('co2_sensor_status'),
      word('raw_ir_reading'),
      word('raw_ir_reading_lpf'),
    ],
    {
      size: 1,
      values: [
        computed('battery_voltage', ([raw = 0]) => raw / 1000),
        computed('battery_level', ([raw]) => levelOf(raw)),
      ],
    },
  ],
});
