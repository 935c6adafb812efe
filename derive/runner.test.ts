import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../model/errors.ts';
import type { Observation } from '../model/observation.ts';
import { HOUR, MINUTE } from '../model/time.ts';
import type { Derivation } from '../store/derivation.ts';
import { type EmbeddedStores, openStores } from '../store/embedded/stores.ts';
import type { DerivedEvent, EventReplacement } from '../store/events.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import type { DirtyMark } from '../store/work.ts';
import { createMarker } from './definition.ts';
import { qualityDerivation } from './quality.ts';
import { DerivationRunner, type RunnerDeps } from './runner.ts';

const T0 = Date.UTC(2026, 0, 1);
const marks = (name: string, ...hours: number[]): DirtyMark[] =>
  hours.map((hour) => ({ derivation: name, window: T0 + hour * HOUR, datastream: 1 }));

let stores: EmbeddedStores;
beforeEach(() => {
  stores = openStores({ file: ':memory:', timeZone: 'Europe/Berlin' });
});
afterEach(() => stores.database.close());

const registry = new RegistryIndex();
registry.apply([
  { kind: 'datastream', put: { id: 'g.water_level', key: 1, thing: 'g', property: 'water_level', unit: 'm' } },
]);

const runnerOf = (...derivations: Derivation[]): DerivationRunner => runnerWith({ derivations });

const runnerWith = (changes: Partial<RunnerDeps> & Pick<RunnerDeps, 'derivations'>): DerivationRunner =>
  new DerivationRunner({
    observations: stores.observations,
    rollups: stores.rollups,
    events: stores.events,
    registry,
    work: stores.work,
    keptSince: () => 0,
    commit: ({ elsewhere, here }) =>
      stores.database.together(async () => {
        await elsewhere();
        return here();
      }),
    ...changes,
  });

/** A derivation that notes what it computes, and fails where it is told to. */
const derivationOf = (name: string, fails: (hour: number) => unknown = () => undefined) => {
  const computed: number[] = [];
  const derivation: Derivation = {
    name,
    windowMs: HOUR,
    concerns: () => true,
    compute: async ({ window }) => {
      const hour = (window - T0) / HOUR;
      computed.push(hour);
      const failure = fails(hour);
      if (failure) throw failure;
      return {};
    },
  };
  return { derivation, computed };
};

const at = (minutes: number, value: number, changes: Partial<Observation> = {}): Observation => ({
  datastream: 1,
  phenomenonTime: T0 + minutes * MINUTE,
  value,
  flag: 1,
  tests: 0,
  position: 1,
  record: 0,
  receivedAt: T0,
  storedAt: T0,
  ...changes,
});

