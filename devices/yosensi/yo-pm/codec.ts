import { yosensiAcceleration, yosensiCodec } from '../../formats/yosensi-v2.ts';

export const codec = yosensiCodec({
  '2': 'battery_voltage',
  '3': 'internal_temperature',
  '4': 'humidity',
  '9:01': 'mass_conc_pm1',
  '9:02': 'mass_conc_pm2_5',
  '9:03': 'mass_conc_pm4',
  '9:04': 'mass_conc_pm10',
  '9:11': 'part_conc_pm1',
  '9:12': 'part_conc_pm2_5',
  '32': 'mass_conc_pm1',
  '33': 'mass_conc_pm2_5',
  '34': 'mass_conc_pm4',
  '35': 'mass_conc_pm10',
  ...yosensiAcceleration,
});
