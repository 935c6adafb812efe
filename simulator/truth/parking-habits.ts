import { HOUR } from '../../model/time.ts';
import { isFree, isHoliday, type LocalDay, startOfDay, tourism, weekday } from '../calendar.ts';
import type { ParkingKind } from '../demo-places.ts';
import type { WeatherTruth } from './weather.ts';

export interface Duration {
  readonly medianMinutes: number;
  /** Of the logarithm. */
  readonly spread: number;
  readonly mostMinutes: number;
}

/** Who wants to park on one day. */
export interface Demand {
  /** Cars an hour that a free bay sees at the busiest time of the day. */
  readonly most: number;
  /** The same by hours since midnight, at most `most`. */
  at(hour: number): number;
  /** How long one stays who comes at that hour; `luck` (0 to 1) tells kinds of people apart. */
  duration(hour: number, luck: number): Duration;
}

export interface Habits {
  demand(day: LocalDay): Demand;
  /** Chance of a car overnight. */
  overnight(day: LocalDay): number;
}

const bell = (hour: number, centre: number, width: number): number => Math.exp(-(((hour - centre) / width) ** 2));
/** 1 within the hours, with edges of half an hour. */
const plateau = (hour: number, from: number, to: number): number =>
  Math.max(0, Math.min(1, 2 * (hour - from), 2 * (to - hour)));

const stay = (medianMinutes: number, spread: number, mostMinutes: number): Duration => ({
  medianMinutes,
  spread,
  mostMinutes,
});

/** A demand with the shape of a day (at most 1). */
const demand = (most: number, shape: (hour: number) => number, duration: Demand['duration']): Demand => ({
  most: Math.max(0.02, most),
  at: (hour) => Math.max(0.02, most) * shape(hour),
  duration,
});

/** How much the weather at two in the afternoon calls for the beach, 0 to 1. */
const beachWeather = (weather: WeatherTruth, day: LocalDay): number => {
  const { airTemperatureC, cloudCover, windSpeedMs } = weather.at(startOfDay(day) + 14 * HOUR);
  const warm = Math.min(1, Math.max(0, (airTemperatureC - 6) / 16));
  return warm * (1 - 0.6 * cloudCover) * (windSpeedMs > 11 ? 0.5 : 1);
};

/** Shopping: weekdays, Saturday mornings; half an hour; residents overnight. */
const market: Habits = {
  overnight: () => 0.15,
  demand: (day) => {
    if (isHoliday(day) || weekday(day) === 6)
      return demand(
        0.3,
        (hour) => plateau(hour, 10, 18),
        () => stay(70, 0.6, 240),
      );
    const saturday = weekday(day) === 5;
    const shape = (hour: number) =>
      saturday
        ? 0.15 * plateau(hour, 8, 19) + 0.85 * plateau(hour, 8, 13.5)
        : 0.25 * plateau(hour, 7, 19) + 0.45 * bell(hour, 10.5, 1.8) + 0.3 * bell(hour, 16.3, 1.6);
    return demand(
      saturday ? 3.4 : 3.1,
      (hour) => Math.min(1, shape(hour)),
      () => stay(36, 0.55, 180),
    );
  },
};

/** Commuters who come before eight and stay for a working day; between them people who bring or fetch somebody. */
const station: Habits = {
  overnight: () => 0.1,
  demand: (day) => {
    const free = isFree(day);
    const shape = (hour: number) =>
      free ? 0.6 * plateau(hour, 8, 21) : bell(hour, 7.2, 1) + 0.18 * plateau(hour, 9, 21);
    return demand(
      free ? 0.45 : 1.9,
      (hour) => Math.min(1, shape(hour)),
      (hour, luck) => (!free && hour < 9 && luck < 0.85 ? stay(545, 0.12, 720) : stay(free ? 120 : 18, 0.7, 400)),
    );
  },
};

/** Guests on sunny days, walkers with their dogs on all of them. */
const beach = (weather: WeatherTruth): Habits => ({
  overnight: (day) => 0.02 + 0.04 * tourism(day),
  demand: (day) => {
    const mood = beachWeather(weather, day);
    const guests = (0.25 + 2.2 * tourism(day)) * (isFree(day) ? 1.6 : 1) * (0.25 + mood);
    return demand(
      0.12 + guests,
      (hour) => Math.min(1, bell(hour, 12.6, 2.9)),
      () => stay(65 + 150 * mood, 0.42, 540),
    );
  },
});

/** Anglers and sailors in the morning, strollers in the afternoon, the restaurants in the evening. */
const harbour: Habits = {
  overnight: (day) => 0.05 + 0.14 * tourism(day),
  demand: (day) => {
    const guests = (0.55 + 1.6 * tourism(day)) * (isFree(day) ? 1.5 : 1);
    const shape = (hour: number) =>
      0.35 * bell(hour, 8, 1.6) + 0.75 * bell(hour, 14.2, 2.6) + 0.55 * bell(hour, 18.8, 1.5);
    return demand(
      guests,
      (hour) => Math.min(1, shape(hour)),
      (hour) => stay(hour > 17.5 ? 105 : 80, 0.55, 480),
    );
  },
};

export const habitsOf = (kind: ParkingKind, weather: WeatherTruth): Habits =>
  ({ market, station, beach: beach(weather), harbour })[kind];
