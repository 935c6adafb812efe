import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMarker } from '../derive/definition.ts';
import { qualityDerivation } from '../derive/quality.ts';
import { type Catalogue, loadCatalogue } from '../devices/catalogue.ts';
import type { Observation } from '../model/observation.ts';
import { deviceThingId } from '../model/registry.ts';
import { DAY, HOUR } from '../model/time.ts';
import { type EmbeddedStores, openStores } from '../store/embedded/stores.ts';
import type { NewEntry } from '../store/journal.ts';
import { outcomes } from '../store/journal.ts';
import type { RegistryChange } from '../store/registry.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { devEuiOf, payloadOf, topicOf, uplinkBody } from '../test/support/chirpstack-uplink.ts';
import { prepareEntry } from './intake.ts';
import { adapters } from './networks/adapters.ts';
import { Projector, type ProjectorDeps, type StoredBatch } from './projector.ts';
import { Replays } from './replay.ts';

const T0 = Date.UTC(2026, 2, 2, 7);
const DEVICE = devEuiOf(1);
const chirpstack = adapters.get('chirpstack-v4');
if (!chirpstack) throw new Error('no adapter');
const networks = new Map([['north', chirpstack]]);

const uplinkAt = (fCnt: number, changes: { time?: number; distanceMm?: number; body?: Buffer } = {}): NewEntry => {
  const { time = T0 + fCnt * HOUR, distanceMm = 1000 } = changes;
  const body = changes.body ?? uplinkBody({ devEui: DEVICE, fCnt, time, distanceMm });
  const message = { network: 'north', topic: topicOf(DEVICE), body, arrivedAt: time };
  return prepareEntry(message, { adapters: networks, maxBodyBytes: 65_536 });
};

const base: RegistryChange[] = [
  { kind: 'municipality', put: { id: 'm', name: 'M', key: '01057001' } },
  { kind: 'site', put: { id: 's', name: 'S', municipality: 'm', geometry: { type: 'Point', coordinates: [10, 54] } } },
  {
    kind: 'thing',
    put: { id: 'slot-a', name: 'A', kind: 'container_slot', site: 's', simulated: false, properties: {} },
  },
  {
    kind: 'thing',
    put: { id: 'slot-b', name: 'B', kind: 'container_slot', site: 's', simulated: false, properties: {} },
  },
];

const device = (parameters = {}): RegistryChange => ({
  kind: 'device',
  put: { id: DEVICE, profile: 'milesight/em400-tld', parameters, simulated: false },
});

const deployment = (id: string, thing: string, from: number, to: number | null): RegistryChange => ({
  kind: 'deployment',
  put: {
    id,
    device: DEVICE,
    thing,
    from: new Date(from).toISOString(),
    to: to === null ? null : new Date(to).toISOString(),
    parameters: { emptyDistanceMm: 2000, fullDistanceMm: 500 },
    channels: {},
  },
});

