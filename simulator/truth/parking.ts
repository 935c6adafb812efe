import { DAY, type EpochMs, HOUR, MINUTE } from '../../model/time.ts';
import { type LocalDay, localDay, startOfDay } from '../calendar.ts';
import type { ParkingKind } from '../demo-places.ts';
import { between, keyed, keyOf, normal, uniform } from '../random.ts';
import { type Habits, habitsOf } from './parking-habits.ts';
import type { WeatherTruth } from './weather.ts';

/** A car in a bay. */
export interface Stay {
  readonly arrive: EpochMs;
  readonly leave: EpochMs;
}

export interface BayTruth {
  occupied(time: EpochMs): boolean;
  /** Stays of which some part lies in the span, in order. */
  stays(from: EpochMs, to: EpochMs): Stay[];
}

interface BayDescription {
  readonly id: string;
  readonly kind: ParkingKind;
  /** 1 the first bay, nearest to where people want to go; it is taken first. */
  readonly number: number;
}

interface Bay {
  readonly key: number;
  readonly habits: Habits;
  /** How much rather than others this bay is taken, around 1. */
  readonly liking: number;
}

/** Between two cars a bay is free for this long at least, and nobody stays for less. */
const SHORTEST = 3 * MINUTE;
/** Who stays late is gone by then, but for those who stay overnight. */
const NIGHT_ENDS = 4.5 * HOUR;
const DAY_BEGINS = 5 * HOUR;

/** One parking bay for ever: cars that come by day, week, season and weather, and stay as long as such people do. */
export const createBayTruth = (bay: BayDescription, seed: number, weather: WeatherTruth): BayTruth => {
  const description: Bay = {
    key: keyOf(bay.id, seed),
    habits: habitsOf(bay.kind, weather),
    liking: 1.35 - 0.07 * bay.number,
  };
  const days = new Map<LocalDay, readonly Stay[]>();
  const of = (day: LocalDay): readonly Stay[] => {
    let stays = days.get(day);
    if (!stays) {
      if (days.size > 60) days.clear();
      stays = staysOf(description, day);
      days.set(day, stays);
    }
    return stays;
  };
  const isIn = (time: EpochMs) => (stay: Stay) => stay.arrive <= time && time < stay.leave;
  return {
    occupied: (time) => {
      const day = localDay(time);
      return of(day).some(isIn(time)) || of(day - 1).some(isIn(time));
    },
    stays: (from, to) => {
      const found: Stay[] = [];
      for (let day = localDay(from) - 1; day <= localDay(to); day++)
        found.push(...of(day).filter(({ arrive, leave }) => arrive < to && leave > from));
      return found;
    },
  };
};

/** Who comes in the evening and leaves the next morning. */
const overnightOf = ({ key, habits }: Bay, day: LocalDay): Stay | undefined => {
  if (uniform(key, 10_000_000 + day) >= habits.overnight(day)) return undefined;
  return {
    arrive: startOfDay(day) + between(key, 20_000_000 + day, [18.5, 22.3]) * HOUR,
    leave: startOfDay(day + 1) + between(key, 30_000_000 + day, [6.8, 10.5]) * HOUR,
  };
};

/** The cars that come on a local day, in order. */
const staysOf = (bay: Bay, day: LocalDay): Stay[] => {
  const { habits, liking } = bay;
  const key = keyed(bay.key, day);
  const before = overnightOf(bay, day - 1);
  const after = overnightOf(bay, day);
  const midnight = startOfDay(day);
  const demand = habits.demand(day);
  const end = after ? after.arrive - SHORTEST : startOfDay(day + 1);
  const latest = after ? end : startOfDay(day + 1) + NIGHT_ENDS;
  const stays: Stay[] = [];
  let time = Math.max(midnight + DAY_BEGINS, (before?.leave ?? 0) + SHORTEST);
  // Arrivals of a Poisson process whose rate changes, by thinning (Lewis and Shedler 1979).
  for (let word = 0; time < end && word < 4_000; word += 4) {
    time += (-Math.log(1 - uniform(key, word)) / (demand.most * liking)) * HOUR;
    if (time >= end) break;
    const hour = (time - midnight) / HOUR;
    if (uniform(key, word + 1) * demand.most > demand.at(hour)) continue;
    const { medianMinutes, spread, mostMinutes } = demand.duration(hour, uniform(key, word + 2));
    const minutes = Math.min(mostMinutes, medianMinutes * Math.exp(spread * normal(key, word + 3)));
    const leave = Math.min(latest, time + Math.max(SHORTEST, minutes * MINUTE));
    if (leave - time >= SHORTEST) stays.push({ arrive: Math.round(time), leave: Math.round(leave) });
    time = leave + SHORTEST;
  }
  if (after) stays.push({ arrive: Math.round(after.arrive), leave: Math.round(after.leave) });
  return stays.filter(({ arrive, leave }) => leave - arrive < 2 * DAY);
};
