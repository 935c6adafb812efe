import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Observation } from '../model/observation.ts';
import { HOUR, MINUTE } from '../model/time.ts';
import { aggregateBlocks } from './aggregate-blocks.ts';
import { bucketize } from './buckets.ts';
import { openStores } from './embedded/stores.ts';
import type { AggregateQuery } from './observations.ts';

const T0 = Date.UTC(2026, 2, 28, 22);

it('gives the buckets of all values at once, whatever is asked, and lets others ask in between', async () => {
  const { observations } = openStores({ file: ':memory:', timeZone: 'Europe/Berlin' });
  const many = Array.from(
    { length: 25_000 },
    (_, i): Observation => ({
      datastream: 1,
      phenomenonTime: T0 + i * MINUTE,
      value: i % 11 === 0 ? null : i % 7,
      flag: i % 11 === 0 ? 9 : i % 13 === 0 ? 4 : 1,
      tests: 0,
      position: i,
      record: 0,
      receivedAt: T0,
      storedAt: T0,
    }),
  );
  await observations.append(many);
  let turns = 0;
  let calls = 0;
  const counted: Parameters<typeof aggregateBlocks>[0] = {
    block: (query) => {
      calls++;
      setImmediate(() => turns++);
      return observations.block(query);
    },
  };
  const every = fc.constantFrom<AggregateQuery['every']>(
    { ms: HOUR },
    { ms: 7 * MINUTE },
    { calendar: 'day', timeZone: 'Europe/Berlin' },
  );
  const offset = fc.integer({ min: -HOUR, max: 26_000 * MINUTE });
  await fc.assert(
    fc.asyncProperty(every, offset, offset, fc.constantFrom(undefined, 3), async (width, a, b, smallestCount) => {
      const query = {
        datastream: 1,
        from: T0 + Math.min(a, b),
        to: T0 + Math.max(a, b) + 1,
        every: width,
        ...(smallestCount !== undefined && { smallestCount }),
      };
      const values = await Array.fromAsync(observations.range({ ...query, datastreams: [1] }));
      expect(await aggregateBlocks(counted, query)).toEqual(bucketize(values, { ...query, without: [4, 9] }));
    }),
    { numRuns: 25 },
  );
  [turns, calls] = [0, 0];
  await aggregateBlocks(counted, { datastream: 1, from: T0, to: T0 + 30_000 * MINUTE, every: { ms: HOUR } });
  expect(calls).toBe(3);
  expect(turns).toBeGreaterThanOrEqual(2);
});
