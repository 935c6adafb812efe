import { type EpochMs, MINUTE, SECOND } from '../../model/time.ts';
import { between, normal, uniform } from '../random.ts';
import type { WaterTruth } from '../truth/water.ts';
import type { WeatherTruth } from '../truth/weather.ts';
import { batteryAt, numberAt, periodic, type Sensor, type SensorPlace } from './sensor.ts';

interface Gauge extends SensorPlace {
  readonly water: WaterTruth;
  readonly weather: WeatherTruth;
}

export const GAUGE_INTERVAL = 10 * MINUTE;

/** Distance from the sensor to the water in metres, with what the waves leave after averaging. */
const distanceM = ({ key, mounting, water, weather }: Gauge, time: EpochMs): number => {
  const waves = 0.0025 + 0.0005 * weather.at(time).windSpeedMs;
  const level = water.levelM(time) + waves * normal(key, 3_000_000 + Math.floor(time / MINUTE));
  return numberAt(mounting, 'sensorHeightM', 4) - level;
};

const reporting = { intervalMs: GAUGE_INTERVAL, jitterMs: 3 * SECOND } as const;

/** Decentlab DL-MBX: ultrasound, 1 mm; rarely a gull or a boat stands in the beam. */
export const dlMbx = (gauge: Gauge): Sensor => {
  const { key, deployedAt } = gauge;
  const deviceId = 1_000 + (key & 0xfff);
  return periodic(gauge, {
    ...reporting,
    fields: ({ time, interval }) => {
      const gull = uniform(key, 4_000_000 + interval) < 0.0008;
      const nearerMm = gull ? between(key, 5_000_000 + interval, [400, 1_500]) : 0;
      return {
        device_id: deviceId,
        distance: Math.max(0, Math.round(1_000 * distanceM(gauge, time) - nearerMm)),
        valid_samples: gull ? 4 : 10,
        battery_voltage: Math.round(2_700 + 5 * batteryAt(key, time - deployedAt)) / 1_000,
      };
    },
  });
};

/** VEGAPULS Air: radar, float; its battery is counted in percent. */
export const vegapulsAir = (gauge: Gauge): Sensor => {
  const { key, deployedAt, weather } = gauge;
  return periodic(gauge, {
    ...reporting,
    fields: ({ time, interval }) => {
      const blind = uniform(key, 4_000_000 + interval) < 0.0004;
      return {
        namur_state: blind ? 'failure' : 'good',
        distance: blind ? null : Math.fround(distanceM(gauge, time)),
        battery: Math.round(batteryAt(key, time - deployedAt)),
        temperature: Math.round(10 * weather.at(time).airTemperatureC) / 10,
        inclination: Math.floor(between(key, 2, [0, 4])),
      };
    },
  });
};
