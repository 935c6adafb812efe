import { type EpochMs, HOUR, MINUTE } from '../../model/time.ts';
import { type LocalDay, localDay, seasonOf } from '../calendar.ts';
import { keyOf, smoothNoise } from '../random.ts';
import { type Storms, stormWinds } from './storm.ts';

export interface Weather {
  readonly airTemperatureC: number;
  readonly relativeHumidityPercent: number;
  readonly airPressureHpa: number;
  readonly vaporPressureKpa: number;
  readonly solarRadiationWm2: number;
  readonly rainMmPerHour: number;
  readonly windSpeedMs: number;
  readonly windGustMs: number;
  /** Direction from which the wind blows, degrees clockwise from north. */
  readonly windDirectionDeg: number;
  /** 0 clear to 1 overcast. */
  readonly cloudCover: number;
}

export interface WeatherTruth {
  at(time: EpochMs): Weather;
  /** Rain that fell in a span, in mm. */
  rainMm(from: EpochMs, to: EpochMs): number;
}

const LATITUDE = 54.4;
const LONGITUDE = 10.3;
const radians = Math.PI / 180;
const clamp = (x: number, min: number, max: number): number => Math.min(max, Math.max(min, x));

/** Of the day that was asked for last: counters ask for thousands of instants one after the other. */
let declined = { day: Number.NaN, across: 0, along: 0 };

/** The sun's declination (Cooper 1969) at this latitude, as the two factors of its elevation. */
const declinationOf = (day: LocalDay): typeof declined => {
  if (declined.day !== day) {
    const declination = 23.45 * radians * Math.sin(2 * Math.PI * (seasonOf(day) - 0.22));
    declined = {
      day,
      across: Math.sin(LATITUDE * radians) * Math.sin(declination),
      along: Math.cos(LATITUDE * radians) * Math.cos(declination),
    };
  }
  return declined;
};

/** Sine of the sun's elevation (no equation of time: good to a quarter of an hour). */
export const sineOfSun = (time: EpochMs): number => {
  const { across, along } = declinationOf(localDay(time));
  const solarHour = (time / HOUR + LONGITUDE / 15) % 24;
  return across + along * Math.cos((solarHour - 12) * 15 * radians);
};

/** Global radiation in W/m² under a cover of clouds (Kasten and Czeplak 1980 for the cover). */
export const radiationWm2 = (time: EpochMs, cloudCover: number): number =>
  1_030 * Math.max(0, sineOfSun(time)) ** 1.15 * (1 - 0.75 * cloudCover ** 3.4);

/** Random keys of what the weather is made of; the last is the place's own. */
const keysOf = (seed: number, place: string) => {
  const region = keyOf('weather', seed);
  const key = (name: string) => keyOf(name, region);
  return {
    wind: key('wind'),
    breeze: key('breeze'),
    turn: key('turn'),
    cloud: key('cloud'),
    shower: key('shower'),
    pressure: key('pressure'),
    warmth: key('warmth'),
    damp: key('damp'),
    place: key(place),
  };
};
type Keys = ReturnType<typeof keysOf>;
type Winds = ReturnType<typeof stormWinds>;

const cloudAt = (keys: Keys, time: EpochMs, { northEast }: Winds): number => {
  const day = 0.28 * smoothNoise(keys.cloud, time / (20 * HOUR));
  const hours = 0.14 * smoothNoise(keys.shower, time / (2.5 * HOUR));
  return clamp(0.56 + day + hours + 0.4 * northEast, 0, 1);
};

/** In mm per hour: only under thick clouds, in showers. */
const rainAt = (keys: Keys, time: EpochMs, winds: Winds): number => {
  if (cloudAt(keys, time, winds) < 0.72) return 0;
  const shower = smoothNoise(keys.shower, time / (1.6 * HOUR)) + 0.5 * smoothNoise(keys.place, time / (0.7 * HOUR));
  return Math.max(0, 1.9 * (shower - 0.75) + 1.2 * winds.northEast);
};

