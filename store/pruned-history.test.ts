import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rollupDerivation } from '../derive/rollup.ts';
import type { Bucket, Observation } from '../model/observation.ts';
import { DAY, HOUR, MINUTE } from '../model/time.ts';
import { type EmbeddedStores, openStores } from './embedded/stores.ts';
import type { AggregateQuery, Every } from './observations.ts';
import { createAggregate } from './pruned-history.ts';
import { RegistryIndex } from './registry-index.ts';

/** Over the change to summer time. */
const T0 = Date.UTC(2026, 2, 20);
const DAYS = 15;
const berlin = (calendar: 'day' | 'week' | 'month'): Every => ({ calendar, timeZone: 'Europe/Berlin' });

const values = (everyMinutes: number): Observation[] =>
  Array.from({ length: (DAYS * 24 * 60) / everyMinutes }, (_, i) => ({
    datastream: 1,
    phenomenonTime: T0 + (i * everyMinutes + 3) * MINUTE,
    value: i % 41 === 7 ? null : Math.round(100 * Math.sin(i)),
    flag: i % 41 === 7 ? 9 : i % 29 === 0 ? 4 : i % 17 === 0 ? 3 : 1,
    tests: 0,
    position: i + 1,
    record: 0,
    receivedAt: T0,
    storedAt: T0,
  }));

let stores: EmbeddedStores;
beforeEach(() => {
  stores = openStores({ file: ':memory:', timeZone: 'Europe/Berlin' });
});
afterEach(() => stores.database.close());

const fill = async (everyMinutes: number): Promise<void> => {
  const { observations, rollups } = stores;
  await observations.append(values(everyMinutes));
  for (let window = T0; window < T0 + DAYS * DAY; window += DAY) {
    const deps = { observations, rollups, registry: new RegistryIndex(), keptSince: 0 };
    const found = await rollupDerivation.compute({ derivation: 'rollup', window, datastream: 1 }, deps);
    if (found.rollups) await rollups.replace([found.rollups]);
  }
};

const aggregateSince = (kept: number) => createAggregate({ ...stores, keptSince: () => kept });
const rounded = (buckets: readonly Bucket[]): Bucket[] =>
  buckets.map((bucket) => ({
    ...bucket,
    mean: bucket.mean === null ? null : Number(bucket.mean.toFixed(6)),
    coverage: Number(bucket.coverage.toFixed(1)),
  }));

describe('buckets of a history that was pruned', () => {
  const all = { datastream: 1, from: T0, to: T0 + DAYS * DAY };

  it.each([10, 60, 120])('are the same as before, of values every %i minutes', async (everyMinutes) => {
    await fill(everyMinutes);
    const queries: AggregateQuery[] = [
      { ...all, every: { ms: 6 * HOUR } },
      { ...all, every: { ms: DAY } },
      { ...all, every: berlin('day') },
      { ...all, every: berlin('week') },
      { ...all, every: berlin('month'), without: [9, 4] },
      { ...all, from: T0 + 7 * HOUR, to: T0 + 13 * DAY + 5 * HOUR, every: berlin('day') },
    ];
    const before = await Promise.all(queries.map((query) => stores.observations.aggregate(query)));
    // Whole days are pruned; what may be gone reaches to within a day.
    const kept = T0 + 6 * DAY + 7 * HOUR + 12 * MINUTE;
    await stores.observations.prune(kept);
    for (const [i, query] of queries.entries()) {
      expect(rounded(await aggregateSince(kept)(query))).toEqual(rounded(before[i] ?? []));
      expect(await stores.observations.aggregate(query)).not.toEqual(before[i]);
    }
  });

  it('tell nothing of a later time than was asked for', async () => {
    await fill(10);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 * 24 * 60 }), async (minutes) => {
        const to = T0 + minutes * MINUTE;
        const [bucket] = await aggregateSince(T0 + 9 * DAY)({ ...all, to, every: { ms: 30 * DAY } });
        const asked = values(10).filter(({ phenomenonTime }) => phenomenonTime < Math.floor(to / HOUR) * HOUR);
        expect(bucket?.n).toBe(asked.length);
        expect(bucket?.to).toBe(to);
      }),
    );
  });

  it('are what is left where rollups cannot tell: parts of hours, other qualities, zones off the hour', async () => {
    await fill(10);
    await stores.observations.prune(T0 + 6 * DAY);
    const queries: AggregateQuery[] = [
      { ...all, to: T0 + DAY, every: { ms: 15 * MINUTE } },
      { ...all, every: { ms: DAY }, without: [9] },
      { ...all, every: { calendar: 'day', timeZone: 'Asia/Kolkata' } },
    ];
    for (const query of queries)
      expect(await aggregateSince(T0 + 6 * DAY)(query)).toEqual(await stores.observations.aggregate(query));
  });
});
