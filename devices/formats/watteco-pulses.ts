import type { Series } from './watteco-batch.ts';

/** Batch series of models with three pulse inputs: counters and states. */
export const pulseSeries: readonly Series[] = [
  ...[1, 2, 3].map((input): Series => ({ tag: input - 1, field: `index_${input}`, type: 'u32', resolution: 1 })),
  ...[1, 2, 3].map((input): Series => ({ tag: input + 2, field: `pin_state_${input}`, type: 'bit', resolution: 1 })),
];
