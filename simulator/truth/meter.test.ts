import { describe, expect, it } from 'vitest';
import { DAY, type EpochMs, HOUR } from '../../model/time.ts';
import { demoRegion } from '../demo-region.ts';
import type { MeterTruth } from './meter.ts';
import { createWorld } from './world.ts';

const seed = 7;
const deployedAt = Date.UTC(2026, 0, 1);
const { placed } = createWorld(demoRegion({ seed, deployedAt }), seed);
const meterOf = (id: string): MeterTruth => {
  const truth = placed.find(({ thing }) => thing.id === id)?.truth;
  if (truth?.kind !== 'meter') throw new Error(`${id} is no meter`);
  return truth.meter;
};
const meters = placed.flatMap(({ truth }) => (truth.kind === 'meter' ? [truth.meter] : []));
const used = ({ counter }: MeterTruth, from: EpochMs, to: EpochMs): number =>
  counter.reading(to) - counter.reading(from);
/** Local midnight in winter of a Tuesday in February. */
const tuesday = Date.UTC(2026, 1, 9, 23);

describe('counters', () => {
  it('only go up, by what flows at the moment', () => {
    for (const { counter, exported } of meters)
      for (const each of exported ? [counter, exported] : [counter]) {
        let before = each.reading(tuesday);
        for (let time = tuesday + 7 * 60_000; time < tuesday + 3 * DAY; time += 7 * 60_000) {
          const reading = each.reading(time);
          expect(reading).toBeGreaterThanOrEqual(before);
          before = reading;
        }
        const hour = Math.floor(tuesday / HOUR) * HOUR + 10 * HOUR;
        expect((each.reading(hour + 600_000) - each.reading(hour)) * 6).toBeCloseTo(each.rate(hour + 1), 6);
      }
  });

  it('do not depend on the order in which they are asked, and draw the same whenever they were mounted', () => {
    const other = createWorld(demoRegion({ seed, deployedAt: deployedAt + 9 * DAY }), seed).placed;
    const id = 'rathaus-heikendorf-strom';
    const truth = other.find(({ thing }) => thing.id === id)?.truth;
    if (truth?.kind !== 'meter') throw new Error('no meter');
    expect(used(truth.meter, tuesday, tuesday + DAY)).toBeCloseTo(used(meterOf(id), tuesday, tuesday + DAY), 6);
    const late = truth.meter.counter.reading(tuesday + DAY);
    truth.meter.counter.reading(deployedAt + 20 * DAY);
    expect(truth.meter.counter.reading(tuesday + DAY)).toBe(late);
  });
});

describe('buildings', () => {
  it('draw more by day than at night, and less on Sundays and Good Friday', () => {
    for (const id of ['rathaus-heikendorf-strom', 'schule-schoenkirchen-strom', 'schule-schoenkirchen-waerme']) {
      const meter = meterOf(id);
      expect(used(meter, tuesday + 9 * HOUR, tuesday + 12 * HOUR)).toBeGreaterThan(
        2 * used(meter, tuesday + HOUR, tuesday + 4 * HOUR),
      );
      expect(used(meter, tuesday + 5 * DAY, tuesday + 6 * DAY)).toBeLessThan(0.6 * used(meter, tuesday, tuesday + DAY));
    }
    const goodFriday = Date.UTC(2026, 3, 2, 22);
    const office = meterOf('rathaus-heikendorf-strom');
    expect(used(office, goodFriday, goodFriday + DAY)).toBeLessThan(
      0.6 * used(office, goodFriday - 7 * DAY, goodFriday - 6 * DAY),
    );
  });

  it('need heat when it is cold, and hardly any in July', () => {
    const meter = meterOf('schulzentrum-luetjenburg-waerme');
    const july = Date.UTC(2026, 6, 14, 22);
    expect(used(meter, july, july + 7 * DAY)).toBeLessThan(0.1 * used(meter, tuesday, tuesday + 7 * DAY));
    const gas = meterOf('kita-wendtorf-gas');
    expect(used(gas, tuesday, tuesday + DAY)).toBeGreaterThan(5);
  });

  it('hold one that heats all night', () => {
    const nightShare = (meter: MeterTruth) =>
      used(meter, tuesday + 5 * DAY, tuesday + 5 * DAY + 4 * HOUR) /
      used(meter, tuesday + 10 * HOUR, tuesday + 14 * HOUR);
    const wasteful = meters.filter(({ heatsAllNight }) => heatsAllNight);
    expect(wasteful).toHaveLength(1);
    for (const meter of meters.filter(({ medium }) => medium === 'heat')) {
      if (meter.heatsAllNight) expect(nightShare(meter)).toBeGreaterThan(0.7);
      else expect(nightShare(meter)).toBeLessThan(0.55);
    }
  });

  it('light streets at night and feed in by day', () => {
    const lamps = meterOf('strassenbeleuchtung-laboe-strom').counter;
    expect(lamps.rate(tuesday + 21 * HOUR)).toBeGreaterThan(5);
    expect(lamps.rate(tuesday + 12 * HOUR)).toBeLessThan(0.1);
    const roof = meterOf('photovoltaik-luetjenburg-strom');
    expect(roof.exported?.rate(tuesday + HOUR)).toBe(0);
    const june = Date.UTC(2026, 5, 10, 22);
    const fedIn = (from: EpochMs, days: number) =>
      ((roof.exported?.reading(from + days * DAY) ?? 0) - (roof.exported?.reading(from) ?? 0)) / days;
    expect(fedIn(june, 20)).toBeGreaterThan(2 * fedIn(tuesday, 20));
    expect(fedIn(deployedAt, 365) * 365).toBeGreaterThan(85 * 800);
    expect(fedIn(deployedAt, 365) * 365).toBeLessThan(85 * 1_200);
  });
});

describe('the leak of the school', () => {
  const school = meterOf('schule-schoenkirchen-wasser');
  const night = (midnight: EpochMs) => used(school, midnight + HOUR, midnight + 4 * HOUR);

  it('begins once or twice in any two weeks and is mended', () => {
    for (let begin = tuesday; begin < tuesday + 300 * DAY; begin += 3 * DAY + HOUR) {
      const found = school.leaks?.between(begin, begin + 14 * DAY) ?? [];
      expect(found.length).toBeGreaterThanOrEqual(1);
      expect(found.length).toBeLessThanOrEqual(2);
      expect((found[0]?.to ?? 0) - (found[0]?.from ?? 0)).toBeGreaterThan(4 * DAY);
    }
  });

  it('shows at night, when nobody draws water', () => {
    for (let day = 0; day < 60; day++) {
      const midnight = tuesday + day * DAY;
      const leak = school.leaks?.at(midnight + HOUR);
      const through = leak && leak.to >= midnight + 4 * HOUR;
      if (through) expect(night(midnight)).toBeCloseTo((3 * leak.litresPerHour) / 1_000, 6);
      else if (!leak && !school.leaks?.at(midnight + 4 * HOUR)) expect(night(midnight)).toBe(0);
    }
    expect(meters.filter(({ leaks }) => leaks)).toHaveLength(1);
  });
});
