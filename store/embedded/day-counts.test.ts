import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../model/observation.ts';
import type { QualityFlag } from '../../model/quality.ts';
import { DAY, HOUR } from '../../model/time.ts';
import { openStores } from './stores.ts';

const T0 = Date.UTC(2026, 2, 1);
const flags: readonly QualityFlag[] = [1, 2, 3, 4, 9];

const observation = (datastream: number, hours: number, flag: QualityFlag = 1): Observation => {
  const phenomenonTime = T0 + hours * HOUR;
  const at = { receivedAt: phenomenonTime, storedAt: phenomenonTime };
  return { datastream, phenomenonTime, value: 1, flag, tests: 0, position: 1 + hours, record: 0, ...at };
};

const step = fc.oneof(
  fc.record({ append: fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 99 }))) }),
  fc.record({ remove: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 99 })) }),
  fc.record({ qualify: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 99 })) }),
  fc.record({ replace: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 99 })) }),
  fc.record({ prune: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ ahead: fc.integer({ min: 0, max: 5 }) }),
);

describe('counts of days', () => {
  it('are what reading would count, whatever was written, changed and counted ahead in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.integer({ min: 0, max: 99 }), async (steps, hours) => {
        const { observations, database } = openStores({ file: ':memory:', timeZone: 'Europe/Berlin' });
        for (const one of steps) {
          if ('append' in one) await observations.append(one.append.map(([key, hour]) => observation(key, hour)));
          if ('remove' in one) {
            await observations.remove([{ datastream: one.remove[0], time: T0 + one.remove[1] * HOUR }]);
          }
          if ('qualify' in one) await observations.qualify([observation(...one.qualify, 4)]);
          if ('replace' in one) {
            const [key, hour] = one.replace;
            const span = [T0 + hour * HOUR, T0 + (hour + 30) * HOUR] as const;
            await observations.replace(key, ...span, [observation(key, hour + 3, 3)]);
          }
          if ('prune' in one) await observations.prune(T0 + one.prune * DAY);
          if ('ahead' in one) observations.countAhead(T0 + one.ahead * DAY);
        }
        const span = { datastreams: [3, 1, 2, 9], from: T0 + hours * HOUR, to: T0 + (hours + 60) * HOUR };
        for (const without of [[], [4, 9], flags] as const) {
          const read = await Promise.all(
            span.datastreams.map(async (datastream) => {
              const values = observations.range({ ...span, datastreams: [datastream], without });
              return (await Array.fromAsync(values)).length;
            }),
          );
          expect(await observations.count({ ...span, without })).toEqual(read);
          const many = [...span.datastreams, ...Array.from({ length: 600 }, (_, i) => 100 + i)];
          const counted = await observations.count({ ...span, datastreams: many, without });
          expect(counted).toEqual([...read, ...many.slice(4).map(() => 0)]);
        }
        database.close();
      }),
      { numRuns: 60 },
    );
  });

  it('are made of the newest closed day first, each once', async () => {
    const { observations, database } = openStores({ file: ':memory:', timeZone: 'Europe/Berlin' });
    await observations.append([observation(1, 1), observation(1, 30), observation(1, 60)]);
    const counted = () => database.statement('SELECT day FROM counted_day').all().length;
    expect(observations.countAhead(T0 + 2.5 * DAY)).toBe(true);
    expect(observations.countAhead(T0 + 2.5 * DAY)).toBe(true);
    expect(observations.countAhead(T0 + 2.5 * DAY)).toBe(false);
    expect(counted()).toBe(2);
    await observations.append([observation(2, 31)]);
    expect(counted()).toBe(1);
    await observations.append([observation(2, 61)]);
    expect(counted()).toBe(1);
  });
});
