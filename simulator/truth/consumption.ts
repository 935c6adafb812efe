import { type EpochMs, HOUR, MINUTE } from '../../model/time.ts';
import { localDay, localHour, tourism, weekday } from '../calendar.ts';
import { normal, poisson } from '../random.ts';
import type { Outdoors } from './outdoors.ts';
import { type HouseUse, heatingPhase, presence } from './use.ts';
import { sineOfSun } from './weather.ts';

/** What a house or works draws at an instant, per hour. */
export type Rate = (time: EpochMs) => number;

export interface House {
  readonly key: number;
  readonly use: HouseUse;
  readonly areaM2: number;
  readonly outdoors: Outdoors;
}

/** Lamps go on some minutes after sunset. */
const isDark = (time: EpochMs): boolean => sineOfSun(time) < -0.04;

const chance = (key: number, time: EpochMs, cell: number, width: number): number =>
  Math.exp(width * normal(key, Math.floor(time / cell)));

/** W/m² day and night, and W/m² that people add. */
const electricLoads: Readonly<Record<HouseUse, readonly [base: number, people: number]>> = {
  town_hall: [1.4, 8],
  school: [0.9, 6.5],
  sports_hall: [0.8, 9],
  swimming_pool: [13, 16],
  kindergarten: [1.2, 7],
  fire_station: [1.5, 6],
};

/** Electricity of a house in kW; people need more of it in the dark. */
export const electricityOf =
  ({ key, use, areaM2 }: House): Rate =>
  (time) => {
    const [base, people] = electricLoads[use];
    const watts = base + people * presence(use, time) * (isDark(time) ? 1 : 0.75);
    return (areaM2 / 1_000) * watts * chance(key, time, 15 * MINUTE, 0.1);
  };

/** Street lamps in kW: half of them from half past eleven to five. */
export const lightingOf =
  (key: number, peakKw: number): Rate =>
  (time) => {
    if (!isDark(time)) return 0.03;
    const hour = localHour(time);
    return peakKw * (hour >= 23.5 || hour < 5 ? 0.5 : 1) * chance(key, time, 15 * MINUTE, 0.01);
  };

/** Sewage pumps in kW: mornings and evenings, more with guests and with rain. */
export const pumpingOf =
  (key: number, peakKw: number, outdoors: Outdoors): Rate =>
  (time) => {
    const hour = localHour(time);
    const wave = (centre: number, width: number) => Math.exp(-(((hour - centre) / width) ** 2));
    const homes = 0.1 + 0.22 * wave(8, 2.2) + 0.2 * wave(19.5, 2.8) + 0.08 * wave(13, 3);
    const rain = 0.12 * Math.min(4, outdoors.rainMmPerHour(time) + 0.6 * outdoors.rainMmPerHour(time - HOUR));
    const share = homes * (1 + 1.2 * tourism(localDay(time))) + rain;
    return peakKw * Math.min(1, share * chance(key, time, 15 * MINUTE, 0.25));
  };

/** What a roof feeds in, in kW, limited by its inverter. */
export const feedInOf =
  (peakKw: number, outdoors: Outdoors): Rate =>
  (time) =>
    peakKw * Math.min(0.9, (0.84 * outdoors.radiationWm2(time)) / 1_000);

/** An inverter's own needs while the sun does not shine, in kW. */
export const standbyOf =
  (feedIn: Rate): Rate =>
  (time) =>
    feedIn(time) > 0 ? 0 : 0.014;

const warmC: Readonly<Partial<Record<HouseUse, number>>> = { swimming_pool: 28, fire_station: 17 };
/** W/m² of hot water and the like while the house is full. */
const hotWater: Readonly<Partial<Record<HouseUse, number>>> = { swimming_pool: 14, sports_hall: 7, kindergarten: 3 };
const SETBACK_C = 16;
/** What sun, people and lamps are good for. */
const GAINS_C = 4;
/** Loss through walls, windows and airing in W/(m² K). */
const LOSS = 1.7;

/**
 * Heat of a house in kW by the temperature outside. At night it is turned down (the house cools out and takes little),
 * two hours before use up again; where `allNight` is true nobody turns it down.
 */
export const heatOf =
  ({ key, use, areaM2, outdoors }: House, allNight: boolean): Rate =>
  (time) => {
    const phase = allNight ? 'warm' : heatingPhase(use, time);
    const target = phase === 'setback' ? SETBACK_C : (warmC[use] ?? 20.5);
    const effort = { warm: 1, heating_up: 1.35, setback: 0.45 }[phase];
    const missing = Math.max(0, target - GAINS_C - outdoors.temperatureC(time));
    const watts = LOSS * missing * effort + (hotWater[use] ?? 0.6) * presence(use, time);
    return (areaM2 / 1_000) * watts * chance(key, time, HOUR, 0.06);
  };

/** Gas in m³/h that a boiler burns for that heat: 10 kWh/m³ at 92 %. */
export const gasOf =
  (heat: Rate): Rate =>
  (time) =>
    heat(time) / 9.2;

/** Litres an hour and m² while the house is full. */
const waterLoads: Readonly<Partial<Record<HouseUse, number>>> = { swimming_pool: 0.75 };
const FLUSH_LITRES = 6;
const BACKWASH_M3 = 9;

/** Water of a house in m³/h: whole flushes, none while nobody is there; a pool washes its filters twice a week. */
export const waterOf =
  ({ key, use, areaM2 }: House): Rate =>
  (time) => {
    const litres = areaM2 * (waterLoads[use] ?? 0.075) * presence(use, time);
    const drawn = FLUSH_LITRES * poisson(key, Math.floor(time / HOUR), litres / FLUSH_LITRES);
    const day = weekday(localDay(time));
    const washes = use === 'swimming_pool' && (day === 1 || day === 4) && Math.floor(localHour(time)) === 22;
    return drawn / 1_000 + (washes ? BACKWASH_M3 : 0);
  };
