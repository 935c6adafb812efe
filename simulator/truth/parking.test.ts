import { describe, expect, it } from 'vitest';
import { DAY, type EpochMs, HOUR, MINUTE } from '../../model/time.ts';
import { localHour } from '../calendar.ts';
import { demoRegion } from '../demo-region.ts';
import type { BayTruth } from './parking.ts';
import { createWorld } from './world.ts';

const seed = 7;
const { placed } = createWorld(demoRegion({ seed }), seed);
const baysOf = (site: string): BayTruth[] =>
  placed.flatMap(({ site: { id }, truth }) => (truth.kind === 'parking_bay' && id === site ? [truth.bay] : []));
const [harbour, beach, station, market] = [
  'parkplatz-hafen-laboe',
  'parkplatz-schoenberger-strand',
  'parkplatz-bahnhof-eckernfoerde',
  'parkplatz-markt-luetjenburg',
].map(baysOf) as [BayTruth[], BayTruth[], BayTruth[], BayTruth[]];

/** Local midnight in winter. */
const monday = Date.UTC(2026, 2, 1, 23);
const staysOf = (bays: readonly BayTruth[], from: EpochMs, days: number) =>
  bays.flatMap((bay) => bay.stays(from, from + days * DAY));
const occupied = (bays: readonly BayTruth[], at: EpochMs): number =>
  bays.filter((bay) => bay.occupied(at)).length / bays.length;
/** Mean share at an hour of the first five days of some weeks. */
const share = (bays: readonly BayTruth[], hour: number, from = monday): number => {
  const times = Array.from({ length: 28 }, (_, day) => from + day * DAY + hour * HOUR).filter((_, day) => day % 7 < 5);
  return times.reduce((sum, time) => sum + occupied(bays, time), 0) / times.length;
};
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
const minutes = ({ arrive, leave }: { arrive: EpochMs; leave: EpochMs }) => (leave - arrive) / MINUTE;

describe('parking bays', () => {
  it('hold one car at a time, for minutes to a night', () => {
    for (const bay of [...harbour, ...beach, ...station, ...market]) {
      const stays = bay.stays(monday, monday + 60 * DAY);
      stays.forEach(({ arrive, leave }, i) => {
        expect(leave - arrive).toBeGreaterThanOrEqual(3 * MINUTE - 1);
        expect(leave - arrive).toBeLessThan(20 * HOUR);
        expect(arrive - (stays[i - 1]?.leave ?? 0)).toBeGreaterThanOrEqual(3 * MINUTE - 1);
        expect([bay.occupied(arrive), bay.occupied(leave - 1), bay.occupied(leave)]).toEqual([true, true, false]);
      });
    }
  });

  it('do not depend on the span in which they are asked', () => {
    const [bay] = market;
    const whole = bay?.stays(monday, monday + 20 * DAY) ?? [];
    const parts = Array.from({ length: 80 }, (_, i) => monday + i * 6 * HOUR).flatMap((from) =>
      (bay?.stays(from, from + 6 * HOUR) ?? []).filter(({ arrive }) => arrive >= from),
    );
    expect(parts).toEqual(whole.filter(({ arrive }) => arrive >= monday));
  });

  it('are taken as such places are: shoppers by day, commuters all day, guests in summer', () => {
    expect(share(market, 10.5)).toBeGreaterThan(2 * share(market, 3));
    expect(share(station, 11)).toBeGreaterThan(0.6);
    expect(share(station, 4)).toBeLessThan(0.3);
    const july = Date.UTC(2026, 6, 12, 22);
    const perDay = (bays: readonly BayTruth[], from: EpochMs) => staysOf(bays, from, 28).length / bays.length / 28;
    expect(perDay(beach, july)).toBeGreaterThan(2 * perDay(beach, monday));
    expect(perDay(harbour, july)).toBeGreaterThan(1.5 * perDay(harbour, monday));
    const sunday = monday + 6 * DAY;
    expect(staysOf(market, sunday, 1).length).toBeLessThan(0.6 * staysOf(market, monday, 1).length);
    expect(staysOf(station, sunday, 1).length).toBeLessThan(staysOf(station, monday, 1).length);
  });

  it('are kept for a purchase, a walk on the beach, a working day', () => {
    const shopping = median(staysOf(market, monday, 28).map(minutes));
    expect(shopping).toBeGreaterThan(25);
    expect(shopping).toBeLessThan(60);
    const commuters = staysOf(station, monday, 28).filter(({ arrive }) => Math.floor(localHour(arrive)) === 7);
    expect(median(commuters.map(minutes))).toBeGreaterThan(7 * 60);
    const bathing = staysOf(beach, Date.UTC(2026, 6, 12, 22), 28).map(minutes);
    expect(median(bathing)).toBeGreaterThan(90);
    expect(median(bathing)).toBeLessThan(240);
  });

  it('near the entrance are liked better', () => {
    const [first, last] = [harbour.slice(0, 3), harbour.slice(-3)].map((bays) => staysOf(bays, monday, 120).length);
    expect(first).toBeGreaterThan(1.1 * (last ?? 0));
  });
});
