import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMarker } from '../derive/definition.ts';
import { qualityDerivation } from '../derive/quality.ts';
import { rollupDerivation } from '../derive/rollup.ts';
import { DerivationRunner } from '../derive/runner.ts';
import type { Observation } from '../model/observation.ts';
import { DAY, HOUR, MINUTE } from '../model/time.ts';
import { type EmbeddedStores, openStores } from '../store/embedded/stores.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { useCaseDerivations } from './definitions.ts';

/** As the engine runs them: late data, replays and any order of arrival, on real stores. */
const derivations = [qualityDerivation, rollupDerivation, ...useCaseDerivations];
const T0 = Date.UTC(2026, 1, 9);
const FILL = 1;
const LEVEL = 2;

const registry = new RegistryIndex();
registry.apply([
  { kind: 'thing', put: { id: 'slot', name: 'S', kind: 'container_slot', simulated: false, properties: {} } },
  { kind: 'thing', put: { id: 'gauge', name: 'G', kind: 'gauge', simulated: false, properties: { datum: 'NHN' } } },
  { kind: 'datastream', put: { id: 'slot.fill_level', key: FILL, thing: 'slot', property: 'fill_level', unit: '%' } },
  {
    kind: 'datastream',
    put: { id: 'gauge.water_level', key: LEVEL, thing: 'gauge', property: 'water_level', unit: 'm' },
  },
]);

let stores: EmbeddedStores;
const open = (): void => {
  stores = openStores({ file: ':memory:', timeZone: 'Europe/Berlin' });
};
beforeEach(open);
afterEach(() => stores.database.close());

const at = (datastream: number, time: number, value: number | null): Observation => ({
  datastream,
  phenomenonTime: time,
  value,
  flag: value === null ? 9 : 1,
  tests: 0,
  position: 1,
  record: 0,
  receivedAt: time,
  storedAt: time,
});

const marksOf = createMarker(derivations, (key) => registry.datastreamByKey(key)?.property);
const deriveAll = async (keptSince = 0): Promise<void> => {
  const { observations, rollups, events, work, database } = stores;
  const runner = new DerivationRunner({
    derivations,
    observations,
    rollups,
    events,
    registry,
    work,
    keptSince: () => keptSince,
    commit: ({ elsewhere, here }) =>
      database.together(async () => {
        await elsewhere();
        return here();
      }),
  });
  while ((await runner.step(3)) > 0);
  expect(await work.dirtyCount()).toBe(0);
};

const arrive = async (values: readonly Observation[]): Promise<void> => {
  await stores.observations.append(values);
  await stores.work.markDirty(marksOf(values));
};

const takeBack = async (values: readonly Observation[]): Promise<void> => {
  for (const { datastream, phenomenonTime: time } of values)
    await stores.observations.replace(datastream, time, time + 1, []);
  await stores.work.markDirty(marksOf(values));
};

const events = () => stores.events.list({ from: 0, to: T0 + 999 * DAY, limit: 1_000 });
const everything = async () => ({
  events: await events(),
  rollups: [await stores.rollups.range(FILL, 0, T0 + 999 * DAY), await stores.rollups.range(LEVEL, 0, T0 + 999 * DAY)],
});

/** A slot that fills by a percentage point an hour and is emptied every 60 hours. */
const slot = Array.from({ length: 24 * 12 }, (_, i) => at(FILL, T0 + i * HOUR, (20 + i) % 60));
/** A gauge with a storm of two tops at the turn of a day, which lasts into the next but one; one gull. */
const gauge = Array.from({ length: 6 * 24 * 6 }, (_, i) => {
  const hours = i / 6;
  const bell = (hour: number, width: number) => Math.exp(-(((hours - hour) / width) ** 2));
  const level = 1.4 * bell(62, 10) + 1.1 * bell(81, 9) + 0.02 * Math.sin(i);
  return at(LEVEL, T0 + i * 10 * MINUTE, i === 60 ? level + 1.5 : level);
});