const windAt = (keys: Keys, time: EpochMs, { northEast, west }: Winds): { speedMs: number; directionDeg: number } => {
  const calm = 5.4 + 2 * smoothNoise(keys.wind, time / (26 * HOUR)) + 1.1 * smoothNoise(keys.breeze, time / (5 * HOUR));
  const blows = [
    { speed: Math.max(0.3, calm) * (1 - 0.8 * northEast), from: 245 + 75 * smoothNoise(keys.turn, time / (40 * HOUR)) },
    { speed: 18.5 * northEast, from: 52 },
    { speed: 6.5 * west, from: 265 },
  ];
  let east = 0;
  let north = 0;
  for (const { speed, from } of blows) {
    east += speed * Math.sin(from * radians);
    north += speed * Math.cos(from * radians);
  }
  const local = 1 + 0.07 * smoothNoise(keys.place, time / (0.5 * HOUR));
  return { speedMs: Math.hypot(east, north) * local, directionDeg: (Math.atan2(east, north) / radians + 360) % 360 };
};

/** Difference from the mean of the year's day, warmest two hours after noon and under a clear sky. */
const warmthOfDay = (time: EpochMs, cloudCover: number): number =>
  (1.2 + 3.2 * (1 - cloudCover)) * 2.2 * (sineOfSun(time - 2 * HOUR) - 0.28);

/** Saturation pressure of water vapour by Magnus (WMO No. 8, annex 4.B), in kPa. */
export const saturationKpa = (temperatureC: number): number =>
  0.6112 * Math.exp((17.62 * temperatureC) / (243.12 + temperatureC));

/** The weather of the region, and of one place in it where `place` is given, for ever. */
export const createWeatherTruth = (seed: number, storms: Storms, place = ''): WeatherTruth => {
  const keys = keysOf(seed, place);
  return {
    at: (time) => {
      const winds = stormWinds(storms.near(time), time);
      const cloudCover = cloudAt(keys, time, winds);
      const rainMmPerHour = rainAt(keys, time, winds);
      const { speedMs, directionDeg } = windAt(keys, time, winds);
      const day = warmthOfDay(time, cloudCover);
      const year = 9.1 - 8.2 * Math.cos(2 * Math.PI * (seasonOf(localDay(time)) - 0.06));
      const spell =
        2.3 * smoothNoise(keys.warmth, time / (80 * HOUR)) + 0.35 * smoothNoise(keys.place, time / (6 * HOUR));
      const airTemperatureC = year + day + spell - 2 * winds.northEast;
      const damp = 6 * smoothNoise(keys.damp, time / (22 * HOUR)) + (rainMmPerHour > 0 ? 9 : 0);
      const relativeHumidityPercent = clamp(83 - 4.5 * day + damp, 32, 100);
      const fronts = 8.5 * smoothNoise(keys.pressure, time / (64 * HOUR));
      return {
        airTemperatureC,
        relativeHumidityPercent,
        airPressureHpa: 1013.5 + fronts + 7 * winds.northEast - 9 * winds.west,
        vaporPressureKpa: (saturationKpa(airTemperatureC) * relativeHumidityPercent) / 100,
        solarRadiationWm2: radiationWm2(time, cloudCover),
        rainMmPerHour,
        windSpeedMs: speedMs,
        windGustMs: speedMs * (1.38 + 0.1 * smoothNoise(keys.place, time / (0.2 * HOUR))),
        windDirectionDeg: directionDeg,
        cloudCover,
      };
    },
    rainMm: (from, to) => {
      const steps = Math.max(1, Math.ceil((to - from) / (5 * MINUTE)));
      const step = (to - from) / steps;
      let sum = 0;
      for (let i = 0; i < steps; i++) {
        const time = from + (i + 0.5) * step;
        sum += rainAt(keys, time, stormWinds(storms.near(time), time)) * (step / HOUR);
      }
      return sum;
    },
  };
};
