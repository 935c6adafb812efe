import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMarker } from '../derive/definition.ts';
import { rollupDerivation } from '../derive/rollup.ts';
import { type Catalogue, loadCatalogue } from '../devices/catalogue.ts';
import { HubError } from '../model/errors.ts';
import { DAY, HOUR } from '../model/time.ts';
import { type EmbeddedStores, openStores } from '../store/embedded/stores.ts';
import type { NewEntry } from '../store/journal.ts';
import type { RegistryChange } from '../store/registry.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { devEuiOf, topicOf, uplinkBody } from '../test/support/chirpstack-uplink.ts';
import { prepareEntry } from './intake.ts';
import { adaptersOf } from './networks/adapters.ts';
import { Projector, type ProjectorDeps } from './projector.ts';
import { Replays } from './replay.ts';

const T0 = Date.UTC(2026, 2, 2, 7);
const DEVICE = devEuiOf(1);
const PROFILE = 'milesight/em400-tld';
const networks = adaptersOf([{ id: 'north', kind: 'chirpstack-v4' }]);

const uplinkAt = (fCnt: number): NewEntry => {
  const time = T0 + fCnt * HOUR;
  const body = uplinkBody({ devEui: DEVICE, fCnt, time });
  return prepareEntry(
    { network: 'north', topic: topicOf(DEVICE), body, arrivedAt: time },
    { adapters: networks, maxBodyBytes: 65_536 },
  );
};

const deploymentAt = (thing: string): RegistryChange => {
  const put = { id: 'd', device: DEVICE, thing, from: '2026-01-01T00:00:00Z', to: null, parameters: {}, channels: {} };
  return { kind: 'deployment', put };
};
const things = ['slot-a', 'slot-b'].map((id): RegistryChange => {
  return { kind: 'thing', put: { id, name: id, kind: 'container_slot', site: 's', simulated: false, properties: {} } };
});
const point = { type: 'Point' as const, coordinates: [10, 54] as [number, number] };
const region: RegistryChange[] = [
  { kind: 'municipality', put: { id: 'm', name: 'M', key: '01057001' } },
  { kind: 'site', put: { id: 's', name: 'S', municipality: 'm', geometry: point } },
  ...things,
  { kind: 'device', put: { id: DEVICE, profile: PROFILE, parameters: {}, simulated: false } },
  deploymentAt('slot-a'),
];

/** The profile's codec, made to count the device's frames in its state. */
const countingCatalogue = async (seen: number[]): Promise<Catalogue> => {
  const catalogue = await loadCatalogue();
  const entry = catalogue.get(PROFILE);
  if (!entry) throw new Error('no profile');
  const decodeUplink: typeof entry.codec.decodeUplink = (input) => {
    const n = ((input.state as { n?: number } | undefined)?.n ?? 0) + 1;
    seen.push(n);
    return { ...entry.codec.decodeUplink(input), state: { n } };
  };
  const counting = {
    ...entry,
    profile: { ...entry.profile, stateHorizonS: 3600 },
    codec: { ...entry.codec, decodeUplink },
  };
  return { ...catalogue, get: (id) => (id === PROFILE ? counting : catalogue.get(id)), list: () => [counting] };
};