describe('runner', () => {
  it('computes the oldest windows first, each once', async () => {
    const { derivation, computed } = derivationOf('a');
    await stores.work.markDirty([...marks('a', 5, 1, 3), ...marks('a', 1), ...marks('other', 0)]);
    const runner = runnerOf(derivation);
    expect([await runner.step(2), await runner.step(2), await runner.step(2)]).toEqual([2, 1, 0]);
    expect(computed).toEqual([1, 3, 5]);
    expect(await stores.work.dirtyCount()).toBe(1);
  });

  it('begins nothing more once it was enough, and lets the next derivation have the next turn', async () => {
    const [one, other] = [derivationOf('one'), derivationOf('other')];
    const all = Array.from({ length: 20 }, (_, hour) => hour);
    await stores.work.markDirty([...marks('one', ...all), ...marks('other', ...all)]);
    const runner = runnerOf(one.derivation, other.derivation);
    // Eight are computed at once: those that are under way are done.
    expect(await runner.step(20, () => true)).toBe(8);
    expect([one.computed.length, other.computed.length]).toEqual([8, 0]);
    expect(await runner.step(20, () => true)).toBe(8);
    expect([one.computed.length, other.computed.length]).toEqual([8, 8]);
    expect(await runner.step(20)).toBe(24);
  });

  it('goes on past windows that fail, and past a derivation that fails', async () => {
    const ill = derivationOf('ill', (hour) => hour < 3 && new TypeError('no such thing'));
    const well = derivationOf('well');
    await stores.work.markDirty([...marks('ill', 0, 1, 2, 3, 4), ...marks('well', 0)]);
    const runner = runnerOf(ill.derivation, well.derivation);
    // Said once, with what and where; the others are done all the same.
    await expect(runner.step(2)).rejects.toMatchObject({
      code: 'HUB_INTERNAL',
      message: 'Derivation ill of datastream 1 from 2026-01-01T01:00:00.000Z: no such thing',
    });
    expect(well.computed).toEqual([0]);
    for (let i = 0; i < 3; i++) await runner.step(2);
    expect(ill.computed).toEqual(expect.arrayContaining([3, 4]));
    expect(await stores.work.dirty('ill', 10)).toEqual(marks('ill', 0, 1, 2));
    expect(runner.failing).toBe(3);
  });

  it('tries what failed ever more rarely, is not kept busy by it, and forgets it once it succeeds', async () => {
    let broken = true;
    const { derivation, computed } = derivationOf('a', () => broken && new Error('still broken'));
    await stores.work.markDirty(marks('a', 0));
    const runner = runnerOf(derivation);
    await expect(runner.step(8)).rejects.toThrow('still broken');
    for (let i = 1; i < 1000; i++) expect(await runner.step(8)).toBe(0);
    expect(computed.length).toBeGreaterThan(5);
    expect(computed.length).toBeLessThan(11);
    broken = false;
    let steps = 0;
    while ((await runner.step(8)) === 0 && steps < 2000) steps++;
    expect([await stores.work.dirtyCount(), runner.failing]).toEqual([0, 0]);
  });

  it('stops trying where all windows fail', async () => {
    const { derivation, computed } = derivationOf('a', () => new Error('broken'));
    await stores.work.markDirty(marks('a', ...Array.from({ length: 3000 }, (_, i) => i)));
    const runner = runnerOf(derivation);
    await expect(runner.step(400)).rejects.toThrow('broken');
    for (let i = 0; i < 10; i++) await runner.step(400);
    expect(new Set(computed).size).toBe(1200);
    expect(runner.failing).toBe(1200);
    expect(await stores.work.dirtyCount()).toBe(3000);
  });

  it('leaves trouble of the store to whoever runs it, and blames no window for it', async () => {
    let full = true;
    const { derivation } = derivationOf('a', () => full && new HubError('HUB_UNAVAILABLE'));
    await stores.work.markDirty(marks('a', 0));
    const runner = runnerOf(derivation);
    for (let i = 0; i < 2; i++) await expect(runner.step(8)).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
    full = false;
    expect(await runner.step(8)).toBe(1);
  });

  it('begins no further windows once the store is in trouble: nobody waits behind their questions', async () => {
    const { derivation, computed } = derivationOf('a', () => new HubError('HUB_STORE_UNAVAILABLE'));
    await stores.work.markDirty(marks('a', ...Array.from({ length: 40 }, (_, hour) => hour)));
    await expect(runnerOf(derivation).step(40)).rejects.toMatchObject({ code: 'HUB_STORE_UNAVAILABLE' });
    expect(computed.length).toBeLessThanOrEqual(8);
  });

  it('writes verdicts and that a window is clean together: cut off in between, it does both again', async () => {
    const values = [at(0, 0), at(10, 0), at(20, 5), at(30, 0)];
    await stores.observations.append(values);
    await stores.work.markDirty(createMarker([qualityDerivation], () => 'water_level')(values));
    const { work } = stores;
    const clean = work.clean.bind(work);
    work.clean = () => Promise.reject(new HubError('HUB_DISK_FULL'));
    const runner = runnerOf(qualityDerivation);
    await expect(runner.step(8)).rejects.toMatchObject({ code: 'HUB_DISK_FULL' });
    work.clean = clean;
    expect((await stores.observations.at(1, T0 + 20 * MINUTE))?.tests).toBe(0);
    expect(await runner.step(8)).toBe(1);
    expect((await stores.observations.at(1, T0 + 20 * MINUTE))?.tests).toBeGreaterThan(0);
    expect(await stores.work.dirtyCount()).toBe(0);
  });

  it('ends the same whether windows that reach into each other are computed at once or one by one', async () => {
    // A flat line across three windows; a value that breaks it comes late and touches all of them.
    const flat = Array.from({ length: 60 }, (_, i) => at(i * 30, 0.5));
    const late = at(7 * 60 + 5, 0.9, { position: 2 });
    const mark = createMarker([qualityDerivation], () => 'water_level');
    const verdicts = async (limit: number, batches: readonly Observation[][]): Promise<string[]> => {
      stores.database.close();
      stores = openStores({ file: ':memory:', timeZone: 'Europe/Berlin' });
      const runner = runnerOf(qualityDerivation);
      for (const batch of batches) {
        await stores.observations.append(batch);
        await stores.work.markDirty(mark(batch));
        while ((await runner.step(limit)) > 0);
      }
      const found: string[] = [];
      for await (const { flag, tests } of stores.observations.range({ datastreams: [1], from: 0, to: Infinity }))
        found.push(`${flag}/${tests}`);
      return found;
    };
    const atOnce = await verdicts(8, [[...flat, late]]);
    expect(new Set(atOnce).size).toBeGreaterThan(1);
    expect(await verdicts(1, [flat, [late]])).toEqual(atOnce);
    expect(await verdicts(8, [[late], flat.slice(30), flat.slice(0, 30)])).toEqual(atOnce);
  });
});

