import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Observation } from '../model/observation.ts';
import type { Datastream } from '../model/registry.ts';
import { DAY, HOUR, SECOND } from '../model/time.ts';
import { type EmbeddedStores, openStores } from '../store/embedded/stores.ts';
import type { ObservationStore, RangeQuery } from '../store/observations.ts';
import type { Rollup } from '../store/rollups.ts';
import { type ObservationHome, openHome } from './observation-home.ts';
import { type CopyProgress, copyObservations } from './store-copy.ts';

const T0 = Date.UTC(2026, 4, 1);
const datastream: Datastream = { id: 'a.fill_level', key: 1, thing: 'a', property: 'fill_level', unit: '%' };
const other: Datastream = { ...datastream, id: 'b.fill_level', key: 2, thing: 'b' };
const values = [0, 1, 2].map((day): Observation => {
  const time = T0 + day * DAY;
  const rest = { flag: 1, tests: 0, record: 0, receivedAt: time, storedAt: time } as const;
  return { datastream: 1, phenomenonTime: time, value: day, position: day + 1, ...rest };
});

const hour = (time: number, n: number): Rollup => {
  const figures = { min: 1, max: 1, mean: 1, sum: n, first: 1, last: 1, coverage: 1 };
  return { hour: time, n, ...figures, flags: { 1: n, 2: 0, 3: 0, 4: 0, 9: 0 } };
};

describe('copy between stores', () => {
  const opened: { stores: EmbeddedStores; folder: string }[] = [];
  let from: ObservationHome;
  let to: ObservationHome;

  const open = (): ObservationHome => {
    const folder = mkdtempSync(join(tmpdir(), 'plietsch-copy-'));
    const stores = openStores({ file: join(folder, 'hub.db'), timeZone: 'UTC' });
    opened.push({ stores, folder });
    return openHome(undefined, {
      stores,
      together: (work) => stores.database.together(work),
      datastreamOf: () => datastream,
      datastreams: () => [datastream],
      keepDays: null,
    });
  };
  beforeEach(async () => {
    [from, to] = [open(), open()];
    await from.observations.append(values);
  });
  afterEach(() => {
    for (const { stores, folder } of opened.splice(0)) {
      stores.database.close();
      rmSync(folder, { recursive: true });
    }
  });

  const copy = (changes: Partial<Parameters<typeof copyObservations>[0]> = {}) =>
    copyObservations({
      from,
      to,
      datastreams: [datastream],
      since: 0,
      keptSince: 0,
      progress: { done: {} },
      save: () => undefined,
      markDirty: async () => undefined,
      clock: () => 0,
      ...changes,
    });

  it('copies everything, and only what is new when it is run again', async () => {
    const saved: CopyProgress[] = [];
    expect(await copy({ save: (progress) => saved.push(progress) })).toMatchObject({ days: 3, observations: 3 });
    expect(await copy({ progress: saved.at(-1) ?? { done: {} } })).toMatchObject({ days: 0, observations: 0 });
    expect(await copy({ since: T0 + 2 * DAY })).toMatchObject({ days: 1 });
  });

  it('copies what is stamped in the future', async () => {
    const time = Date.UTC(2060, 0, 1);
    await from.observations.append([{ ...values[0], phenomenonTime: time, position: 9 } as Observation]);
    expect(await copy()).toMatchObject({ observations: 4 });
    expect(await to.observations.at(1, time)).toMatchObject({ position: 9 });
  });

  it('writes its notes now and then, and when it is cut off', async () => {
    const saved: CopyProgress[] = [];
    let now = 0;
    const datastreams = Array.from({ length: 50 }, (_, i) => ({ ...datastream, id: `d${i}`, key: 100 + i }));
    const options = { datastreams, save: (progress: CopyProgress) => saved.push(progress) };
    await copy({ ...options, clock: () => (now += SECOND / 10) });
    expect(saved.length).toBeGreaterThan(2);
    expect(saved.length).toBeLessThan(10);
    saved.length = 0;
    const away = new Error('away');
    const broken = { ...to.rollups, range: () => Promise.reject(away), replace: () => Promise.reject(away) };
    await from.rollups.replace([{ datastream: 1, from: T0, to: T0 + HOUR, rows: [hour(T0, 1)] }]);
    await expect(copy({ to: { ...to, rollups: broken }, save: options.save })).rejects.toThrow('away');
    expect(saved).toEqual([{ done: { 'a.fill_level': T0 + 3 * DAY } }]);
  });

  it('leaves hours that only the target holds, and those that rest on more values there', async () => {
    const put = (home: ObservationHome, rows: Rollup[]) =>
      home.rollups.replace([{ datastream: 1, from: T0, to: T0 + DAY, rows }]);
    await put(from, [hour(T0, 5), hour(T0 + 2 * HOUR, 5), hour(T0 + 4 * HOUR, 5)]);
    await put(to, [hour(T0, 2), hour(T0 + HOUR, 3), hour(T0 + 2 * HOUR, 6), hour(T0 + 9 * HOUR, 7)]);
    expect(await copy()).toMatchObject({ hours: 2 });
    const held = await to.rollups.range(1, 0, T0 + DAY);
    expect(held.map((row) => [(row.hour - T0) / HOUR, row.n])).toEqual([
      [0, 5],
      [1, 3],
      [2, 6],
      [4, 5],
      [9, 7],
    ]);
  });

  it('has the hours of copied days worked out anew, and copies figures that outlived their observations', async () => {
    const marks: unknown[] = [];
    const rows = [hour(T0, 1)];
    await from.rollups.replace([{ datastream: 1, from: T0, to: T0 + HOUR, rows }]);
    const markDirty = async (found: readonly unknown[]) => void marks.push(...found);
    expect(await copy({ keptSince: T0 + 1, markDirty })).toMatchObject({ days: 2, hours: 1 });
    const mark = { derivation: 'rollup', datastream: 1 };
    expect(marks).toEqual([
      { ...mark, window: T0 + DAY },
      { ...mark, window: T0 + 2 * DAY },
    ]);
  });

  it('proves where each value came from', async () => {
    const forgetful: ObservationStore = Object.create(to.observations, {
      append: {
        value: (batch: readonly Observation[]) =>
          to.observations.append(batch.map((one) => ({ ...one, deployment: undefined }))),
      },
      range: { value: (query: RangeQuery) => to.observations.range(query) },
    });
    const placed = { ...values[0], datastream: 2, deployment: 'd1' } as Observation;
    await from.observations.append([placed]);
    const forgetting = { ...to, observations: forgetful };
    expect(await copy({ to: forgetting })).toMatchObject({ observations: 3 });
    await expect(copy({ to: forgetting, datastreams: [other] })).rejects.toThrow('b.fill_level differs on 2026-05-01');
    expect(await copy({ datastreams: [other] })).toMatchObject({ observations: 1 });
  });

  it('names the day on which the copy is not what was copied', async () => {
    const lossy: ObservationStore = Object.create(to.observations, {
      append: { value: async () => ({ rejected: [] }) },
      range: { value: (query: RangeQuery) => to.observations.range(query) },
    });
    await to.observations.append(values.map((value) => ({ ...value, value: 7, position: 99 })));
    await expect(copy({ to: { ...to, observations: lossy } })).rejects.toThrow('a.fill_level differs on 2026-05-01');
  });
});
