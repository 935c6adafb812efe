import { type EpochMs, HOUR } from '../../model/time.ts';

/** A counter that only goes up: what flows at the moment per hour, added up since it was mounted. */
export interface Counter {
  reading(time: EpochMs): number;
  /** Per hour, constant within a cell. */
  rate(time: EpochMs): number;
}

interface CounterOptions {
  /** When it was mounted, with this reading. */
  readonly from: EpochMs;
  readonly initial: number;
  /** Length of the cells in which the flow is constant. */
  readonly cellMs: number;
  /** What flows per hour in the cell around an instant; not below 0. */
  readonly rate: (middle: EpochMs) => number;
}

export const createCounter = ({ from, initial, cellMs, rate }: CounterOptions): Counter => {
  const first = Math.floor(from / cellMs);
  const cellHours = cellMs / HOUR;
  const flow = (cell: number): number => rate((cell + 0.5) * cellMs);
  /** Readings at the beginning of the cells since `from`, as far as they are known. */
  let sums = new Float64Array(1_024);
  sums[0] = initial;
  let known = 1;
  const addUpTo = (index: number): void => {
    if (index >= sums.length) {
      const larger = new Float64Array(2 * index);
      larger.set(sums);
      sums = larger;
    }
    let sum = sums[known - 1] ?? initial;
    for (; known <= index; known++) {
      sum += flow(first + known - 1) * cellHours;
      sums[known] = sum;
    }
  };
  return {
    rate: (time) => flow(Math.floor(time / cellMs)),
    reading: (time) => {
      const cell = Math.floor(time / cellMs);
      if (cell < first) return initial;
      if (known <= cell - first) addUpTo(cell - first);
      return (sums[cell - first] ?? initial) + flow(cell) * cellHours * (time / cellMs - cell);
    },
  };
};