describe('derived figures of the use cases', () => {
  it('are emptyings and surges', async () => {
    await arrive([...slot, ...gauge]);
    await deriveAll();
    const found = await events();
    expect(found.filter(({ kind }) => kind === 'emptying').map(({ time }) => (time - T0) / HOUR)).toEqual([
      280, 220, 160, 100, 40,
    ]);
    const surges = found.filter(({ kind }) => kind === 'surge');
    expect(surges).toMatchObject([{ thing: 'gauge', label: 'medium_storm_surge' }]);
    expect(surges[0]?.value).toBeCloseTo(1.42, 1);
    expect((surges[0]?.until ?? 0) - (surges[0]?.time ?? 0)).toBeGreaterThan(20 * HOUR);
  });

  it('end the same in any order of arrival', async () => {
    const all = [...slot, ...gauge];
    await arrive(all);
    await deriveAll();
    const expected = await everything();
    const parts = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(parts, fc.boolean(), async (part, reversed) => {
        stores.database.close();
        open();
        for (const wanted of reversed ? [3, 2, 1, 0] : [0, 1, 2, 3]) {
          await arrive(all.filter((_, i) => part[i % 40] === wanted));
          await deriveAll();
        }
        expect(await everything()).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it('stay the same in a replay, and go and come with their observations', async () => {
    await arrive([...slot, ...gauge]);
    await deriveAll();
    const before = await everything();
    await arrive(slot);
    await arrive(gauge);
    await deriveAll();
    expect(await everything()).toEqual(before);
    for (const part of [slot.slice(90, 110), gauge.slice(300, 500), gauge, slot]) {
      await takeBack(part);
      await deriveAll();
      const fewer = await everything();
      expect(fewer).not.toEqual(before);
      await arrive(part);
      await deriveAll();
      expect(await everything()).toEqual(before);
    }
  }, 60_000);

  it('move with late data: an emptying is as early as its first low value', async () => {
    const timeOf = async () => (await events()).map(({ time }) => (time - T0) / HOUR).filter((hour) => hour < 60);
    const late = slot.slice(36, 44);
    await arrive(slot.filter((value) => !late.includes(value)));
    await deriveAll();
    expect(await timeOf()).toEqual([44]);
    await arrive(late);
    await deriveAll();
    expect(await timeOf()).toEqual([40]);
    // The container was never empty: the sensor was corrected.
    await arrive(slot.slice(40, 100).map((value) => ({ ...value, value: 59, position: 2 })));
    await deriveAll();
    expect(await timeOf()).toEqual([]);
  });

  it('split one storm into two when late values show the quiet between, and join them again', async () => {
    const quiet = at(LEVEL, T0 + 73 * HOUR, 0.2);
    const between = Array.from({ length: 5 }, (_, i) => ({
      ...quiet,
      phenomenonTime: quiet.phenomenonTime + i * 10 * MINUTE,
      position: 9,
    }));
    await arrive(gauge);
    await deriveAll();
    const before = await events();
    await arrive(between);
    await deriveAll();
    expect((await events()).map(({ label }) => label)).toEqual(['storm_surge', 'medium_storm_surge']);
    await takeBack(between);
    await arrive(gauge);
    await deriveAll();
    expect(await events()).toEqual(before);
  });

  it('outlive observations that were pruned', async () => {
    await arrive([...slot, ...gauge]);
    await deriveAll();
    const before = await everything();
    await stores.observations.prune(T0 + 9 * DAY);
    // Stragglers of the pruned days come once more.
    await arrive([...slot.slice(39, 41), ...gauge.slice(380, 400)]);
    await deriveAll(T0 + 9 * DAY);
    expect(await everything()).toEqual(before);
  });

  it('say nothing of water whose mean is not known', async () => {
    const thing = registry.require('thing', 'gauge');
    await arrive(gauge);
    registry.apply([{ kind: 'thing', put: { ...thing, properties: { datum: 'PNP' } } }]);
    await deriveAll();
    expect(await events()).toEqual([]);
    registry.apply([{ kind: 'thing', put: thing }]);
    await arrive(gauge);
    await deriveAll();
    expect(await events()).toHaveLength(1);
  });
});
