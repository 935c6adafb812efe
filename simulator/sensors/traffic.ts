import { SECOND } from '../../model/time.ts';
import { localHour } from '../calendar.ts';
import { between, uniform } from '../random.ts';
import { TRAFFIC_INTERVAL, type TrafficTruth } from '../truth/traffic.ts';
import type { Sensor, SensorPlace, Transmission } from './sensor.ts';

const FIRST_PORT = 13;
const categoryNames = ['all', 'cat1', 'cat2', 'cat3', 'cat4'];

/**
 * PMX TCR: radar on a mast with a solar panel. Every quarter of an hour five frames: all vehicles on port 13, the four
 * categories on 14 to 17, some seconds apart for the duty cycle; each carries hour and minute (UTC) of the interval's end.
 */
export const tcr = ({ key, deployedAt }: SensorPlace, traffic: TrafficTruth): Sensor => {
  const firstEnd = Math.ceil((deployedAt + 1) / TRAFFIC_INTERVAL) * TRAFFIC_INTERVAL;
  const lag = Math.round(between(key, 1, [3, 50]) * SECOND);
  return {
    intervalMs: TRAFFIC_INTERVAL,
    framesPerInterval: 5,
    firstAt: firstEnd + lag,
    transmissions: (interval) => {
      const end = firstEnd + interval * TRAFFIC_INTERVAL;
      const { all, categories } = traffic.interval(end);
      const clock = new Date(end);
      const sun = Math.max(0, Math.sin(((localHour(end) - 6) / 12) * Math.PI));
      const supply = Math.round(10 * (12.6 + 1.3 * sun + 0.1 * uniform(key, 10 + interval))) / 10;
      return [all, ...categories].map(({ ltr, rtl }, i): Transmission => {
        const category = categoryNames[i] ?? 'all';
        const time = end + lag + Math.round(i * 6.2 * SECOND + 800 * uniform(key, 20 + interval * 5 + i));
        return {
          time,
          fPort: FIRST_PORT + i,
          fields: {
            interval_end_hour: clock.getUTCHours(),
            interval_end_minute: clock.getUTCMinutes(),
            [`${category}_ltr_count`]: ltr.count,
            [`${category}_ltr_speed`]: ltr.meanSpeedKmh,
            [`${category}_rtl_count`]: rtl.count,
            [`${category}_rtl_speed`]: rtl.meanSpeedKmh,
            supply_voltage: supply,
          },
        };
      });
    },
  };
};
