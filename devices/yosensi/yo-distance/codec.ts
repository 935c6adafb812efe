import { yosensiAcceleration, yosensiCodec } from '../../formats/yosensi-v2.ts';

export const codec = yosensiCodec({
  '2': 'battery_voltage',
  '3': 'internal_temperature',
  '4': 'humidity',
  '10': 'distance',
  ...yosensiAcceleration,
});
