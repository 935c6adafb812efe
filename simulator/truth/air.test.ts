import { describe, expect, it } from 'vitest';
import { DAY, type EpochMs, HOUR, MINUTE } from '../../model/time.ts';
import { isFree, isSchoolHoliday, localDay, localHour } from '../calendar.ts';
import { demoRegion } from '../demo-region.ts';
import type { OutdoorAirTruth } from './air.ts';
import type { ClassroomTruth } from './classroom.ts';
import { createWorld } from './world.ts';

const seed = 7;
const { placed } = createWorld(demoRegion({ seed }), seed);
const weather = placed.flatMap(({ truth }) => (truth.kind === 'air_station' ? [truth.weather] : []))[0];
const outdoors = (id: string): OutdoorAirTruth => {
  const truth = placed.find(({ thing }) => thing.id === id)?.truth;
  if (truth?.kind !== 'air_station' || truth.air.place !== 'outdoors') throw new Error(`${id} is no air station`);
  return truth.air;
};
const rooms = placed.flatMap(({ truth }): ClassroomTruth[] =>
  truth.kind === 'air_station' && truth.air.place === 'room' ? [truth.air] : [],
);
const street = outdoors('luft-b76-eckernfoerde-station');
const homes = outdoors('luft-luetjenburg-station');
const coast = outdoors('luft-hohwacht-station');

const november = Date.UTC(2026, 10, 1);
const hours = (from: EpochMs, days: number) => Array.from({ length: days * 24 }, (_, i) => from + i * HOUR);
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
const atHours = (from: EpochMs, days: number, [first, last]: readonly [number, number]) =>
  hours(from, days).filter((time) => localHour(time) >= first && localHour(time) < last);

describe('particles', () => {
  it('hold the smaller ones in the larger, and stay within what such places have', () => {
    for (const air of [street, homes, coast])
      for (const time of hours(november, 60)) {
        const { pm1, pm2_5, pm4, pm10 } = air.dust(time);
        expect(pm1).toBeGreaterThan(0);
        expect(pm2_5).toBeGreaterThan(pm1);
        expect(pm4).toBeGreaterThan(pm2_5);
        expect(pm10).toBeGreaterThan(pm4);
      }
    const yearly = mean(hours(november, 50).map((time) => street.dust(time).pm2_5));
    expect(yearly).toBeGreaterThan(5);
    expect(yearly).toBeLessThan(15);
  });

  it('come from the traffic by day and from the stoves in cold evenings', () => {
    const dust = (air: OutdoorAirTruth, times: readonly EpochMs[]) => mean(times.map((time) => air.dust(time).pm10));
    const [rush, night] = [atHours(november, 28, [7, 9]), atHours(november, 28, [2, 4])];
    expect(dust(street, rush) / dust(street, night)).toBeGreaterThan(1.2 * (dust(coast, rush) / dust(coast, night)));
    const evenings = atHours(november, 28, [19, 22]);
    const extra = (from: readonly EpochMs[]) =>
      mean(from.map((time) => homes.dust(time).pm2_5 - coast.dust(time).pm2_5));
    expect(extra(evenings)).toBeGreaterThan(2);
    expect(extra(atHours(Date.UTC(2026, 6, 1), 28, [19, 22]))).toBeLessThan(0.3 * extra(evenings));
  });

  it('gather in calm evenings', () => {
    const evenings = atHours(Date.UTC(2026, 0, 5), 60, [19, 23]);
    const wind = (time: EpochMs) => weather?.at(time).windSpeedMs ?? Number.NaN;
    const calm = evenings.filter((time) => wind(time) < 3).map((time) => homes.dust(time).pm2_5);
    const windy = evenings.filter((time) => wind(time) > 7).map((time) => homes.dust(time).pm2_5);
    expect(calm.length).toBeGreaterThan(5);
    expect(mean(calm)).toBeGreaterThan(1.6 * mean(windy));
  });

  it('peak in the first hour of a year', () => {
    const midnight = Date.UTC(2026, 11, 31, 23);
    expect(homes.dust(midnight + 30 * MINUTE).pm10).toBeGreaterThan(120);
    expect(homes.dust(midnight - 2 * HOUR).pm10).toBeLessThan(60);
    expect(homes.dust(midnight + 30 * MINUTE + 365 * DAY).pm10).toBeGreaterThan(120);
    expect(coast.dust(midnight + 30 * MINUTE).pm10).toBeLessThan(90);
  });
});

describe('class rooms', () => {
  const lessonTimes = hours(november, 40).filter((time) => {
    const day = localDay(time);
    return !isFree(day) && !isSchoolHoliday(day);
  });
  const co2 = (room: ClassroomTruth, times: readonly EpochMs[]) => mean(times.map((time) => room.at(time).co2Ppm));

  it('fill with carbon dioxide in lessons and rest at night, on weekends and in holidays', () => {
    expect(rooms).toHaveLength(3);
    for (const room of rooms) {
      const ends = lessonTimes.map((time) => time + 20 * MINUTE).filter((time) => Math.floor(localHour(time)) === 9);
      expect(co2(room, ends)).toBeGreaterThan(1_000);
      const nights = lessonTimes.filter((time) => localHour(time) < 6);
      expect(co2(room, nights)).toBeLessThan(500);
      const sunday = Date.UTC(2026, 10, 15);
      for (const time of hours(sunday, 1)) expect(room.at(time).co2Ppm).toBeLessThan(500);
      const summer = Date.UTC(2026, 6, 20);
      for (const time of hours(summer, 5)) expect(room.at(time).co2Ppm).toBeLessThan(500);
    }
  });

  it('change without jumps, also at midnight', () => {
    for (const room of rooms)
      for (let time = november; time < november + 20 * DAY; time += 5 * MINUTE) {
        const [now, next] = [room.at(time), room.at(time + 5 * MINUTE)];
        expect(Math.abs(next.co2Ppm - now.co2Ppm)).toBeLessThan(700);
        expect(Math.abs(next.temperatureC - now.temperatureC)).toBeLessThan(1.5);
      }
    for (const room of rooms) {
      const midnight = Date.UTC(2026, 10, 17, 23);
      expect(Math.abs(room.at(midnight).co2Ppm - room.at(midnight - 1).co2Ppm)).toBeLessThan(60);
    }
  });
});