describe('runner with observations elsewhere', () => {
  const event = (hour: number): DerivedEvent => ({
    kind: 'noon',
    thing: 'g',
    datastream: 1,
    derivation: 'noon',
    time: T0 + hour * HOUR,
    label: 'sharp',
    detail: {},
    evidenceTo: T0 + hour * HOUR,
  });
  const noon = (events: () => readonly DerivedEvent[]): Derivation => ({
    name: 'noon',
    windowMs: HOUR,
    concerns: () => true,
    compute: async ({ window }) => {
      const span = { derivation: 'noon', datastream: 1, from: window, to: window + HOUR };
      return { events: { span, events: events().filter(({ time }) => time >= span.from && time < span.to) } };
    },
  });

  it('writes there first, and again when cut off before it was noted here', async () => {
    const log: string[] = [];
    let cutOff = true;
    const runner = runnerWith({
      derivations: [noon(() => [event(1)])],
      mirror: {
        events: async (replacements) => {
          log.push(`elsewhere ${replacements.map(({ events }) => events.length).join(' ')}`);
        },
      },
      commit: async ({ elsewhere, here }) => {
        await elsewhere();
        if (cutOff) throw new HubError('HUB_UNAVAILABLE');
        log.push('here');
        return here();
      },
    });
    await stores.work.markDirty(marks('noon', 1, 2));
    await expect(runner.step(8)).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
    cutOff = false;
    expect(await runner.step(8)).toBe(2);
    // Of the window without an event there is nothing to tell.
    expect(log).toEqual(['elsewhere 1', 'elsewhere 1', 'here']);
    expect(await stores.events.list({ from: 0, to: Infinity, limit: 9 })).toEqual([event(1)]);
    expect(await stores.work.dirtyCount()).toBe(0);
  });

  it('tells the mirror only what has changed', async () => {
    const told: number[] = [];
    let found = [event(1)];
    const mirror = {
      events: async (replacements: readonly EventReplacement[]) => {
        told.push(...replacements.map(({ events }) => events.length));
      },
    };
    const runner = runnerWith({ derivations: [noon(() => found)], mirror });
    for (const events of [found, found, [], found]) {
      found = events;
      await stores.work.markDirty(marks('noon', 1));
      expect(await runner.step(8)).toBe(1);
    }
    expect(told).toEqual([1, 0, 1]);
  });

  it('lets the others look again at what got another verdict, even if it is cut off right after writing it', async () => {
    const values = [at(0, 0), at(10, 0), at(20, 5), at(30, 0), at(24 * 60, 0)];
    const seen = derivationOf('seen');
    await stores.observations.append(values);
    await stores.work.markDirty(createMarker([qualityDerivation], () => 'water_level')(values.slice(0, 1)));
    let cutOff = true;
    const runner = runnerWith({
      derivations: [qualityDerivation, seen.derivation],
      commit: async ({ elsewhere, here }) => {
        await elsewhere();
        if (cutOff) throw new HubError('HUB_UNAVAILABLE');
        return here();
      },
    });
    await expect(runner.step(8)).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
    expect((await stores.observations.at(1, T0 + 20 * MINUTE))?.tests).toBeGreaterThan(0);
    cutOff = false;
    while ((await runner.step(8)) > 0);
    // Values of the first hour got a verdict, that of the next day did not.
    expect(seen.computed).toEqual([0]);
  });
});

describe('marker', () => {
  const { derivation } = derivationOf('a');

  it('names each window once, before 1970 too', () => {
    const mark = createMarker([derivation], () => 'water_level');
    const found = mark([at(0, 1), at(59, 1), at(60, 1), { ...at(0, 1), phenomenonTime: -1 }]);
    expect(found.map(({ window }) => window)).toEqual([T0, T0 + HOUR, -HOUR]);
  });

  it('asks again for a datastream that was not known yet', () => {
    let property: string | undefined;
    const mark = createMarker([derivation], () => property);
    expect(mark([at(0, 1)])).toEqual([]);
    property = 'water_level';
    expect(mark([at(0, 1)])).toHaveLength(1);
  });
});
