import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Observation } from '../model/observation.ts';
import { type EmbeddedStores, openStores } from '../store/embedded/stores.ts';
import { createNewest } from './newest.ts';
import type { ObservationHome } from './observation-home.ts';

const STREAMS = 800;
const keys = Array.from({ length: STREAMS }, (_, i) => i + 1);
const T0 = Date.UTC(2026, 2, 2);

let folder: string;
let writer: EmbeddedStores;
let reader: EmbeddedStores;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plietsch-newest-'));
  const settings = { file: join(folder, 'hub.db'), timeZone: 'Europe/Berlin' };
  writer = openStores(settings);
  reader = openStores({ ...settings, readOnly: true });
});
afterEach(() => {
  reader.database.close();
  writer.database.close();
  rmSync(folder, { recursive: true });
});

const observation = (datastream: number, changes: Partial<Observation> = {}): Observation => ({
  datastream,
  phenomenonTime: T0 + datastream,
  value: datastream,
  flag: 1,
  tests: 0,
  position: datastream,
  record: 0,
  receivedAt: T0,
  storedAt: T0,
  ...changes,
});

const homeOf = (observations: Pick<EmbeddedStores['observations'], 'latest'>): ObservationHome =>
  ({ observations, isElsewhere: false }) as unknown as ObservationHome;

it('sees every write of another connection: new values, verdicts, removals', async () => {
  const newest = createNewest(homeOf(reader.observations), reader.database);
  expect(await newest(keys)).toEqual([]);
  await writer.observations.append(keys.map((key) => observation(key)));
  const expectAll = async () => expect(await newest(keys)).toEqual(await writer.observations.latest(keys));
  await expectAll();
  await writer.observations.append([observation(5, { phenomenonTime: T0 + 9_999, value: 0.5, position: 900 })]);
  await expectAll();
  await writer.observations.qualify([{ ...observation(7), flag: 3, tests: 4 }]);
  await expectAll();
  expect((await newest(keys)).find(({ datastream }) => datastream === 7)).toMatchObject({ flag: 3, tests: 4 });
  await writer.observations.remove([{ datastream: 5, time: T0 + 9_999 }]);
  await expectAll();
  // In the order asked for, and nothing for those that there are not.
  const some = [...keys.toReversed(), 4_000];
  expect((await newest(some)).map(({ datastream }) => datastream)).toEqual(keys.toReversed());
  expect(await newest()).toHaveLength(STREAMS);
  expect(await newest([3, 4_000])).toHaveLength(1);
});

it('reads again only after a write', async () => {
  let reads = 0;
  const observations = {
    latest: async (some?: readonly number[]) => {
      reads++;
      return reader.observations.latest(some);
    },
  };
  const newest = createNewest(homeOf(observations), reader.database);
  await writer.observations.append([observation(1)]);
  for (let i = 0; i < 3; i++) expect(await newest(keys)).toHaveLength(1);
  expect(reads).toBe(1);
  await writer.observations.append([observation(2)]);
  expect(await newest(keys)).toHaveLength(2);
  expect(reads).toBe(2);
});
