import { yosensiAcceleration, yosensiCodec } from '../../formats/yosensi-v2.ts';

export const codec = yosensiCodec({
  '2': 'battery_voltage',
  '3': 'temperature',
  '4': 'humidity',
  '24:00': 'left_to_right',
  '24:01': 'right_to_left',
  '24:02': 'sum_left_to_right',
  '24:03': 'sum_right_to_left',
  '24:04': 'difference_count',
  ...yosensiAcceleration,
});