describe('projector and replays', () => {
  let folder: string;
  let stores: EmbeddedStores;
  let registry: RegistryIndex;
  let catalogue: Catalogue;
  let projector: Projector;
  let replays: Replays;
  let stored: StoredBatch[];

  const step = async (limit: number): Promise<number> => {
    const entries = await projector.digest(limit);
    await projector.flush();
    return entries;
  };

  const register = async (...changes: RegistryChange[]): Promise<void> => {
    await stores.registry.apply(changes);
    registry.apply(changes);
  };

  const build = (): void => {
    registry = new RegistryIndex();
    stored = [];
    const deps: ProjectorDeps = {
      journal: stores.journal,
      observations: stores.observations,
      work: stores.work,
      downlinks: stores.downlinks,
      details: stores.details,
      registryStore: stores.registry,
      registry,
      catalogue,
      adapters: networks,
      clock: () => T0 + 10 * DAY,
      together: (work) => stores.database.together(work),
      commit: ({ elsewhere, here }) =>
        stores.database.together(async () => {
          await elsewhere();
          return here();
        }),
      marksOf: createMarker([qualityDerivation], (key) => projector.registrar.datastream(key)?.property),
      onStored: (batch) => stored.push(batch),
    };
    projector = new Projector(deps);
    let id = 0;
    replays = new Replays({ ...deps, projector, bookmarks: stores.journal, newId: () => `job-${id++}` });
  };

  const valuesOf = async (datastreamId: string): Promise<(number | null)[]> => {
    const datastream = registry.get('datastream', datastreamId);
    if (!datastream) return [];
    const values: Observation[] = [];
    for await (const value of stores.observations.range({ datastreams: [datastream.key], from: 0, to: T0 + 99 * DAY }))
      values.push(value);
    return values.map((value) => value.value);
  };

  const books = async () => {
    const all = await stores.journal.books({});
    const sum = (column: 'received' | 'duplicates' | (typeof outcomes)[number]) =>
      all.reduce((total, day) => total + day[column], 0);
    expect(sum('duplicates') + outcomes.reduce((total, outcome) => total + sum(outcome), 0)).toBe(sum('received'));
    return Object.fromEntries(outcomes.map((outcome) => [outcome, sum(outcome)]));
  };

  const replay = async (request: Parameters<Replays['request']>[0]) => {
    const job = await replays.request(request);
    while (await replays.step());
    return stores.work.job(job.id);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plietsch-projector-'));
    stores = openStores({ file: join(folder, 'hub.db'), timeZone: 'Europe/Berlin' });
    catalogue = await loadCatalogue();
    build();
    await register(...base);
  });
  afterEach(() => {
    stores.database.close();
    rmSync(folder, { recursive: true });
  });

  it('turns an uplink into observations of its thing and of the device, in the units of the properties', async () => {
    await register(device(), deployment('d', 'slot-a', T0, null));
    await stores.journal.append([uplinkAt(1, { distanceMm: 1250 })]);
    await step(100);
    expect(await valuesOf('slot-a.distance')).toEqual([1250]);
    expect(await valuesOf('slot-a.fill_level')).toEqual([50]);
    expect(await valuesOf(`${deviceThingId(DEVICE)}.battery_level`)).toEqual([92]);
    expect(registry.get('thing', deviceThingId(DEVICE))?.kind).toBe('device');
    expect(await books()).toMatchObject({ decoded: 1, pending: 0 });
    expect(stored[0]?.observations[0]).toMatchObject({
      position: 1,
      codec: expect.stringContaining('milesight/em400-tld@'),
    });
  });

  it('leaves history at the thing where it was measured when the device moves', async () => {
    await register(
      device(),
      deployment('d1', 'slot-a', T0, T0 + 90 * 60_000),
      deployment('d2', 'slot-b', T0 + 90 * 60_000, null),
    );
    await stores.journal.append([uplinkAt(1, { distanceMm: 1 }), uplinkAt(2, { distanceMm: 2 })]);
    await step(100);
    expect([await valuesOf('slot-a.distance'), await valuesOf('slot-b.distance')]).toEqual([[1], [2]]);
  });

  it('is repeatable: a cursor set back changes nothing', async () => {
    await register(device(), deployment('d', 'slot-a', T0, null));
    await stores.journal.append([uplinkAt(1), uplinkAt(2)]);
    await step(1);
    const before = await valuesOf('slot-a.distance');
    stores.database.exec('DELETE FROM cursor');
    build();
    registry.apply(await stores.registry.load());
    await step(100);
    expect(await valuesOf('slot-a.distance')).toEqual([...before, 1000]);
  });

  it('writes nothing of a batch whose commit fails, and does it again', async () => {
    await register(device(), deployment('d', 'slot-a', T0, null));
    await stores.journal.append([uplinkAt(1)]);
    stores.database.exec("CREATE TRIGGER full BEFORE INSERT ON cursor BEGIN SELECT RAISE(ABORT, 'no'); END");
    await expect(step(100)).rejects.toThrow();
    expect(await books()).toMatchObject({ pending: 1, decoded: 0 });
    expect(registry.datastreamOf('slot-a', 'distance')).toBeUndefined();
    stores.database.exec('DROP TRIGGER full');
    await step(100);
    expect(await valuesOf('slot-a.distance')).toEqual([1000]);
  });

  it('keeps unknown, undeployed and undecodable uplinks, each where it can be found', async () => {
    const broken = JSON.parse(uplinkBody({ devEui: DEVICE, fCnt: 3, time: T0 }).toString()) as { data: string };
    broken.data = Buffer.from('0367', 'hex').toString('base64');
    await stores.journal.append([uplinkAt(1)]);
    await step(9);
    await register(device());
    await stores.journal.append([
      uplinkAt(2),
      uplinkAt(3, { body: Buffer.from(JSON.stringify(broken)) }),
      uplinkAt(4, { body: Buffer.from('{') }),
    ]);
    await step(9);
    expect(await books()).toMatchObject({ unknownDevice: 1, notPlaced: 1, deadLetter: 2 });
    const letters = (await stores.journal.deadLetters({ limit: 9 })).items;
    expect(letters.map((letter) => letter.code).sort()).toEqual(['HUB_CODEC_PAYLOAD', 'HUB_ENVELOPE_NOT_JSON']);
    expect((await stores.journal.unknownDevices({ limit: 9 })).items[0]?.frames[0]?.hex).toBe(
      payloadOf(1000, 20).toString('hex'),
    );
    expect(await valuesOf(`${deviceThingId(DEVICE)}.battery_level`)).toEqual([92]);
  });

  it('takes a device gone wild off the air for the hour', async () => {
    await register(device(), deployment('d', 'slot-a', 0, null));
    const limit = catalogue.get('milesight/em400-tld')?.profile.maxUplinksPerHour as number;
    await stores.journal.append(Array.from({ length: limit + 5 }, (_, i) => uplinkAt(i, { time: T0 + i * 100 })));
    await step(limit + 10);
    expect(await books()).toMatchObject({ decoded: limit, deadLetter: 5 });
    expect((await stores.journal.deadLetters({ limit: 1 })).items[0]?.code).toBe('HUB_DEVICE_FLOODING');
  });

  it('makes joins and status answers health of the device', async () => {
    await register(device());
    const status = {
      deduplicationId: 'x',
      time: new Date(T0).toISOString(),
      deviceInfo: { devEui: DEVICE },
      margin: 10,
      batteryLevel: 88.5,
    };
    const topic = topicOf(DEVICE).replace('/up', '/status');
    const message = { network: 'north', topic, body: Buffer.from(JSON.stringify(status)), arrivedAt: T0 };
    await stores.journal.append([prepareEntry(message, { adapters: networks, maxBodyBytes: 9999 })]);
    await step(9);
    const thing = deviceThingId(DEVICE);
    expect([await valuesOf(`${thing}.battery_level`), await valuesOf(`${thing}.link_margin`)]).toEqual([[88.5], [10]]);
    expect(await books()).toMatchObject({ other: 1 });
  });

  it('notes what a network server says about a downlink, if it is the one that the order went through', async () => {
    await register(device());
    const order = {
      device: DEVICE,
      fPort: 85,
      hex: 'ff10ff',
      confirmed: true,
      state: 'sent',
      history: [{ state: 'queued', at: T0, by: 'anna' }],
    } as const;
    await stores.downlinks.put({ ...order, id: 'ours', network: 'north' });
    await stores.downlinks.put({ ...order, id: 'others', network: 'south' });
    for (const queueItemId of ['ours', 'others', 'unknown']) {
      const ack = { time: new Date(T0).toISOString(), deviceInfo: { devEui: DEVICE }, queueItemId, acknowledged: true };
      const topic = topicOf(DEVICE).replace('/up', '/ack');
      const message = { network: 'north', topic, body: Buffer.from(JSON.stringify(ack)), arrivedAt: T0 };
      await stores.journal.append([prepareEntry(message, { adapters: networks, maxBodyBytes: 9999 })]);
    }
    await step(9);
    expect(await stores.downlinks.order('ours')).toMatchObject({ state: 'acknowledged' });
    expect((await stores.downlinks.order('ours'))?.history.at(-1)).toMatchObject({ by: 'north', at: T0 });
    expect(await stores.downlinks.order('others')).toMatchObject({ state: 'sent' });
  });

  describe('replay', () => {
    const since = { since: 0, dryRun: false, reason: 'test' };

    it('brings back the past of an adopted device', async () => {
      await stores.journal.append([uplinkAt(1), uplinkAt(2)]);
      await step(9);
      await register(device(), deployment('d', 'slot-a', T0, null));
      const job = await replay({ ...since, scope: { device: DEVICE } });
      expect(job).toMatchObject({ state: 'done', done: 2, diff: { changed: 0, gone: 0 } });
      expect(await valuesOf('slot-a.distance')).toEqual([1000, 1000]);
      expect(await books()).toMatchObject({ decoded: 2, unknownDevice: 0 });
    });

    it('shows changed, new and gone values before it applies them, and a dry run applies nothing', async () => {
      await register(device(), deployment('d', 'slot-a', T0, null));
      await stores.journal.append([uplinkAt(1), uplinkAt(2, { distanceMm: 1400 })]);
      await step(9);
      const moved = deployment('d', 'slot-b', T0, null);
      await register(moved);
      const dry = await replay({ ...since, dryRun: true, scope: { all: true } });
      expect(dry?.diff).toMatchObject({ changed: 0 });
      expect(dry?.diff.added).toBe(dry?.diff.gone);
      expect(dry?.diff.gone).toBeGreaterThan(0);
      expect(await valuesOf('slot-a.distance')).toEqual([1000, 1400]);
      await replay({ ...since, scope: { profile: 'milesight/em400-tld' } });
      expect(await valuesOf('slot-a.distance')).toEqual([]);
      expect(await valuesOf('slot-b.distance')).toEqual([1000, 1400]);
      expect(await books()).toMatchObject({ decoded: 2 });
    });

    it('lists the largest change first', async () => {
      await register(device(), deployment('d', 'slot-a', T0, null));
      await stores.journal.append([uplinkAt(1, { distanceMm: 1900 }), uplinkAt(2, { distanceMm: 600 })]);
      await step(9);
      const wider = deployment('d', 'slot-a', T0, null) as Extract<
        RegistryChange,
        { kind: 'deployment'; put: unknown }
      >;
      await register({
        kind: 'deployment',
        put: { ...wider.put, parameters: { emptyDistanceMm: 2000, fullDistanceMm: 0 } },
      });
      const job = await replay({ ...since, scope: { all: true } });
      expect(job?.diff).toMatchObject({ changed: 2, added: 0, gone: 0 });
      const [first, second] = job?.diff.largest ?? [];
      expect(Math.abs(Number(first?.after) - Number(first?.before))).toBeGreaterThan(
        Math.abs(Number(second?.after) - Number(second?.before)),
      );
      expect(await valuesOf('slot-a.fill_level')).toEqual([5, 70]);
    });

    it('goes on after a restart where it stood', async () => {
      await stores.journal.append(Array.from({ length: 900 }, (_, i) => uplinkAt(i, { time: T0 + i * 6 * 60_000 })));
      while ((await step(500)) > 0);
      await register(device(), deployment('d', 'slot-a', T0, null));
      const { id } = await replays.request({ ...since, scope: { device: DEVICE } });
      await replays.step();
      await replays.step();
      build();
      registry.apply(await stores.registry.load());
      await replays.load();
      while (await replays.step());
      expect((await stores.work.job(id))?.state).toBe('done');
      expect(await valuesOf('slot-a.distance')).toHaveLength(900);
      expect(await books()).toMatchObject({ decoded: 900 });
    });

    it('goes on with the next one when the one that runs is cancelled', async () => {
      await stores.journal.append(Array.from({ length: 900 }, (_, i) => uplinkAt(i, { time: T0 + i * 6 * 60_000 })));
      while ((await step(500)) > 0);
      await register(device(), deployment('d', 'slot-a', T0, null));
      const first = await replays.request({ ...since, scope: { all: true } });
      const second = await replays.request({ ...since, scope: { device: DEVICE } });
      await replays.step();
      await replays.cancel(first.id);
      while (await replays.step());
      expect((await stores.work.job(first.id))?.state).toBe('cancelled');
      expect((await stores.work.job(second.id))?.state).toBe('done');
    });

    it('fails a comparison whose codec is not to be had, and goes on', async () => {
      const candidate = { profile: 'custom/gone', version: 2 };
      const lost = await replays.request({ ...since, scope: { all: true }, dryRun: true, candidate });
      const next = await replays.request({ ...since, scope: { all: true } });
      while (await replays.step());
      expect(await stores.work.job(lost.id)).toMatchObject({ state: 'failed', error: /other versions/ });
      expect((await stores.work.job(next.id))?.state).toBe('done');
    });

    it('says aloud where pruning has cut the journal short', async () => {
      await stores.journal.append([uplinkAt(1), uplinkAt(2)]);
      await step(9);
      await stores.journal.prune(T0 + 90 * 60_000, 10);
      await register(device(), deployment('d', 'slot-a', T0, null));
      const job = await replay({ ...since, scope: { all: true } });
      expect(job?.bounded).toContain('2026-03-02T09:00');
      expect(await valuesOf('slot-a.distance')).toEqual([1000]);
    });
  });

  it('keeps books and deduplication when the journal is pruned', async () => {
    await stores.journal.append([uplinkAt(1), uplinkAt(2)]);
    await step(9);
    expect(await stores.journal.prune(T0 + DAY, 10)).toBe(2);
    expect(await stores.journal.append([uplinkAt(1)])).toEqual([{ duplicateOf: 1 }]);
    expect(await stores.journal.append([uplinkAt(3)])).toEqual([{ position: 3 }]);
    expect(await books()).toMatchObject({ unknownDevice: 2, pending: 1 });
  });
});
