import { type EpochMs, HOUR, MINUTE } from '../../model/time.ts';
import { isFree, isSchoolHoliday, type LocalDay, localDay, startOfDay, weekday } from '../calendar.ts';
import { between, keyOf, uniform } from '../random.ts';
import { saturationKpa, type WeatherTruth } from './weather.ts';

export interface RoomAir {
  readonly co2Ppm: number;
  readonly temperatureC: number;
  readonly relativeHumidityPercent: number;
  readonly pupils: number;
}

export interface ClassroomTruth {
  readonly place: 'room';
  at(time: EpochMs): RoomAir;
}

interface Classroom {
  readonly id: string;
  readonly pupils: number;
}

const STEP = 5 * MINUTE;
const OUTDOOR_PPM = 425;
const VOLUME_M3 = 200;
/** Carbon dioxide that a sitting pupil breathes out, in m³/h. */
const BREATH = 0.0155;
/** Double lessons in hours since midnight; the last one on some afternoons only. */
const lessons = [
  [7.95, 9.45],
  [9.75, 11.25],
  [11.5, 13],
  [13.75, 15.25],
] as const;

/** Air changes an hour: nobody there, windows closed in winter, tilted when it is warm, wide open. */
const airChanges = { empty: 0.25, closed: 0.75, tilted: 2.6, open: 5.5 } as const;

/** The air of one class room for ever: rises with the lessons, falls with the breaks, rests in holidays. */
export const createClassroomTruth = (room: Classroom, seed: number, weather: WeatherTruth): ClassroomTruth => {
  const key = keyOf(room.id, seed);
  let cached: { readonly day: LocalDay; readonly steps: readonly RoomAir[] } | undefined;
  return {
    place: 'room',
    at: (time) => {
      const day = localDay(time);
      if (cached?.day !== day) cached = { day, steps: dayOf({ ...room, key, day, weather }) };
      const { steps } = cached;
      const place = Math.min(steps.length - 1, (time - startOfDay(day)) / STEP);
      const [before, after] = [steps[Math.floor(place)], steps[Math.ceil(place)]];
      if (!before || !after) throw new Error(`no air for ${time}`);
      return mixed(before, after, place % 1);
    },
  };
};

const mixed = (a: RoomAir, b: RoomAir, share: number): RoomAir => {
  const mix = (x: number, y: number) => x + (y - x) * share;
  return {
    co2Ppm: mix(a.co2Ppm, b.co2Ppm),
    temperatureC: mix(a.temperatureC, b.temperatureC),
    relativeHumidityPercent: mix(a.relativeHumidityPercent, b.relativeHumidityPercent),
    pupils: a.pupils,
  };
};

interface RoomDay extends Classroom {
  readonly key: number;
  readonly day: LocalDay;
  readonly weather: WeatherTruth;
}

type Windows = keyof typeof airChanges;

/** Which lesson is on at an hour of the day, -1 for none; some fall out, those of the afternoon often. */
const lessonAt = ({ key, day }: RoomDay, hour: number): number => {
  if (isFree(day) || isSchoolHoliday(day)) return -1;
  const lesson = lessons.findIndex(([from, to]) => hour >= from && hour < to);
  const chance = lesson < 3 ? 0.92 : weekday(day) < 4 ? 0.5 : 0;
  return lesson >= 0 && uniform(key, 8 * day + lesson) < chance ? lesson : -1;
};

/** Wide open in breaks, for five minutes half way through a lesson, and when the room is cleaned. */
const windowsAt = (hour: number, lesson: number, warm: boolean): Windows => {
  if (lesson >= 0) {
    const airing = Math.abs(hour - (lessons[lesson]?.[0] ?? 0) - 0.75) < 0.05;
    return airing ? 'open' : warm ? 'tilted' : 'closed';
  }
  const inBreak = hour > 9.4 && hour < 13.2;
  const cleaned = hour > 16.2 && hour < 16.8;
  return inBreak || cleaned ? 'open' : 'empty';
};

/** A day from midnight in steps of five minutes; by midnight a room has come to rest, so that no day needs the one before. */
const dayOf = (room: RoomDay): RoomAir[] => {
  const { key, day, pupils, weather } = room;
  const noon = weather.at(startOfDay(day) + 12 * HOUR);
  const present = pupils - Math.round(between(key, 8 * day + 5, [0, 4]));
  const school = !isFree(day) && !isSchoolHoliday(day);
  const away = Math.max(17.5, noon.airTemperatureC + 2);
  const hours = STEP / HOUR;
  let co2Ppm: number = OUTDOOR_PPM;
  let temperatureC = away;
  const steps: RoomAir[] = [];
  // 25 hours on the day on which the clocks are put back.
  for (let step = 0; step <= 300; step++) {
    const hour = step * hours;
    const lesson = lessonAt(room, hour);
    const people = lesson >= 0 ? present : 0;
    const vapour = noon.vaporPressureKpa + 0.000_3 * (co2Ppm - OUTDOOR_PPM);
    const relativeHumidityPercent = Math.min(95, (100 * vapour) / saturationKpa(temperatureC));
    steps.push({ co2Ppm, temperatureC, relativeHumidityPercent, pupils: people });
    const changes = airChanges[windowsAt(hour, lesson, noon.airTemperatureC > 15)];
    // Towards the balance of what is breathed out and what is aired.
    const balance = OUTDOOR_PPM + (people * BREATH * 1e6) / (VOLUME_M3 * changes);
    co2Ppm = balance + (co2Ppm - balance) * Math.exp(-changes * hours);
    const target = school && hour > 5.5 && hour < 15.5 ? Math.max(20.3, away) + 0.07 * people : away;
    temperatureC += (target - temperatureC) * (1 - Math.exp(-hours / 1.6));
  }
  return steps;
};
