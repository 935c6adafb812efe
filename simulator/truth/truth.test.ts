import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../model/time.ts';
import { localDay, weekday } from '../calendar.ts';
import { gauges, roads } from '../demo-places.ts';
import { demoRegion } from '../demo-region.ts';
import { createStorms } from './storm.ts';
import { TRAFFIC_INTERVAL } from './traffic.ts';
import { createWaterTruth } from './water.ts';
import { createWeatherTruth } from './weather.ts';
import { createWorld, type ThingTruth } from './world.ts';

const seed = 7;
const from = Date.UTC(2026, 2, 2);
const until = from + 28 * DAY;
const { placed } = createWorld(demoRegion({ seed }), seed);
const truths = <K extends ThingTruth['kind']>(kind: K) =>
  placed.flatMap(({ truth }) => (truth.kind === kind ? [truth as Extract<ThingTruth, { kind: K }>] : []));
const steps = (begin: number, end: number, step: number) =>
  Array.from({ length: Math.floor((end - begin) / step) }, (_, i) => begin + i * step);

describe('fill levels', () => {
  const slots = truths('container_slot').map(({ slot }) => slot);

  it('rise between events and fall with them, and stay within 0 and 100', () => {
    for (const slot of slots.slice(0, 30)) {
      const events = slot.events(from, until);
      let level = slot.fillPercent(from);
      for (const time of steps(from, until, HOUR).slice(1)) {
        const next = slot.fillPercent(time);
        const fell = events.some(({ at }) => at > time - HOUR && at <= time);
        if (!fell) expect(next).toBeGreaterThanOrEqual(level - 1e-9);
        expect(next).toBeGreaterThanOrEqual(0);
        expect(next).toBeLessThanOrEqual(100);
        level = next;
      }
    }
  });

  it('know the level just before and after each event', () => {
    for (const slot of slots.slice(0, 60))
      for (const { kind, at, beforePercent, afterPercent } of slot.events(from, until)) {
        expect(slot.fillPercent(at - 1)).toBeCloseTo(beforePercent, 6);
        expect(slot.fillPercent(at)).toBeCloseTo(afterPercent, 3);
        expect(afterPercent).toBeLessThan(beforePercent + 3);
        if (kind === 'emptied') expect(afterPercent).toBeLessThan(3);
      }
  });

  it('are emptied on working days, now and then only partly', () => {
    const events = slots
      .flatMap((slot) => slot.events(from, from + 200 * DAY))
      .filter(({ kind }) => kind !== 'settled');
    expect(events.every(({ at }) => weekday(localDay(at)) < 5)).toBe(true);
    const partly = events.filter(({ kind }) => kind === 'emptied_partly').length / events.length;
    expect(partly).toBeGreaterThan(0.02);
    expect(partly).toBeLessThan(0.09);
    const before = events.map(({ beforePercent }) => beforePercent).toSorted((a, b) => a - b);
    const median = before[before.length >> 1] ?? 0;
    expect(median).toBeGreaterThan(40);
    expect(median).toBeLessThan(90);
  });

  it('do not depend on the order in which they are asked', () => {
    const fresh = createWorld(demoRegion({ seed }), seed).placed[0]?.truth;
    if (fresh?.kind !== 'container_slot') throw new Error('the first thing is a slot');
    const times = steps(from, until, 7 * HOUR);
    const forward = times.map((time) => slots[0]?.fillPercent(time));
    expect(
      times
        .toReversed()
        .map((time) => fresh.slot.fillPercent(time))
        .reverse(),
    ).toEqual(forward);
  });
});

