import { type EpochMs, HOUR, MINUTE, SECOND } from '../../model/time.ts';
import { between, normal, uniform } from '../random.ts';
import type { SlotTruth } from '../truth/fill.ts';
import type { WeatherTruth } from '../truth/weather.ts';
import { batteryAt, numberAt, periodic, type Sensor, type SensorPlace } from './sensor.ts';

interface Container extends SensorPlace {
  readonly slot: SlotTruth;
  readonly weather: WeatherTruth;
}

/** What a distance sensor under the lid sees: the truth, a rough surface, and now and then a bag right below it. */
const distanceMm = ({ key, mounting, slot }: Container, time: EpochMs, noiseMm: number): number => {
  const empty = numberAt(mounting, 'emptyDistanceMm', 1_600);
  const full = numberAt(mounting, 'fullDistanceMm', 300);
  const minute = Math.floor(time / MINUTE);
  if (uniform(key, 3_000_000 + minute) < 0.003) return between(key, 4_000_000 + minute, [60, full]);
  return empty - ((empty - full) * slot.fillPercent(time)) / 100 + noiseMm * normal(key, 5_000_000 + minute);
};

/** Steel in the sun: warmer than the air by day. */
const temperatureC = ({ weather }: Container, time: EpochMs): number => {
  const { airTemperatureC, solarRadiationWm2 } = weather.at(time);
  return airTemperatureC + 0.011 * solarRadiationWm2;
};

/** The crew's lorry holds the container in the air for some minutes. */
const isTilted = ({ slot }: Container, time: EpochMs): boolean =>
  slot.events(time - 4 * MINUTE, time + MINUTE).some(({ kind }) => kind !== 'settled');

const JITTER = 20 * SECOND;

/** Milesight EM400-TLD: laser time of flight, 1 mm, hourly. */
export const em400Tld = (container: Container): Sensor =>
  periodic(container, {
    intervalMs: HOUR,
    jitterMs: JITTER,
    fields: ({ time }) => ({
      battery: Math.round(batteryAt(container.key, time - container.deployedAt)),
      temperature: Math.round(10 * temperatureC(container, time)) / 10,
      distance: Math.max(20, Math.round(distanceMm(container, time, 6))),
      position: isTilted(container, time) ? 'tilt' : 'normal',
    }),
  });

/** Pepperl+Fuchs WILSEN.sonic.level: ultrasound, 1 cm, every two hours; now and then no echo at all. */
export const wilsenSonicLevel = (container: Container): Sensor => {
  const { key, deployedAt } = container;
  return periodic(container, {
    intervalMs: 2 * HOUR,
    jitterMs: JITTER,
    fields: ({ time }) => {
      const lost = uniform(key, 6_000_000 + Math.floor(time / MINUTE)) < 0.004;
      return {
        distance_cm: lost ? null : Math.max(2, Math.round(distanceMm(container, time, 9) / 10)),
        temperature: Math.round(10 * temperatureC(container, time)) / 10,
        battery_voltage: Math.round(10 * (3.1 + 0.005 * batteryAt(key, time - deployedAt))) / 10,
      };
    },
  });
};
