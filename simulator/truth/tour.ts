import { type EpochMs, HOUR, MINUTE } from '../../model/time.ts';
import { isHoliday, type LocalDay, localDay, startOfDay, weekday } from '../calendar.ts';
import { between, keyOf, normal, uniform } from '../random.ts';
import type { SlotDescription } from './slot.ts';

/** When a slot is emptied: tours are numbered, every so many days one. */
export interface TourPlan {
  readonly everyDays: number;
  /** When the crew of tour `number` empties the slot; undefined where it does not come. */
  at(number: number): EpochMs | undefined;
  /** The last emptying at or before an instant (with at most this number). */
  last(time: EpochMs, atMost?: number): { readonly number: number; readonly at: EpochMs };
}

/** A Monday, so that what a day is after it, by seven, is its weekday. */
const MONDAY: LocalDay = 4;

/**
 * Slots of one island and fraction are emptied by one crew: same day, minutes apart. Paper every week, glass every
 * second; never on weekends and holidays; now and then a day late, and rarely not at all.
 */
export const createTourPlan = (slot: SlotDescription, seed: number): TourPlan => {
  const everyDays = slot.paper ? 7 : 14;
  const crew = keyOf(`${slot.site} ${slot.paper ? 'paper' : 'glass'}`, seed);
  const slotMinutes = between(keyOf(slot.id, seed), 2, [0, 9]);
  const dayOfWeek = Math.floor(uniform(crew, 1) * 5);
  const phase = MONDAY + dayOfWeek + 7 * Math.floor(uniform(crew, 2) * (everyDays / 7));
  const hour = between(crew, 3, [6.5, 13]);
  const at = (number: number): EpochMs | undefined => {
    const luck = uniform(crew, 1_000 + number);
    if (luck < 0.015) return undefined;
    let day = phase + number * everyDays + (luck < 0.055 ? 1 : 0);
    while (isHoliday(day) || weekday(day) >= 5) day++;
    return startOfDay(day) + hour * HOUR + (slotMinutes + 18 * normal(crew, 2_000_000 + number)) * MINUTE;
  };
  return {
    everyDays,
    at,
    last: (time, atMost = Number.POSITIVE_INFINITY) => {
      let number = Math.min(atMost, Math.floor((localDay(time) - phase) / everyDays));
      for (;;) {
        const emptied = at(number);
        if (emptied !== undefined && emptied <= time) return { number, at: emptied };
        number--;
      }
    },
  };
};
