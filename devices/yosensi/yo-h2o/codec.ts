import { yosensiAcceleration, yosensiCodec } from '../../formats/yosensi-v2.ts';

export const codec = yosensiCodec({
  '1': 'flood_state',
  '2': 'battery_voltage',
  '3': 'internal_temperature',
  '4': 'humidity',
  ...yosensiAcceleration,
});
