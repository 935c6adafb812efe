import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Observation } from '../model/observation.ts';
import { DAY, HOUR, MINUTE } from '../model/time.ts';
import type { Opened } from './journal.contract.ts';
import type { ObservationStore, RangeQuery } from './observations.ts';

const T0 = Date.UTC(2026, 2, 28, 22);

const observation = (changes: Partial<Observation> = {}): Observation => ({
  datastream: 1,
  phenomenonTime: T0,
  value: 1.5,
  flag: 1,
  tests: 0,
  position: 10,
  record: 0,
  receivedAt: T0 + 1,
  storedAt: T0 + 2,
  codec: 'milesight/em400-tld@1',
  deployment: 'd1',
  ...changes,
});

const series = (n: number, every = 10 * MINUTE, changes: Partial<Observation> = {}): Observation[] =>
  Array.from({ length: n }, (_, i) =>
    observation({ phenomenonTime: T0 + i * every, value: i, position: 10 + i, ...changes }),
  );

const collect = async (store: ObservationStore, query: Partial<RangeQuery> = {}): Promise<Observation[]> => {
  const all: Observation[] = [];
  for await (const one of store.range({ datastreams: [1], from: 0, to: T0 + 9999 * DAY, ...query })) all.push(one);
  return all;
};

/** What every observation store keeps to, whatever its driver. */
export const observationsContract = (name: string, open: () => Promise<Opened<ObservationStore>>): void => {
  describe(`observation store contract: ${name}`, () => {
    let opened: Opened<ObservationStore>;
    let store: ObservationStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('gives back every member after a restart, a missing value too', async () => {
      const kept = [observation(), observation({ phenomenonTime: T0 + 1, value: null, flag: 9, tests: 32 })];
      await store.append(kept);
      expect(await collect(await opened.reopen())).toEqual(kept);
    });

    it('ends the same in whatever order observations of one instant are written, and written twice', async () => {
      const rivals = [
        observation({ position: 1, value: 1 }),
        observation({ position: 3, record: 1, value: 3 }),
        observation({ position: 3, record: 0, value: 2 }),
      ];
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray([...rivals, ...rivals], { minLength: 6 }), async (order) => {
          await store.replace(1, 0, T0 + DAY, []);
          for (const one of order) await store.append([one]);
          expect((await collect(store)).map((one) => one.value)).toEqual([3]);
          await store.replace(1, 0, T0 + DAY, []);
          await store.append([...series(20), ...order]);
          expect((await store.at(1, T0))?.value).toBe(0);
          await store.replace(1, 0, T0 + DAY, []);
          await store.append([...order, ...series(20).slice(1)]);
          expect((await store.at(1, T0))?.value).toBe(3);
        }),
        { numRuns: 20 },
      );
    });

    it('rejects what is no number and keeps the rest', async () => {
      const { rejected } = await store.append([
        observation({ value: Number.NaN }),
        observation({ phenomenonTime: T0 + 1 }),
      ]);
      expect(rejected).toHaveLength(1);
      expect(await collect(store)).toHaveLength(1);
    });

    describe('range', () => {
      it('takes from inclusive, to exclusive, in either direction, up to a limit', async () => {
        await store.append(series(300));
        const from = T0 + 10 * MINUTE;
        const to = T0 + 250 * 10 * MINUTE;
        const up = await collect(store, { from, to });
        expect([up[0]?.value, up.at(-1)?.value, up.length]).toEqual([1, 249, 249]);
        const down = await collect(store, { from, to, order: 'descending', limit: 3 });
        expect(down.map((one) => one.value)).toEqual([249, 248, 247]);
      });

      it('leaves out flags, and gives one datastream after the other', async () => {
        await store.append([...series(3), ...series(2, MINUTE, { datastream: 2, flag: 4 })]);
        const all = await collect(store, { datastreams: [2, 1] });
        expect(all.map((one) => one.datastream)).toEqual([2, 2, 1, 1, 1]);
        expect(await collect(store, { datastreams: [2, 1], without: [4] })).toHaveLength(3);
      });

      it('streams more than one page', async () => {
        await store.append(series(12_000, MINUTE));
        expect(await collect(store)).toHaveLength(12_000);
        expect((await collect(store, { order: 'descending' })).at(-1)?.value).toBe(0);
      });
    });

    describe('latest', () => {
      it('goes by phenomenon time, not by arrival', async () => {
        await store.append([
          observation({ phenomenonTime: T0 + HOUR, value: 2 }),
          observation({ datastream: 2, value: 5 }),
        ]);
        await store.append([observation({ value: 1, position: 99 })]);
        expect((await store.latest()).map((one) => [one.datastream, one.value])).toEqual([
          [1, 2],
          [2, 5],
        ]);
        expect((await store.latest([2, 7])).map((one) => one.value)).toEqual([5]);
      });

      it('falls back when the newest value is taken back', async () => {
        await store.append(series(3));
        await store.replace(1, T0 + 15 * MINUTE, T0 + DAY, []);
        expect((await store.latest([1])).map((one) => one.value)).toEqual([1]);
        await store.replace(1, 0, T0 + DAY, []);
        expect(await store.latest()).toEqual([]);
      });
    });

    it('replaces exactly a span', async () => {
      await store.append(series(6));
      await store.replace(1, T0 + 10 * MINUTE, T0 + 30 * MINUTE, [
        observation({ phenomenonTime: T0 + 11 * MINUTE, value: 77, position: 1 }),
      ]);
      expect((await collect(store)).map((one) => one.value)).toEqual([0, 77, 3, 4, 5]);
    });

    it('takes single observations away, and finds those that are left', async () => {
      await store.append([...series(4), ...series(2, MINUTE, { datastream: 2 })]);
      const place = (datastream: number, time: number) => ({ datastream, time });
      const newest = T0 + 30 * MINUTE;
      await store.remove([place(1, T0), place(1, newest), place(2, T0 + MINUTE), place(2, T0 + DAY)]);
      const held = await store.heldAt(
        [T0, T0 + 10 * MINUTE, newest].flatMap((time) => [place(1, time), place(2, time)]),
      );
      const found = held.toSorted((a, b) => a.datastream - b.datastream);
      expect(found.map(({ datastream, phenomenonTime }) => [datastream, phenomenonTime - T0])).toEqual([
        [1, 10 * MINUTE],
        [2, 0],
      ]);
      expect((await store.latest()).map(({ value }) => value)).toEqual([2, 0]);
    });

    it('requalifies an observation only while it is the same one', async () => {
      await store.append([observation()]);
      const verdict = { datastream: 1, phenomenonTime: T0, record: 0, flag: 3, tests: 4 } as const;
      await store.qualify([{ ...verdict, position: 9 }]);
      expect((await store.at(1, T0))?.flag).toBe(1);
      await store.qualify([{ ...verdict, position: 10 }]);
      expect(await store.at(1, T0)).toMatchObject({ flag: 3, tests: 4, value: 1.5 });
    });

    it('finds what came from a journal position', async () => {
      await store.append([
        observation({ position: 4 }),
        observation({ position: 4, datastream: 2 }),
        observation({ position: 5, phenomenonTime: T0 + 1 }),
      ]);
      expect((await store.ofPositions([4])).map((one) => one.datastream)).toEqual([1, 2]);
    });

    it('finds everything of an uplink that was worked out again, and not what a later one has overwritten', async () => {
      await store.append([observation({ position: 4 })]);
      await store.append([
        observation({ position: 4, datastream: 3 }),
        observation({ position: 4, phenomenonTime: T0 + 1 }),
      ]);
      const times = async () => (await store.ofPositions([4])).map((one) => [one.datastream, one.phenomenonTime]);
      expect(await times()).toEqual(
        expect.arrayContaining([
          [1, T0],
          [3, T0],
          [1, T0 + 1],
        ]),
      );
      await store.append([observation({ position: 5, datastream: 3 })]);
      expect(await times()).toHaveLength(2);
    });

    describe('aggregate', () => {
      it('gives every figure per fixed bucket, empty ones included, failed values only counted', async () => {
        await store.append([
          observation({ value: 2 }),
          observation({ phenomenonTime: T0 + 20 * MINUTE, value: 6 }),
          observation({ phenomenonTime: T0 + 40 * MINUTE, value: 100, flag: 4 }),
        ]);
        const [first, second] = await store.aggregate({
          datastream: 1,
          from: T0,
          to: T0 + 2 * HOUR,
          every: { ms: HOUR },
        });
        expect(first).toMatchObject({
          from: T0,
          to: T0 + HOUR,
          n: 3,
          min: 2,
          max: 6,
          mean: 4,
          sum: 8,
          first: 2,
          last: 6,
        });
        expect(first?.flags).toEqual({ 1: 2, 2: 0, 3: 0, 4: 1, 9: 0 });
        expect(second).toMatchObject({ n: 0, mean: null, coverage: 0 });
      });

      it('leaves small counts out of all figures, and says how many', async () => {
        await store.append([0, 2, 4, 7].map((value, i) => observation({ phenomenonTime: T0 + i * MINUTE, value })));
        const [bucket] = await store.aggregate({
          datastream: 1,
          from: T0,
          to: T0 + HOUR,
          every: { ms: HOUR },
          smallestCount: 5,
        });
        expect(bucket).toMatchObject({ n: 4, min: 0, max: 7, sum: 7, first: 0, last: 7, withheld: 2 });
      });

      it('gives the same rows as columns, in blocks that go on where the one before ended', async () => {
        await store.append([...series(30, 7 * HOUR), observation({ datastream: 3, value: null, flag: 9, tests: 32 })]);
        await store.append(series(5, MINUTE, { datastream: 4, flag: 4, tests: 1 }));
        const to = T0 + 9999 * DAY;
        for (const maxRows of [1, 7, 1_000]) {
          for (const without of [undefined, [4 as const]]) {
            const rows: number[][] = [];
            let parts = [1, 2, 3, 4].map((datastream) => ({ datastream, from: datastream === 1 ? T0 + 1 : 0, to }));
            for (let calls = 0; parts.length > 0; calls++) {
              const block = await store.block({ parts, maxRows, ...(without && { without }) });
              let row = 0;
              for (const [part, n] of block.counts.entries()) {
                for (const end = row + n; row < end; row++) {
                  const { times, values, flags, tests } = block;
                  rows.push([parts[part]?.datastream, times[row], values[row], flags[row], tests[row]] as number[]);
                }
              }
              expect(row).toBe(block.times.length);
              expect(row).toBeLessThanOrEqual(maxRows);
              const { next } = block;
              parts = next
                ? parts.slice(next.part).map((part, i) => (i === 0 ? { ...part, from: next.from } : part))
                : [];
              expect(calls).toBeLessThan(100);
            }
            const expected = await collect(store, { datastreams: [1, 2, 3, 4], ...(without && { without }) });
            expect(rows).toEqual(
              expected
                .filter(({ datastream, phenomenonTime }) => datastream !== 1 || phenomenonTime > T0)
                .map(({ datastream, phenomenonTime, value, flag, tests }) => [
                  datastream,
                  phenomenonTime,
                  value ?? Number.NaN,
                  flag,
                  tests,
                ]),
            );
          }
        }
      });

      it('counts what stands in a span, without some flags', async () => {
        await store.append([...series(30, HOUR), observation({ datastream: 2, flag: 4 })]);
        const span = { datastreams: [1, 2, 3], from: T0, to: T0 + 26 * HOUR };
        expect(await store.count(span)).toEqual([26, 1, 0]);
        expect(await store.count({ ...span, without: [4] })).toEqual([26, 0, 0]);
      });

      it('follows the local calendar: the day of the change to summer time has 23 hours', async () => {
        // 2026-03-29 in Berlin lasts from 23:00 UTC on the 28th to 22:00 UTC.
        await store.append(series(30, HOUR));
        const buckets = await store.aggregate({
          datastream: 1,
          from: Date.UTC(2026, 2, 28, 23),
          to: Date.UTC(2026, 2, 30, 22),
          every: { calendar: 'day', timeZone: 'Europe/Berlin' },
        });
        expect(buckets.map((bucket) => (bucket.to - bucket.from) / HOUR)).toEqual([23, 24]);
        expect(buckets.map((bucket) => bucket.n)).toEqual([23, 6]);
        expect(buckets[0]?.coverage).toBe(1);
      });
    });
  });
};
