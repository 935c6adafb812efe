import { MINUTE, SECOND } from '../../model/time.ts';
import { normal, poisson } from '../random.ts';
import { rounded } from '../rounded.ts';
import type { OutdoorAirTruth } from '../truth/air.ts';
import type { ClassroomTruth } from '../truth/classroom.ts';
import type { WeatherTruth } from '../truth/weather.ts';
import { batteryAt, periodic, type Sensor, type SensorPlace } from './sensor.ts';

export const AIR_INTERVAL = 15 * MINUTE;

const reporting = { intervalMs: AIR_INTERVAL, jitterMs: 5 * SECOND } as const;
/** Highest figure of a 16-bit word of tenths. */
const MOST = 6_553.5;

/** Decentlab DL-PM (Sensirion SPS30): all fractions scatter together, as one cloud of particles is counted. */
export const dlPm = (place: SensorPlace, air: OutdoorAirTruth, weather: WeatherTruth): Sensor => {
  const { key, deployedAt } = place;
  const deviceId = 1_000 + (key & 0xfff);
  return periodic(place, {
    ...reporting,
    fields: ({ time, interval }) => {
      const { pm1, pm2_5, pm4, pm10 } = air.dust(time);
      const now = weather.at(time);
      const scatter = 1 + 0.025 * normal(key, 1_000_000 + interval);
      const tenths = (value: number) => Math.min(MOST, rounded(value * scatter, 1));
      return {
        device_id: deviceId,
        battery_voltage: Math.round(2_700 + 5 * batteryAt(key, time - deployedAt)) / 1_000,
        pm1_0_mass_concentration: tenths(pm1),
        pm2_5_mass_concentration: tenths(pm2_5),
        pm4_mass_concentration: tenths(pm4),
        pm10_mass_concentration: tenths(pm10),
        typical_particle_size: Math.round(430 + 9 * Math.min(60, pm10 - pm2_5)),
        // Particles per cm³ and µg/m³: what the sensor's own model assumes.
        pm0_5_number_concentration: tenths(6.7 * pm1),
        pm1_0_number_concentration: tenths(7.7 * pm1),
        pm2_5_number_concentration: tenths(7.7 * pm1 + 0.2 * (pm2_5 - pm1)),
        pm4_number_concentration: tenths(7.7 * pm1 + 0.2 * (pm2_5 - pm1) + 0.02 * (pm4 - pm2_5)),
        pm10_number_concentration: tenths(7.7 * pm1 + 0.2 * (pm2_5 - pm1) + 0.03 * (pm10 - pm2_5)),
        air_temperature: now.airTemperatureC + 0.1 * normal(key, 2_000_000 + interval),
        // In fog the wire's rounding would say a little more than everything.
        air_humidity: Math.min(99.9, now.relativeHumidityPercent),
        barometric_pressure: 2 * Math.round(50 * now.airPressureHpa),
      };
    },
  });
};

/** Elsys ERS CO2 on the wall of a class room. */
export const ersCo2 = (place: SensorPlace, room: ClassroomTruth, weather: WeatherTruth): Sensor => {
  const { key, deployedAt } = place;
  return periodic(place, {
    ...reporting,
    fields: ({ time, interval }) => {
      const { co2Ppm, temperatureC, relativeHumidityPercent, pupils } = room.at(time);
      const sun = weather.at(time).solarRadiationWm2;
      const noise = (index: number, sigma: number) => sigma * normal(key, 1_000_000 + 4 * interval + index);
      return {
        temperature: rounded(temperatureC + noise(0, 0.05), 1),
        humidity: Math.round(relativeHumidityPercent + noise(1, 0.4)),
        light: Math.max(0, Math.round((pupils > 0 ? 380 : 0) + 0.9 * sun * (1 + noise(2, 0.05)))),
        motion: Math.min(255, poisson(key, 3_000_000 + interval, 1.1 * pupils)),
        co2: Math.round(co2Ppm + noise(3, 9)),
        battery_voltage: Math.round(3_000 + 6 * batteryAt(key, time - deployedAt)) / 1_000,
      };
    },
  });
};
