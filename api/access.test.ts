import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Observation } from '../model/observation.ts';
import { HOUR, MINUTE } from '../model/time.ts';
import { createAccess } from './access.ts';
import { createTestApi, DEV_EUI, fillRegion, NOW, observationOf, type TestApi } from './testing.ts';
import { expectNotTold } from './testing-guesses.ts';

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

const idsOf = async (url: string, headers?: Record<string, string>): Promise<string[]> =>
  (await api.get(url, headers)).json<{ items: { id: string }[] }>().items.map(({ id }) => id);

/** Every word that only belongs to what is private. */
const secrets = ['slot-laboe', 'slot-wendtorf', 'laboe-depot', 'wendtorf', 'waste', DEV_EUI, 'device-'];

describe('what the public sees', () => {
  it('is what open and delayed datasets hold, and what leads there', async () => {
    expect(await idsOf('/datastreams')).toEqual(['gauge-1.water_level', 'meter-1.energy']);
    expect(await idsOf('/things')).toEqual(['gauge-1', 'meter-1']);
    expect(await idsOf('/sites')).toEqual(['laboe-harbour', 'stein-hall']);
    expect(await idsOf('/municipalities')).toEqual(['laboe', 'ploen', 'stein']);
    expect(await idsOf('/datasets')).toEqual(['energy', 'levels']);
  });

  it('holds no word of what is private, in any list', async () => {
    for (const path of [
      '/datastreams',
      '/things',
      '/sites',
      '/municipalities',
      '/datasets',
      '/latest',
      '/latest?format=geojson',
    ]) {
      const { body } = await api.get(path);
      // "waste" is a word of the interface too, as a use case; here no public thing has it.
      for (const secret of secrets) expect(`${path}: ${body}`).not.toContain(secret);
    }
    // An open thing does not open its other datastreams.
    expect((await api.get('/things/gauge-1')).json()).toMatchObject({ datastreams: ['gauge-1.water_level'] });
  });

  it('tells a private id from none by nothing', async () => {
    const guesses = [
      ['/datastreams/#', 'slot-laboe.fill_level', 'slot-nowhere.fill_level'],
      ['/datastreams/#/observations', 'gauge-1.air_temperature', 'gauge-1.nothing'],
      ['/things/#', 'slot-laboe', 'slot-nowhere'],
      ['/sites/#', 'laboe-depot', 'laboe-nowhere'],
      ['/municipalities/#', 'wendtorf', 'nowhere'],
      ['/datasets/#', 'waste', 'nothing'],
      ['/latest?thing=#', 'slot-laboe', 'slot-nowhere'],
      ['/latest?municipality=#', 'wendtorf', 'nowhere'],
      ['/things?site=#', 'laboe-depot', 'nowhere'],
      ['/datastreams?dataset=#', 'waste', 'nothing'],
      ['/devices/#', DEV_EUI, '0000000000000000'],
    ] as const;
    await expectNotTold(api, guesses);
  });

  it('lists neither devices nor deployments nor uplinks', async () => {
    for (const path of [
      '/devices',
      '/deployments',
      '/uplinks/1/trace',
      '/networks',
      '/books',
      '/unknown-devices',
      '/dead-letters',
      '/region',
      '/tokens',
      '/reprocess',
    ]) {
      const answer = await api.get(path);
      expect(`${path} ${answer.statusCode}`).toBe(`${path} 401`);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it('is only what is old enough in a delayed dataset', async () => {
    const values = async (path: string, pick: (body: never) => unknown) => pick((await api.get(path)).json() as never);
    // 3 is a minute old, 2 an hour and a minute, 1 two hours: the delay is 90 minutes.
    expect(
      await values('/datastreams/meter-1.energy/observations', (body: { observations: Observation[] }) =>
        body.observations.map((o) => o.value),
      ),
    ).toEqual([1]);
    expect(
      await values('/latest?thing=meter-1', (body: { items: Observation[] }) => body.items.map((o) => o.value)),
    ).toEqual([1]);
    expect(
      await values(
        '/datastreams/meter-1.energy/observations?every=1d&aggregate=n,max',
        (body: { buckets: { n: number; max: number }[] }) =>
          body.buckets.map(({ n, max }) => [n, max]).filter(([n]) => n !== 0),
      ),
    ).toEqual([[1, 1]]);
    const all = await api.get('/datastreams/meter-1.energy/observations', await api.token('reader'));
    expect(all.json<{ observations: Observation[] }>().observations).toHaveLength(3);
    api.time.now = NOW + HOUR;
    expect(
      await values('/latest?thing=meter-1', (body: { items: Observation[] }) => body.items.map((o) => o.value)),
    ).toEqual([2]);
  });

  it('follows a change of a dataset at once', async () => {
    expect((await api.get('/datastreams/slot-laboe.fill_level')).statusCode).toBe(404);
    const waste = api.registry.require('dataset', 'waste');
    api.put('dataset', { ...waste, visibility: 'open' });
    expect((await api.get('/datastreams/slot-laboe.fill_level')).statusCode).toBe(200);
    api.put('dataset', waste);
    expect((await api.get('/datastreams/slot-laboe.fill_level')).statusCode).toBe(404);
    expect((await api.get('/latest')).body).not.toContain('slot-laboe');
  });

  it('never includes the things that stand for devices, whatever a dataset says', async () => {
    api.put('dataset', { ...api.registry.require('dataset', 'levels'), members: {} });
    expect(await idsOf('/datastreams')).not.toContain(`device-${DEV_EUI}.battery_level`);
    expect(await idsOf('/things')).toContain('slot-laboe');
    expect((await api.get('/things')).body).not.toContain('device-');
  });
});

describe('what a token of one municipality sees', () => {
  it('is its own and what is public', async () => {
    const laboe = await api.token('reader', 'laboe');
    expect(await idsOf('/datastreams', laboe)).toEqual([
      `device-${DEV_EUI}.battery_level`,
      'gauge-1.air_temperature',
      'gauge-1.water_level',
      'meter-1.energy',
      'slot-laboe.fill_level',
    ]);
    expect(await idsOf('/devices', laboe)).toEqual([DEV_EUI]);
    expect(await idsOf('/deployments', laboe)).toEqual(['d1']);
    expect((await api.get('/latest', laboe)).body).not.toContain('wendtorf');
    // Of others' delayed data it sees as little as the public.
    const energy = await api.get('/datastreams/meter-1.energy/observations', laboe);
    expect(energy.json<{ observations: unknown[] }>().observations).toHaveLength(1);
    const wendtorf = await api.token('operator', 'wendtorf');
    expect(await idsOf('/devices', wendtorf)).toEqual([]);
    expect((await api.get(`/devices/${DEV_EUI}`, wendtorf)).statusCode).toBe(404);
    expect((await api.get('/things/slot-laboe', wendtorf)).statusCode).toBe(404);
  });

  it('excludes what belongs to the whole region, also for operators and admins', async () => {
    for (const role of ['operator', 'admin'] as const) {
      const scoped = await api.token(role, 'laboe');
      for (const path of ['/books', '/unknown-devices', '/dead-letters', '/region', '/tokens', '/reprocess']) {
        expect(`${path} ${(await api.get(path, scoped)).statusCode}`).toBe(`${path} 403`);
      }
    }
  });
});

describe('the reader itself', () => {
  it('lets live observations through as it does stored ones', () => {
    const access = createAccess(api.deps);
    const seen = (principal: Parameters<typeof access>[0], id: string, ageMs = MINUTE) =>
      access(principal).sees(observationOf({ datastream: api.keys.get(id) ?? 0, phenomenonTime: NOW - ageMs })) !==
      undefined;
    expect(seen({}, 'gauge-1.water_level')).toBe(true);
    expect(seen({}, 'gauge-1.air_temperature')).toBe(false);
    expect(seen({}, 'slot-laboe.fill_level')).toBe(false);
    expect(seen({}, 'meter-1.energy')).toBe(false);
    expect(seen({}, 'meter-1.energy', 90 * MINUTE - 1)).toBe(false);
    expect(seen({}, 'meter-1.energy', 90 * MINUTE)).toBe(true);
    expect(seen({ role: 'reader' }, 'meter-1.energy')).toBe(true);
    expect(seen({ role: 'reader', municipality: 'laboe' }, 'meter-1.energy')).toBe(false);
    expect(seen({ role: 'reader', municipality: 'laboe' }, 'slot-laboe.fill_level')).toBe(true);
  });

  it('sums up nothing behind the horizon, and no sliver of it', async () => {
    const reader = createAccess(api.deps)({});
    const stream = reader.stream('meter-1.energy');
    const every = [{ ms: 10 * MINUTE }, { calendar: 'day', timeZone: 'Europe/Berlin' }] as const;
    for (const one of every) {
      expect(await reader.aggregate(stream, { from: NOW - 30 * MINUTE, to: NOW, every: one })).toEqual([]);
      const ends = (await reader.aggregate(stream, { from: NOW - 2 * HOUR, to: NOW, every: one })).map(({ to }) => to);
      expect(ends.at(-1)).toBe(NOW - 90 * MINUTE);
    }
  });

  it('asks the store for few delayed datastreams at a time', async () => {
    let atOnce = 0;
    let most = 0;
    const observations: TestApi['stores']['observations'] = Object.create(api.stores.observations, {
      latest: {
        value: async (keys: readonly number[]) => keys.map((datastream) => observationOf({ datastream })),
      },
      range: {
        value: async function* ({ datastreams: [datastream = 0] }: { datastreams: readonly number[] }) {
          most = Math.max(most, ++atOnce);
          await new Promise((resolve) => setImmediate(resolve));
          atOnce--;
          yield observationOf({ datastream, phenomenonTime: NOW - 2 * HOUR });
        },
      },
    });
    const meter = createAccess(api.deps)({}).stream('meter-1.energy');
    const many = Array.from({ length: 200 }, (_, i) => ({ ...meter, datastream: { ...meter.datastream, key: i + 1 } }));
    const found = await createAccess({ ...api.deps, observations })({}).latest(many);
    expect([found.size, new Set([...found.values()].map(({ phenomenonTime }) => phenomenonTime))]).toEqual([
      200,
      new Set([NOW - 2 * HOUR]),
    ]);
    expect(most).toBeLessThanOrEqual(16);
  });

  it('keeps journal and registry from all but operators of the whole region', () => {
    const access = createAccess(api.deps);
    for (const principal of [{}, { role: 'planner' as const }, { role: 'admin' as const, municipality: 'laboe' }]) {
      expect(() => access(principal).journal()).toThrow(/whole region/);
      expect(() => access(principal).allEntries()).toThrow(/whole region/);
    }
    expect(() => access({ role: 'operator' }).journal()).not.toThrow();
  });
});
