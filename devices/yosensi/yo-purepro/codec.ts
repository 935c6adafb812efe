import { yosensiAcceleration, yosensiCodec } from '../../formats/yosensi-v2.ts';

export const codec = yosensiCodec({
  '2': 'battery_voltage',
  '3': 'temperature',
  '4': 'humidity',
  '5': 'pressure',
  '6': 'illuminance',
  '7': 'co2_equivalent',
  '8': 'tvoc',
  '9:01': 'pm1',
  '9:02': 'pm2_5',
  '9:03': 'pm4',
  '9:04': 'pm10',
  '26': 'co',
  '27': 'co2',
  '28': 'sound',
  '32': 'pm1',
  '33': 'pm2_5',
  '34': 'pm4',
  '35': 'pm10',
  ...yosensiAcceleration,
});
