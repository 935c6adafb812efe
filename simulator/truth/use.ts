import type { EpochMs } from '../../model/time.ts';
import { isFree, isHoliday, isSchoolHoliday, type LocalDay, localDay, localHour, weekday } from '../calendar.ts';

export const houseUses = [
  'town_hall',
  'school',
  'sports_hall',
  'swimming_pool',
  'kindergarten',
  'fire_station',
] as const;
export type HouseUse = (typeof houseUses)[number];
export type BuildingUse = HouseUse | 'photovoltaics' | 'street_lighting' | 'sewage_pumping';

export const isHouse = (use: BuildingUse): use is HouseUse => (houseUses as readonly string[]).includes(use);

type Hours = readonly [from: number, to: number];

/** When a house is used on a local day, in hours since midnight; undefined: not at all. */
const openings: Readonly<Record<HouseUse, (day: LocalDay) => Hours | undefined>> = {
  town_hall: (day) => (isFree(day) ? undefined : [7, weekday(day) === 3 ? 18 : 16.5]),
  school: (day) => (isFree(day) || isSchoolHoliday(day) ? undefined : [7.5, 15.5]),
  sports_hall: (day) => (isHoliday(day) ? undefined : [isFree(day) ? 10 : 8, isFree(day) ? 19 : 22]),
  swimming_pool: (day) => (isFree(day) ? [8, 19] : [6.5, 21]),
  kindergarten: (day) => (isFree(day) ? undefined : [7, 16.5]),
  // Tuesdays the volunteers train.
  fire_station: (day) => (weekday(day) === 1 ? [18.5, 22] : undefined),
};

/** Of the day that was asked for last, by use: counters ask for thousands of instants one after the other. */
const asked = new Map<HouseUse, { readonly day: LocalDay; readonly hours: Hours | undefined }>();

const openingOf = (use: HouseUse, day: LocalDay): Hours | undefined => {
  const known = asked.get(use);
  if (known?.day === day) return known.hours;
  const hours = openings[use](day);
  asked.set(use, { day, hours });
  return hours;
};

/** How full a house is at an instant, 0 to 1, with half an hour of coming and going. */
export const presence = (use: HouseUse, time: EpochMs): number => {
  const hours = openingOf(use, localDay(time));
  if (!hours) return 0;
  const hour = localHour(time);
  return Math.max(0, Math.min(1, 2 * (hour - hours[0]), 2 * (hours[1] - hour)));
};

/** Whether the house should be warm: from two hours before it is used (then it is heated up) until it is left. */
export const heatingPhase = (use: HouseUse, time: EpochMs): 'warm' | 'heating_up' | 'setback' => {
  const hours = openingOf(use, localDay(time));
  const hour = localHour(time);
  if (!hours || hour < hours[0] - 2 || hour >= hours[1] - 0.5) return 'setback';
  return hour < hours[0] ? 'heating_up' : 'warm';
};
