import { type EpochMs, MINUTE } from '../../model/time.ts';
import { isHoliday, type LocalDay, localDay, localHour, tourism, weekday } from '../calendar.ts';
import type { Road } from '../demo-places.ts';
import { keyed, keyOf, normal, poisson } from '../random.ts';

export const TRAFFIC_INTERVAL = 15 * MINUTE;

/** Vehicles of one category and direction in one interval; the speed is 0 where there were none. */
export interface Passage {
  readonly count: number;
  readonly meanSpeedKmh: number;
}

/** One interval of a cross-section: `ltr` (left to right) drives towards the coast. */
export interface TrafficInterval {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Categories by length: two-wheelers, cars, vans, lorries. */
  readonly categories: readonly { readonly ltr: Passage; readonly rtl: Passage }[];
  readonly all: { readonly ltr: Passage; readonly rtl: Passage };
}

export interface TrafficTruth {
  /** The interval that ends at a multiple of fifteen minutes. */
  interval(end: EpochMs): TrafficInterval;
}

const peak = (hour: number, centre: number, width: number): number => Math.exp(-(((hour - centre) / width) ** 2));

/** Shares of a day by quarter of an hour, for one direction. */
const curve = (shape: (hour: number) => number): Float64Array => {
  const shares = Float64Array.from({ length: 96 }, (_, quarter) => shape((quarter + 0.5) / 4));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
};

const curves = {
  work: {
    ltr: curve((h) => 0.06 + 0.7 * peak(h, 7.6, 1.3) + 1.5 * peak(h, 16.9, 2) + 0.75 * peak(h, 12.5, 4)),
    rtl: curve((h) => 0.06 + 1.5 * peak(h, 7.3, 1.3) + 0.8 * peak(h, 16.6, 2) + 0.75 * peak(h, 12.5, 4)),
  },
  free: {
    ltr: curve((h) => 0.08 + 1.2 * peak(h, 11.5, 2.6) + 0.5 * peak(h, 16, 3)),
    rtl: curve((h) => 0.08 + 0.5 * peak(h, 11.5, 3) + 1.2 * peak(h, 17.2, 2.6)),
  },
} as const;

const weekdayFactors = [1, 1.01, 1.02, 1.04, 1.1, 0.82, 0.66];

/** The traffic on one road for ever: commuters, weekends, holidays, guests, weather of the day as chance. */
export const createTrafficTruth = (road: Road, seed: number): TrafficTruth => {
  const key = keyOf(road.id, seed);
  const dayFactor = (day: LocalDay): number => {
    const holiday = isHoliday(day);
    const free = holiday || weekday(day) >= 5;
    const guests = road.seasonGain * tourism(day) * (free ? 1.3 : 1);
    return (holiday ? 0.6 : (weekdayFactors[weekday(day)] ?? 1)) * (1 + guests) * Math.exp(0.05 * normal(key, day));
  };
  const passage = (cell: number, mean: number, speed: number): Passage => {
    const count = poisson(cell, 1, mean);
    if (count === 0) return { count, meanSpeedKmh: 0 };
    // The mean of n drivers scatters with 1/√n.
    const scatter = (0.12 * speed * normal(cell, 2)) / Math.sqrt(count);
    return { count, meanSpeedKmh: Math.max(5, Math.round(speed + scatter)) };
  };
  return {
    interval: (end) => {
      const from = end - TRAFFIC_INTERVAL;
      const day = localDay(from);
      const quarter = Math.floor(localHour(from) * 4);
      const kind = isHoliday(day) || weekday(day) >= 5 ? 'free' : 'work';
      const cell = keyed(key, end / TRAFFIC_INTERVAL);
      const half = (road.vehiclesPerDay / 2) * dayFactor(day);
      const warm = 0.01 + 0.05 * tourism(day);
      const heavy = kind === 'free' ? road.heavyShare * 0.25 : road.heavyShare;
      const shares = [warm, 1 - warm - heavy - 0.09, 0.09, heavy];
      const directions = (['ltr', 'rtl'] as const).map((direction, d) => {
        const mean = half * (curves[kind][direction][quarter] ?? 0);
        // Beyond some 600 vehicles an hour and direction a road of this kind slows down.
        const free = road.limitKmh * (1.02 - 0.25 * Math.min(1, mean / 300));
        return shares.map((share, c) => passage(keyed(cell, d * 4 + c), mean * share, free * (c === 3 ? 0.88 : 1)));
      });
      const [ltr = [], rtl = []] = directions;
      const none = { count: 0, meanSpeedKmh: 0 };
      return {
        from,
        to: end,
        categories: ltr.map((passed, c) => ({ ltr: passed, rtl: rtl[c] ?? none })),
        all: { ltr: sumOf(ltr), rtl: sumOf(rtl) },
      };
    },
  };
};

const sumOf = (passages: readonly Passage[]): Passage => {
  const count = passages.reduce((sum, passed) => sum + passed.count, 0);
  const weighted = passages.reduce((sum, passed) => sum + passed.count * passed.meanSpeedKmh, 0);
  return { count, meanSpeedKmh: count === 0 ? 0 : Math.round(weighted / count) };
};
