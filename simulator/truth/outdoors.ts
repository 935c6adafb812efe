import { type EpochMs, HOUR } from '../../model/time.ts';
import { radiationWm2, type WeatherTruth } from './weather.ts';

/** The weather as buildings feel it, hour by hour and remembered: counters add it up over months. */
export interface Outdoors {
  /** Mean of the last six hours: walls are slow. */
  temperatureC(time: EpochMs): number;
  radiationWm2(time: EpochMs): number;
  rainMmPerHour(time: EpochMs): number;
}

interface Hour {
  readonly temperatureC: number;
  readonly cloudCover: number;
  readonly rainMmPerHour: number;
}

/** Four years of hours, some megabytes. */
const KEPT = 35_000;

export const createOutdoors = (weather: WeatherTruth): Outdoors => {
  const hours = new Map<number, Hour>();
  const at = (time: EpochMs): Hour => {
    const number = Math.floor(time / HOUR);
    let hour = hours.get(number);
    if (!hour) {
      const { airTemperatureC, cloudCover, rainMmPerHour } = weather.at(number * HOUR);
      hour = { temperatureC: airTemperatureC, cloudCover, rainMmPerHour };
      if (hours.size >= KEPT) hours.clear();
      hours.set(number, hour);
    }
    return hour;
  };
  return {
    temperatureC: (time) =>
      (at(time).temperatureC + at(time - 3 * HOUR).temperatureC + at(time - 6 * HOUR).temperatureC) / 3,
    radiationWm2: (time) => {
      const share = (time % HOUR) / HOUR;
      const cloudCover = at(time).cloudCover * (1 - share) + at(time + HOUR).cloudCover * share;
      return radiationWm2(time, cloudCover);
    },
    rainMmPerHour: (time) => at(time).rainMmPerHour,
  };
};