describe('traffic', () => {
  const perDay = (road: number, begin: number) =>
    steps(begin, begin + DAY, TRAFFIC_INTERVAL)
      .map((time) => truths('road_cross_section')[road]?.traffic.interval(time + TRAFFIC_INTERVAL))
      .reduce((sum, interval) => sum + (interval ? interval.all.ltr.count + interval.all.rtl.count : 0), 0);

  it('meets the volume of its road, less on Sundays and Good Friday', () => {
    roads.forEach((road, i) => {
      const tuesday = perDay(i, from + 8 * DAY);
      expect(tuesday / road.vehiclesPerDay).toBeGreaterThan(0.8);
      expect(tuesday / road.vehiclesPerDay).toBeLessThan(1.3);
      expect(perDay(i, from + 13 * DAY)).toBeLessThan(0.85 * tuesday);
    });
    const friday = perDay(0, Date.UTC(2026, 2, 27));
    expect(perDay(0, Date.UTC(2026, 3, 3))).toBeLessThan(0.8 * friday);
  });

  it('adds up over its categories, with speeds where there are vehicles', () => {
    const traffic = truths('road_cross_section')[2]?.traffic;
    for (const end of steps(from, from + 3 * DAY, TRAFFIC_INTERVAL)) {
      const interval = traffic?.interval(end);
      for (const direction of ['ltr', 'rtl'] as const) {
        const passed = interval?.categories.map((category) => category[direction]) ?? [];
        expect(passed.reduce((sum, { count }) => sum + count, 0)).toBe(interval?.all[direction].count);
        for (const { count, meanSpeedKmh } of passed) expect(meanSpeedKmh > 0).toBe(count > 0);
      }
    }
  });

  it('drives to work in the morning and to the beach in summer', () => {
    const traffic = truths('road_cross_section')[0]?.traffic;
    const morning = traffic?.interval(Date.UTC(2026, 2, 3, 6, 30));
    expect(morning?.all.rtl.count).toBeGreaterThan(morning?.all.ltr.count ?? 0);
    expect(perDay(2, Date.UTC(2026, 6, 28))).toBeGreaterThan(1.5 * perDay(2, from + DAY));
  });
});

describe('water and weather', () => {
  const storms = createStorms(seed);
  const [first] = gauges;
  if (!first) throw new Error('there are gauges');
  const water = createWaterTruth(first, seed, storms);
  const weather = createWeatherTruth(seed, storms);

  it('bring a storm surge into any two weeks, with north-east wind before it', () => {
    for (let begin = from; begin < from + 365 * DAY; begin += 5 * DAY + 3 * HOUR) {
      const found = storms.between(begin, begin + 14 * DAY);
      expect(found.length).toBeGreaterThanOrEqual(1);
      expect(found.length).toBeLessThanOrEqual(2);
      const peakAt = found[0]?.peakAt ?? 0;
      const highest = Math.max(
        ...steps(peakAt - 6 * HOUR, peakAt + 6 * HOUR, 10 * MINUTE).map((time) => water.levelM(time)),
      );
      expect(highest).toBeGreaterThan(0.75);
      const { windSpeedMs, windDirectionDeg } = weather.at(peakAt - 4 * HOUR);
      expect(windSpeedMs).toBeGreaterThan(14);
      expect(windDirectionDeg).toBeGreaterThan(25);
      expect(windDirectionDeg).toBeLessThan(85);
    }
  });

  it('move the sea by some decimetres otherwise, and never faster than it can', () => {
    const levels = steps(from, from + 90 * DAY, 10 * MINUTE).map((time) => water.levelM(time));
    expect(Math.min(...levels)).toBeGreaterThan(-1.2);
    expect(Math.max(...levels)).toBeLessThan(2.2);
    const sorted = levels.toSorted((a, b) => a - b);
    expect(Math.abs(sorted[sorted.length >> 1] ?? 9)).toBeLessThan(0.25);
    const changes = levels.slice(1).map((level, i) => Math.abs(level - (levels[i] ?? 0)));
    expect(Math.max(...changes)).toBeLessThan(0.12);
  });

  it('is warm in July, cold in January, dark at night, and rains some 700 mm a year', () => {
    const mean = (begin: number) => {
      const temperatures = steps(begin, begin + 20 * DAY, 3 * HOUR).map((time) => weather.at(time).airTemperatureC);
      return temperatures.reduce((sum, value) => sum + value, 0) / temperatures.length;
    };
    expect(mean(Date.UTC(2026, 6, 10))).toBeGreaterThan(13);
    expect(mean(Date.UTC(2026, 0, 10))).toBeLessThan(5);
    expect(weather.at(Date.UTC(2026, 5, 21, 23)).solarRadiationWm2).toBe(0);
    expect(weather.at(Date.UTC(2026, 5, 21, 11)).solarRadiationWm2).toBeGreaterThan(150);
    const rain = weather.rainMm(Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1));
    expect(rain).toBeGreaterThan(500);
    expect(rain).toBeLessThan(1_000);
  });
});
