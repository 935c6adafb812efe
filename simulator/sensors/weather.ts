import { MINUTE, SECOND } from '../../model/time.ts';
import { between, normal } from '../random.ts';
import { rounded } from '../rounded.ts';
import type { WeatherTruth } from '../truth/weather.ts';
import { batteryAt, periodic, type Sensor, type SensorPlace } from './sensor.ts';

export const WEATHER_INTERVAL = 10 * MINUTE;

/** Decentlab DL-ATM41 (METER ATMOS 41): ten-minute means, rain since the last report. */
export const dlAtm41 = (place: SensorPlace, weather: WeatherTruth): Sensor => {
  const { key, deployedAt } = place;
  return periodic(place, {
    intervalMs: WEATHER_INTERVAL,
    jitterMs: 3 * SECOND,
    fields: ({ time, interval, previous }) => {
      const now = weather.at(time);
      const noise = (index: number, sigma: number) => sigma * normal(key, 1_000_000 + interval * 16 + index);
      const wind = Math.max(0, now.windSpeedMs + noise(1, 0.05));
      const towards = (now.windDirectionDeg * Math.PI) / 180;
      return {
        device_id: 1_000 + (key & 0xfff),
        solar_radiation: Math.max(0, Math.round(now.solarRadiationWm2 * (1 + noise(0, 0.005)))),
        precipitation: rounded(weather.rainMm(previous, time), 3),
        lightning_strike_count: 0,
        lightning_average_distance: 0,
        wind_speed: rounded(wind, 2),
        wind_direction: rounded(now.windDirectionDeg, 1) % 360,
        maximum_wind_speed: rounded(Math.max(wind, now.windGustMs), 2),
        air_temperature: rounded(now.airTemperatureC + noise(2, 0.05), 1),
        vapor_pressure: rounded(now.vaporPressureKpa, 2),
        atmospheric_pressure: rounded(now.airPressureHpa / 10 + noise(3, 0.005), 2),
        relative_humidity: Math.min(100, Math.max(0, rounded(now.relativeHumidityPercent + noise(4, 0.3), 1))),
        sensor_temperature_internal: rounded(now.airTemperatureC + 0.3, 1),
        x_orientation_angle: rounded(between(key, 2, [-1.5, 1.5]), 1),
        y_orientation_angle: rounded(between(key, 3, [-1.5, 1.5]), 1),
        compass_heading: 0,
        north_wind_speed: rounded(-wind * Math.cos(towards), 2),
        east_wind_speed: rounded(-wind * Math.sin(towards), 2),
        battery_voltage: Math.round(2_700 + 5 * batteryAt(key, time - deployedAt)) / 1_000,
      };
    },
  });
};
