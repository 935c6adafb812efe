import { type EpochMs, HOUR, MINUTE } from '../../model/time.ts';
import type { Building, Medium } from '../demo-buildings.ts';
import { between, keyOf } from '../random.ts';
import {
  electricityOf,
  feedInOf,
  gasOf,
  type House,
  heatOf,
  lightingOf,
  pumpingOf,
  type Rate,
  standbyOf,
  waterOf,
} from './consumption.ts';
import { type Counter, createCounter } from './counter.ts';
import { createLeaks, type Leaks } from './leak.ts';
import type { Outdoors } from './outdoors.ts';
import { isHouse } from './use.ts';

export const ELECTRICITY_CELL = 15 * MINUTE;

export interface MeterTruth {
  readonly medium: Medium;
  /** Drawn: kWh, of gas and water m³. */
  readonly counter: Counter;
  /** Fed in, in kWh. */
  readonly exported?: Counter;
  readonly leaks?: Leaks;
  /** Nobody turns the heating down at night. */
  readonly heatsAllNight: boolean;
}

interface MeterOptions {
  readonly building: Building;
  readonly medium: Medium;
  readonly seed: number;
  /** When the meter was mounted. */
  readonly from: EpochMs;
  readonly outdoors: Outdoors;
}

/** One meter of a building for ever. What is drawn does not depend on when the meter was mounted, its reading does. */
export const createMeterTruth = (options: MeterOptions): MeterTruth => {
  const { building, medium, seed, from, outdoors } = options;
  const key = keyOf(`${building.id} ${medium}`, seed);
  const counterOf = (rate: Rate, word: number): Counter =>
    createCounter({
      from,
      initial: Math.round(between(key, word, medium === 'water' ? [300, 4_000] : [8_000, 90_000])),
      cellMs: medium === 'electricity' ? ELECTRICITY_CELL : HOUR,
      rate,
    });
  const { rate, fedIn } = ratesOf({ key, building, medium, outdoors });
  const leaks = building.fault === 'leak' && medium === 'water' ? createLeaks(keyOf('leak', key)) : undefined;
  const leaking: Rate = leaks ? (time) => rate(time) + (leaks.at(time)?.litresPerHour ?? 0) / 1_000 : rate;
  return {
    medium,
    counter: counterOf(leaking, 1),
    ...(fedIn && { exported: counterOf(fedIn, 2) }),
    ...(leaks && { leaks }),
    heatsAllNight: isWasteful(building, medium),
  };
};

const isWasteful = ({ fault }: Building, medium: Medium): boolean => fault === 'night_heating' && medium === 'heat';

interface Draw {
  readonly key: number;
  readonly building: Building;
  readonly medium: Medium;
  readonly outdoors: Outdoors;
}

const ratesOf = ({ key, building, medium, outdoors }: Draw): { readonly rate: Rate; readonly fedIn?: Rate } => {
  const { use, size } = building;
  if (isHouse(use)) {
    const house = { key, use, areaM2: size, outdoors };
    return { rate: houseRates[medium](house, isWasteful(building, medium)) };
  }
  if (use === 'photovoltaics') {
    const fedIn = feedInOf(size, outdoors);
    return { rate: standbyOf(fedIn), fedIn };
  }
  return { rate: use === 'street_lighting' ? lightingOf(key, size) : pumpingOf(key, size, outdoors) };
};

const houseRates: Readonly<Record<Medium, (house: House, allNight: boolean) => Rate>> = {
  electricity: electricityOf,
  heat: heatOf,
  gas: (house, allNight) => gasOf(heatOf(house, allNight)),
  water: waterOf,
};