describe('a store that is in trouble', () => {
  let folder: string;
  let stores: EmbeddedStores;
  let registry: RegistryIndex;
  let projector: Projector;
  let replays: Replays;
  let seen: number[];
  /** Thrown instead of writing elsewhere; and after that, instead of writing here. */
  let elsewhereFails: HubError | undefined;
  let hereFails: HubError | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plietsch-trouble-'));
    stores = openStores({ file: join(folder, 'hub.db'), timeZone: 'UTC' });
    registry = new RegistryIndex();
    await register(...region);
    seen = [];
    elsewhereFails = undefined;
    hereFails = undefined;
    const deps: ProjectorDeps = {
      journal: stores.journal,
      observations: stores.observations,
      work: stores.work,
      downlinks: stores.downlinks,
      details: stores.details,
      registryStore: stores.registry,
      registry,
      catalogue: await countingCatalogue(seen),
      adapters: networks,
      clock: () => T0 + 10 * DAY,
      together: (work) => stores.database.together(work),
      commit: async ({ elsewhere, here }) => {
        if (elsewhereFails) throw elsewhereFails;
        await elsewhere();
        if (hereFails) throw hereFails;
        return stores.database.together(here);
      },
      marksOf: createMarker([rollupDerivation], (key) => projector.registrar.datastream(key)?.property),
      onStored: () => undefined,
    };
    projector = new Projector(deps);
    replays = new Replays({ ...deps, projector, bookmarks: stores.journal, newId: () => 'job' });
  });
  afterEach(() => {
    stores.database.close();
    rmSync(folder, { recursive: true });
  });

  const register = async (...changes: RegistryChange[]): Promise<void> => {
    await stores.registry.apply(changes);
    registry.apply(changes);
  };
  const project = async (): Promise<void> => {
    await projector.digest(500);
    await projector.flush();
  };
  const replay = () =>
    replays.request({ scope: { device: DEVICE }, since: 0, dryRun: false, reason: 'registry change' });

  it('makes no flood of an uplink that has to be tried often', async () => {
    await stores.journal.append([uplinkAt(1)]);
    elsewhereFails = new HubError('HUB_STORE_UNAVAILABLE');
    for (let i = 0; i < 400; i++) await project().catch(() => undefined);
    elsewhereFails = undefined;
    await project();
    expect(await stores.journal.outcome(1)).toBe('decoded');
  });

  it.each(['HUB_STORE_UNAVAILABLE', 'HUB_STORE_REFUSED', 'HUB_DISK_FULL'] as const)(
    '%s fails no replay: it goes on from the states that it had',
    async (code) => {
      await stores.journal.append([uplinkAt(1), uplinkAt(2)]);
      await project();
      await replay();
      seen.length = 0;
      let failed = 0;
      for (let i = 0; i < 20; i++) {
        const applies = (await stores.work.job('job'))?.pass === 'apply';
        elsewhereFails = applies && failed < 3 ? new HubError(code) : undefined;
        await replays.step().catch(() => failed++);
      }
      expect(failed).toBe(3);
      expect(await stores.work.job('job')).toMatchObject({ state: 'done' });
      expect(Math.max(...seen)).toBe(2);
      expect((await stores.work.codecState(DEVICE))?.state).toEqual({ n: 2 });
    },
  );

  it('loses no mark of what a replay took back before it was cut off', async () => {
    await stores.journal.append([uplinkAt(1)]);
    await project();
    await stores.work.clean(await stores.work.dirty('rollup', 1000));
    await register(deploymentAt('slot-b'));
    await replay();
    let failed = 0;
    for (let i = 0; i < 20; i++) {
      const takesBack = (await stores.work.job('job'))?.pass === 'takeBack';
      hereFails = takesBack && failed === 0 ? new HubError('HUB_DISK_FULL') : undefined;
      await replays.step().catch(() => failed++);
    }
    expect(failed).toBe(1);
    const marks = await stores.work.dirty('rollup', 1000);
    const marked = marks.map(({ datastream }) => registry.datastreamByKey(datastream)?.id);
    expect(marked).toContain('slot-a.distance');
    expect(marked).toContain('slot-b.distance');
  });

  it('says of a retried dead letter what really became of it', async () => {
    await stores.journal.append([uplinkAt(1)]);
    await project();
    const [entry] = await stores.journal.read(0, 1);
    if (!entry) throw new Error('no entry');
    const append = stores.observations.append.bind(stores.observations);
    stores.observations.append = async (batch) => {
      const [first] = batch;
      await append(batch.slice(1));
      return { rejected: first ? [{ observation: first, reason: 'field type conflict' }] : [] };
    };
    expect(await projector.retry(entry)).toBe('deadLetter');
    expect((await stores.journal.deadLetters({ limit: 9 })).items[0]).toMatchObject({
      code: 'HUB_STORE_REJECTED',
      detail: 'field type conflict',
    });
  });
});
