import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../model/time.ts';
import type { Opened } from './journal.contract.ts';
import type { Rollup, RollupStore } from './rollups.ts';

const T0 = Date.UTC(2026, 2, 2);

const row = (hour: number, changes: Partial<Rollup> = {}): Rollup => ({
  hour: T0 + hour * HOUR,
  n: 6,
  min: 0.25,
  max: 2.5,
  mean: 1.1,
  sum: 5.5,
  first: 0.25,
  last: 2.5,
  coverage: 0.8,
  flags: { 1: 4, 2: 0, 3: 1, 4: 1, 9: 0 },
  ...changes,
});
const nothing = { min: null, max: null, mean: null, sum: null, first: null, last: null, coverage: 0 };
const failed = row(3, { n: 3, ...nothing, flags: { 1: 0, 2: 0, 3: 0, 4: 2, 9: 1 } });

/** What every rollup store keeps to, whatever its driver. */
export const rollupsContract = (name: string, open: () => Promise<Opened<RollupStore>>): void => {
  describe(`rollup store contract: ${name}`, () => {
    let opened: Opened<RollupStore>;
    let store: RollupStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const day = (datastream: number, rows: readonly Rollup[]) => ({ datastream, from: T0, to: T0 + DAY, rows });

    it('gives back every figure after a restart, of hours without a usable value too', async () => {
      await store.replace([day(1, [row(0), failed, row(23)])]);
      expect(await (await opened.reopen()).range(1, T0, T0 + DAY)).toEqual([row(0), failed, row(23)]);
    });

    it('holds exactly what it was last told of a span, however often, and leaves all else alone', async () => {
      const tomorrow = { ...day(1, [row(24)]), from: T0 + DAY, to: T0 + 2 * DAY };
      await store.replace([day(1, [row(0), row(5)]), day(2, [row(5)]), tomorrow]);
      for (let i = 0; i < 2; i++) await store.replace([day(1, [row(5, { n: 7 }), row(6)])]);
      expect(await store.range(1, T0, T0 + 2 * DAY)).toEqual([row(5, { n: 7 }), row(6), row(24)]);
      expect(await store.range(2, T0, T0 + DAY)).toEqual([row(5)]);
      await store.replace([day(1, [])]);
      expect(await store.range(1, T0, T0 + 2 * DAY)).toEqual([row(24)]);
    });

    it('gives the hours that begin in the span', async () => {
      await store.replace([day(1, [row(1), row(2), row(3)])]);
      const hoursOf = async (from: number, to: number) =>
        (await store.range(1, from, to)).map(({ hour }) => (hour - T0) / HOUR);
      expect(await hoursOf(T0 + HOUR, T0 + 3 * HOUR)).toEqual([1, 2]);
      expect(await hoursOf(T0 + HOUR + 1, T0 + 3 * HOUR + 1)).toEqual([2, 3]);
      expect(await hoursOf(T0 + 2 * HOUR, T0 + 2 * HOUR)).toEqual([]);
    });
  });
};
