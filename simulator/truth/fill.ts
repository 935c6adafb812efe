import { DAY, type EpochMs } from '../../model/time.ts';
import { between, keyOf, uniform } from '../random.ts';
import { createIntake, type Intake } from './intake.ts';
import type { SlotDescription } from './slot.ts';
import { createTourPlan, type TourPlan } from './tour.ts';

/** What happens to a slot from outside. */
export interface SlotEvent {
  /** `settled`: somebody knocks against the container and its content sinks; nothing was taken out. */
  readonly kind: 'emptied' | 'emptied_partly' | 'settled';
  readonly at: EpochMs;
  readonly beforePercent: number;
  readonly afterPercent: number;
}

export interface SlotTruth {
  /** 0 (empty) to 100 (full; more does not go in). */
  fillPercent(time: EpochMs): number;
  events(from: EpochMs, to: EpochMs): SlotEvent[];
}

/** From one emptying to the next. */
interface Cycle {
  /** Number of the tour that began it. */
  readonly tour: number;
  readonly from: EpochMs;
  readonly partial: boolean;
  /** What the crew left behind, in percent. */
  readonly residual: number;
  readonly settledAt: EpochMs;
  readonly settledBy: number;
  /** What came in since, in percent. */
  readonly thrown: (time: EpochMs) => number;
}

interface Slot {
  readonly key: number;
  readonly tours: TourPlan;
  readonly intake: Intake;
}

/**
 * The fill level of one container slot for ever: rises with the days of the week, holidays, guests and chance, falls with
 * the tours of a crew that is not always on time, now and then leaves something behind or does not come at all.
 */
export const createSlotTruth = (description: SlotDescription, seed: number): SlotTruth => {
  const key = keyOf(description.id, seed);
  const slot = { key, tours: createTourPlan(description, seed), intake: createIntake(description, key) };
  let current: Cycle | undefined;
  return {
    fillPercent: (time) => {
      const { number, at } = slot.tours.last(time);
      if (current?.tour !== number) current = cycleOf(slot, number, at);
      return levelIn(current, time);
    },
    events: (from, to) => eventsOf(slot, from, to),
  };
};

const cycleOf = (slot: Slot, tour: number, from: EpochMs): Cycle => {
  const { key, tours, intake } = slot;
  const partial = uniform(key, 20_000_000 + tour) < 0.05;
  // A partial emptying leaves a share of what there was, so the cycle before must be known; mostly it ends there.
  const residual = partial
    ? levelBefore(slot, tour, from) * between(key, 30_000_000 + tour, [0.25, 0.55])
    : between(key, 30_000_000 + tour, [0, 3]);
  const settles = uniform(key, 40_000_000 + tour) < 0.15;
  const settlesAfter = between(key, 50_000_000 + tour, [0.2, 0.9]) * tours.everyDays * DAY;
  return {
    tour,
    from,
    partial,
    residual,
    settledAt: settles ? from + settlesAfter : Number.POSITIVE_INFINITY,
    settledBy: between(key, 60_000_000 + tour, [2, 6]),
    thrown: intake.since(from),
  };
};

/** The level just before the emptying of a tour. */
const levelBefore = (slot: Slot, tour: number, at: EpochMs): number => {
  const before = slot.tours.last(at - 1, tour - 1);
  return levelIn(cycleOf(slot, before.number, before.at), at - 1);
};

const levelIn = ({ residual, thrown, settledAt, settledBy }: Cycle, time: EpochMs): number => {
  if (time < settledAt) return Math.min(100, residual + thrown(time));
  const thrownThen = thrown(settledAt);
  const settled = Math.max(0, Math.min(100, residual + thrownThen) - settledBy);
  return Math.min(100, settled + thrown(time) - thrownThen);
};

const eventsOf = (slot: Slot, from: EpochMs, to: EpochMs): SlotEvent[] => {
  const { tours } = slot;
  const events: SlotEvent[] = [];
  for (let tour = tours.last(from).number; ; tour++) {
    const at = tours.at(tour);
    if (at === undefined) continue;
    if (at >= to) return events;
    const cycle = cycleOf(slot, tour, at);
    const { partial, residual, settledAt } = cycle;
    if (at >= from) {
      const beforePercent = levelBefore(slot, tour, at);
      events.push({ kind: partial ? 'emptied_partly' : 'emptied', at, beforePercent, afterPercent: residual });
    }
    // Only if the content was not taken out before it could settle.
    if (settledAt >= from && settledAt < to && tours.last(settledAt).number === tour) {
      const beforePercent = levelIn(cycle, settledAt - 1);
      events.push({ kind: 'settled', at: settledAt, beforePercent, afterPercent: levelIn(cycle, settledAt) });
    }
  }
};
