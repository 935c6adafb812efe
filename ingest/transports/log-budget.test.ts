import { describe, expect, it } from 'vitest';
import { LogBudget } from './log-budget.ts';

describe('LogBudget', () => {
  it('lets some lines a minute through and says how many it left out, whichever way the clock is set', () => {
    let now = 0;
    const budget = new LogBudget({ perMinute: 2, clock: () => now });
    const take = (count: number) => Array.from({ length: count }, () => budget.take()?.leftOut);
    expect(take(4)).toEqual([0, 0, undefined, undefined]);
    now = 60_000;
    expect(take(3)).toEqual([2, 0, undefined]);
    now = 0;
    expect(take(1)).toEqual([1]);
  });
});
