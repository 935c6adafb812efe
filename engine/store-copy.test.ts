import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Observation } from '../model/observation.ts';
import type { Datastream } from '../model/registry.ts';
import { DAY } from '../model/time.ts';
import { type EmbeddedStores, openStores } from '../store/embedded/stores.ts';
import type { ObservationStore, RangeQuery } from '../store/observations.ts';
import { type ObservationHome, openHome } from './observation-home.ts';
import { type CopyProgress, copyObservations } from './store-copy.ts';

const T0 = Date.UTC(2026, 4, 1);
const datastream: Datastream = { id: 'a.fill_level', key: 1, thing: 'a', property: 'fill_level', unit: '%' };
const values = [0, 1, 2].map((day): Observation => {
  const time = T0 + day * DAY;
  const rest = { flag: 1, tests: 0, record: 0, receivedAt: time, storedAt: time } as const;
  return { datastream: 1, phenomenonTime: time, value: day, position: day + 1, ...rest };
});

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
      until: T0 + 9 * DAY,
      progress: { done: {} },
      save: () => undefined,
      ...changes,
    });

  it('copies everything, and only what is new when it is run again', async () => {
    const saved: CopyProgress[] = [];
    expect(await copy({ save: (progress) => saved.push(progress) })).toMatchObject({ days: 3, observations: 3 });
    expect(await copy({ progress: saved.at(-1) ?? { done: {} } })).toMatchObject({ days: 0, observations: 0 });
    expect(await copy({ since: T0 + 2 * DAY })).toMatchObject({ days: 1 });
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
