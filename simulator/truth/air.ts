import { DAY, type EpochMs, HOUR } from '../../model/time.ts';
import { localDay, localHour, startOfDay, yearOf } from '../calendar.ts';
import type { AirSetting } from '../demo-places.ts';
import { keyOf, smoothNoise } from '../random.ts';
import { TRAFFIC_INTERVAL, type TrafficTruth } from './traffic.ts';
import { sineOfSun, type Weather, type WeatherTruth } from './weather.ts';

/** Particles in µg/m³; each figure holds the smaller ones. */
export interface Dust {
  readonly pm1: number;
  readonly pm2_5: number;
  readonly pm4: number;
  readonly pm10: number;
}

export interface OutdoorAirTruth {
  readonly place: 'outdoors';
  dust(time: EpochMs): Dust;
}

interface AirDescription {
  readonly id: string;
  readonly setting: AirSetting;
  /** The traffic of the road beside it. */
  readonly traffic?: TrafficTruth;
}

/** How much a setting sees of wood stoves and of fireworks. */
const shares: Readonly<Record<AirSetting, { readonly stoves: number; readonly fireworks: number }>> = {
  street: { stoves: 0.45, fireworks: 0.75 },
  residential: { stoves: 1, fireworks: 1 },
  background: { stoves: 0.06, fireworks: 0.12 },
};

/** How little the air is mixed: around 0.6 in the usual wind, up to 4 in a calm clear night (inversion). */
export const stagnation = ({ windSpeedMs, cloudCover }: Weather, time: EpochMs): number => {
  const night = Math.min(1, Math.max(0, 0.5 - 4 * sineOfSun(time)));
  const inversion = 1 + 1.1 * night * Math.max(0, 1 - windSpeedMs / 4) * (1 - 0.5 * cloudCover);
  return Math.min(4, Math.max(0.35, 3.4 / (windSpeedMs + 0.7))) * inversion;
};

/** Stoves burn in the evening, a little in the morning, when it is cold. */
const stovesAt = (time: EpochMs, temperatureC: number): number => {
  const hour = localHour(time);
  // The evening ends after midnight.
  const evening = Math.exp(-((((hour + 20) % 24) - 16.5) ** 2 / 9));
  const morning = 0.3 * Math.exp(-(((hour - 7.5) / 1.6) ** 2));
  return (evening + morning) * Math.min(1, Math.max(0, (14 - temperatureC) / 13));
};

/** Fireworks of New Year's Eve: from some minutes before midnight, worst half an hour after it. */
const fireworksAt = (time: EpochMs): number => {
  const midnight = startOfDay(Date.UTC(yearOf(localDay(time + HOUR)), 0, 1) / DAY);
  const hours = (time - midnight) / HOUR;
  if (hours < -0.4 || hours > 14) return 0;
  return hours < 0.5 ? Math.exp(-(((hours - 0.5) / 0.35) ** 2)) : Math.exp(-(hours - 0.5) / 1.7);
};

/** The particles at one place for ever: what the wind brings, what drives past, what is burnt, and how well it mixes. */
export const createOutdoorAir = (
  { id, setting, traffic }: AirDescription,
  seed: number,
  weather: WeatherTruth,
): OutdoorAirTruth => {
  const region = keyOf('air', seed);
  const own = keyOf(id, seed);
  return {
    place: 'outdoors',
    dust: (time) => {
      const now = weather.at(time);
      const still = stagnation(now, time);
      const wet = now.rainMmPerHour > 0 ? 0.7 : 1;
      const far = 5.2 * Math.exp(0.5 * smoothNoise(region, time / (50 * HOUR))) * (0.85 + 0.25 * still);
      const passed = traffic?.interval(Math.ceil(time / TRAFFIC_INTERVAL) * TRAFFIC_INTERVAL).all;
      const vehicles = passed ? passed.ltr.count + passed.rtl.count : 0;
      const lumps = 1 + 0.18 * smoothNoise(own, time / (0.6 * HOUR));
      const burnt = 11 * shares[setting].stoves * stovesAt(time, now.airTemperatureC) * still;
      const fireworks = 260 * shares[setting].fireworks * fireworksAt(time) * Math.min(2, 0.5 + still);
      const fine = wet * lumps * (far + burnt + 0.016 * vehicles * still) + fireworks;
      // Whirled up from a dry road, and salt from the sea.
      const coarse = lumps * (3 + 0.028 * vehicles * still * wet ** 2 + 0.7 * Math.max(0, now.windSpeedMs - 6));
      return { pm1: 0.78 * fine, pm2_5: fine, pm4: fine + 0.45 * coarse, pm10: fine + coarse + 0.1 * fireworks };
    },
  };
};
