import type { EpochMs } from '../../model/time.ts';
import { isHoliday, type LocalDay, localDay, localHour, seasonOf, tourism, weekday } from '../calendar.ts';
import { between, normal, uniform } from '../random.ts';
import type { SlotDescription } from './slot.ts';

/** What people throw into a slot. */
export interface Intake {
  /** What came in since an instant, as a function of time, in percent of the slot; quick when asked in order. */
  since(from: EpochMs): (time: EpochMs) => number;
}

const weekdayFactors = [1, 0.85, 0.85, 0.9, 1.1, 1.6, 0.35];
/** By hour: nobody throws glass at night (quiet hours 20:00 to 07:00), most on the way to work, at noon and after work. */
const hourWeights = [0, 0, 0, 0, 0, 0, 0.2, 1.2, 1.6, 1.7, 1.9, 1.7, 1.3, 1, 1.2, 1.6, 2, 2.1, 1.7, 1, 0.3, 0.1, 0, 0];

/** More on Saturdays, little on Sundays and holidays, much after New Year's Eve, with the guests of the season and chance. */
export const createIntake = (slot: SlotDescription, key: number): Intake => {
  const perDay = between(key, 1, slot.paper ? [6.5, 13] : [2.8, 6.6]);
  const dayTotal = (day: LocalDay): number => {
    const holiday = isHoliday(day) && weekday(day) !== 6;
    const newYear = (((seasonOf(day) + 0.5) % 1) - 0.5) / 0.02;
    const bottles = slot.paper ? 1 : 1 + 0.9 * Math.exp(-(newYear ** 2));
    const chance = Math.exp(0.22 * normal(key, 10_000_000 + day));
    const guests = 1 + 1.3 * slot.guestShare * tourism(day);
    return perDay * (holiday ? 0.3 : (weekdayFactors[weekday(day)] ?? 1)) * guests * bottles * chance;
  };
  const share = dayShares(key);
  return {
    since: (from) => {
      const first = localDay(from);
      const before = dayTotal(first) * share(first, localHour(from));
      /** What the days before the i-th since `from` brought. */
      const sums = [0];
      return (time) => {
        const day = localDay(time);
        while (sums.length <= day - first) sums.push((sums.at(-1) ?? 0) + dayTotal(first + sums.length - 1));
        return (sums[day - first] ?? 0) + dayTotal(day) * share(day, localHour(time)) - before;
      };
    },
  };
};

/** Which share of a day's amount is in by which hour; every day has its own lumps. */
const dayShares = (key: number): ((day: LocalDay, hour: number) => number) => {
  const cache = new Map<LocalDay, Float64Array>();
  const sharesOf = (day: LocalDay): Float64Array => {
    let shares = cache.get(day);
    if (!shares) {
      shares = new Float64Array(25);
      for (let hour = 0; hour < 24; hour++) {
        const lump = 0.1 + 1.8 * uniform(key, 70_000_000 + day * 24 + hour);
        shares[hour + 1] = (shares[hour] ?? 0) + (hourWeights[hour] ?? 0) * lump;
      }
      const total = shares[24] ?? 1;
      for (let hour = 1; hour <= 24; hour++) shares[hour] = (shares[hour] ?? 0) / total;
      if (cache.size > 40) cache.clear();
      cache.set(day, shares);
    }
    return shares;
  };
  return (day, hour) => {
    const shares = sharesOf(day);
    const whole = Math.min(23, Math.floor(hour));
    const before = shares[whole] ?? 0;
    return before + ((shares[whole + 1] ?? 1) - before) * Math.min(1, hour - whole);
  };
};
