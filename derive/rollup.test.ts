import { describe, expect, it } from 'vitest';
import type { Observation } from '../model/observation.ts';
import { DAY, HOUR, MINUTE } from '../model/time.ts';
import type { DerivationDeps } from '../store/derivation.ts';
import { openStores } from '../store/embedded/stores.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import type { Rollup } from '../store/rollups.ts';
import { rollupDerivation } from './rollup.ts';

const T0 = Date.UTC(2026, 2, 29);
const at = (minutes: number, value: number | null, flag: Observation['flag'] = 1): Observation => ({
  datastream: 1,
  phenomenonTime: T0 + minutes * MINUTE,
  value,
  flag,
  tests: 0,
  position: minutes,
  record: 0,
  receivedAt: T0,
  storedAt: T0,
});

const computed = async (values: readonly Observation[], changes: Partial<DerivationDeps> = {}): Promise<Rollup[]> => {
  const { observations, rollups, database } = openStores({ file: ':memory:', timeZone: 'Europe/Berlin' });
  await observations.append(values);
  const deps = { observations, rollups, registry: new RegistryIndex(), keptSince: 0, ...changes };
  const { rollups: found } = await rollupDerivation.compute({ derivation: 'rollup', window: T0, datastream: 1 }, deps);
  database.close();
  expect(found).toMatchObject({ datastream: 1, from: T0, to: T0 + DAY });
  return [...(found?.rows ?? [])];
};

describe('rollups', () => {
  it('hold the hours of the day that have observations, failed and missing values only counted', async () => {
    const values = [at(-1, 9), at(60, 2), at(80, 6), at(90, 100, 4), at(100, null, 9), at(24 * 60, 9)];
    expect(await computed(values)).toEqual([
      {
        hour: T0 + HOUR,
        n: 4,
        min: 2,
        max: 6,
        mean: 4,
        sum: 8,
        first: 2,
        last: 6,
        coverage: expect.closeTo(2 / 6),
        flags: { 1: 2, 2: 0, 3: 0, 4: 1, 9: 1 },
      },
    ]);
  });

  it('say how much of the hour the usual values of the day cover', async () => {
    const everyTen = Array.from({ length: 18 }, (_, i) => at(i * 10, i));
    const hours = await computed(everyTen.filter((_, i) => i !== 7 && i !== 8));
    expect(hours.map(({ coverage }) => coverage)).toEqual([1, expect.closeTo(4 / 6), 1]);
  });

  it('of a day that may have been pruned are only ever enriched', async () => {
    const [held] = await computed([at(60, 1), at(70, 2), at(80, 3)]);
    const rollups = { range: async () => (held ? [held] : []) };
    const stragglers = [at(65, 7), at(300, 8)];
    const kept = await computed(stragglers, { rollups, keptSince: T0 + 1 });
    expect(kept.map(({ hour, n, max }) => [(hour - T0) / HOUR, n, max])).toEqual([
      [1, 3, 3],
      [5, 1, 8],
    ]);
    const anew = await computed(stragglers, { rollups, keptSince: T0 });
    expect(anew.map(({ n, max }) => [n, max])).toEqual([
      [1, 7],
      [1, 8],
    ]);
  });
});
