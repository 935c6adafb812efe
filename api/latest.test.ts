import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegistryChange } from '../store/registry.ts';
import { pageOf } from './paging.ts';
import { featureCollection, latestResource } from './routes/latest.ts';
import { createTestApi, DEV_EUI, fillRegion, NOW, observationOf, type TestApi } from './testing.ts';

interface Page {
  readonly items: { readonly datastream: string }[];
  readonly next?: string;
}

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

const idsOf = async (query: string, headers?: Record<string, string>): Promise<string[]> => {
  const answer = await api.get(`/latest${query}`, headers);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<{ items: { datastream: string }[] }>().items.map(({ datastream }) => datastream);
};

describe('the newest values', () => {
  it('carry all that a reader needs', async () => {
    const { items } = (await api.get('/latest?property=water_level')).json<{ items: unknown[] }>();
    expect(items).toEqual([
      {
        datastream: 'gauge-1.water_level',
        property: 'water_level',
        unit: '%',
        value: 0.3,
        flag: 1,
        quality: 'pass',
        failedTests: [],
        phenomenonTime: '2026-03-02T11:59:00.000Z',
        ageS: 60,
        delayMinutes: 0,
        reportingIntervalS: 3600,
        useCase: 'coast',
        thing: { id: 'gauge-1', name: 'Thing gauge-1', kind: 'gauge', simulated: false },
        site: { id: 'laboe-harbour', name: 'Hafen' },
        municipality: { id: 'laboe', name: 'Laboe' },
        coordinates: [10.22, 54.4],
      },
    ]);
  });

  it('say what it takes to call one late: delay, interval of the device, channel', async () => {
    const of = async (thing: string, headers?: Record<string, string>) =>
      (await api.get(`/latest?thing=${thing}`, headers)).json<{ items: object[] }>().items;
    const all = await api.token('reader');
    expect(await of('meter-1')).toMatchObject([{ delayMinutes: 90, ageS: 7260 }]);
    expect(await of('meter-1', all)).toMatchObject([{ delayMinutes: 0, ageS: 60 }]);
    // Health of a device was not placed by a deployment.
    expect(await of(`device-${DEV_EUI}`, all)).toMatchObject([{ reportingIntervalS: 3600 }]);
    const traffic = {
      id: 'gauge-1.count.all',
      key: 90,
      thing: 'gauge-1',
      property: 'count',
      channel: 'all',
      unit: '1',
    };
    api.put('datastream', traffic);
    await api.stores.observations.append([observationOf({ datastream: 90, deployment: 'gone' })]);
    const [counted] = (await api.get('/latest?property=count', all)).json<{ items: object[] }>().items;
    expect(counted).toMatchObject({ channel: 'all' });
    expect(counted).not.toHaveProperty('reportingIntervalS');
  });

  it('are filtered by what they belong to', async () => {
    const all = await api.token('reader');
    expect(await idsOf('?municipality=wendtorf', all)).toEqual(['slot-wendtorf.fill_level']);
    expect(await idsOf('?useCase=waste', all)).toEqual(['slot-laboe.fill_level', 'slot-wendtorf.fill_level']);
    expect(await idsOf('?kind=gauge&property=air_temperature', all)).toEqual(['gauge-1.air_temperature']);
    expect(await idsOf('?thing=meter-1', all)).toEqual(['meter-1.energy']);
    expect(await idsOf('?bbox=10.225,54.405,10.285,54.43', all)).toEqual(['meter-1.energy', 'slot-laboe.fill_level']);
    expect(await idsOf('?bbox=10.285,54.405,10.225,54.43', all)).toEqual(['slot-wendtorf.fill_level']);
  });

  it('come as GeoJSON by parameter or by Accept', async () => {
    for (const answer of [
      await api.get('/latest?format=geojson&thing=gauge-1'),
      await api.get('/latest?thing=gauge-1', { accept: 'application/geo+json' }),
    ]) {
      expect(answer.headers['content-type']).toMatch(/^application\/geo\+json/);
      expect(answer.json()).toMatchObject({
        type: 'FeatureCollection',
        features: [
          {
            type: 'Feature',
            id: 'gauge-1.water_level',
            geometry: { type: 'Point', coordinates: [10.22, 54.4] },
            properties: { value: 0.3 },
          },
        ],
      });
    }
    const withDevice = await api.get('/latest?format=geojson&useCase=device', await api.token('reader'));
    expect(withDevice.json()).toMatchObject({ features: [{ geometry: null, properties: { value: 98 } }] });
  });

  it('keep to their description, withheld and missing ones too', async () => {
    const counts = { ...api.registry.require('dataset', 'levels'), members: { kinds: ['gauge'] }, smallestCount: 3 };
    api.put('dataset', counts);
    api.put('datastream', {
      id: 'gauge-1.visitors',
      key: 50,
      thing: 'gauge-1',
      property: 'visitors',
      unit: '{count}',
      channel: 'ü "1"',
    });
    await api.stores.observations.append([observationOf({ datastream: 50, value: 2, flag: 3, tests: 6 })]);
    await api.measure('gauge-1', 'air_temperature', [null], 0);
    const { items } = pageOf(latestResource.strict()).parse((await api.get('/latest')).json());
    expect(items.find(({ property }) => property === 'visitors')).toMatchObject({
      value: null,
      withheld: true,
      channel: 'ü "1"',
      failedTests: ['usualRange', 'spike'],
    });
    expect(items.find(({ property }) => property === 'air_temperature')).toMatchObject({
      value: null,
      quality: 'missing',
    });
    const { features } = featureCollection.parse((await api.get('/latest?format=geojson')).json());
    expect(features.map(({ properties }) => properties)).toEqual(
      items.map(({ coordinates: _, ...properties }) => properties),
    );
  });

  it('come all at once where that is asked for', async () => {
    const headers = await api.token('reader');
    for (const format of ['json', 'geojson']) {
      const whole = await api.get(`/latest?limit=all&format=${format}`, headers);
      const { items, features, next } = whole.json<{ items?: object[]; features?: object[]; next?: string }>();
      expect((items ?? features)?.length).toBe(6);
      expect(next).toBeUndefined();
    }
    for (const limit of ['0', '1001', 'everything', '']) {
      const refused = await api.get(`/latest?limit=${limit}`);
      expect([refused.statusCode, refused.body]).toEqual([400, expect.stringContaining('"query.limit"')]);
    }
  });

  it('come in pages', async () => {
    const all = await api.token('reader');
    const seen: string[] = [];
    let next: string | undefined = '/api/v1/latest?limit=2';
    while (next !== undefined) {
      const page: Page = (await api.app.inject({ url: next, headers: all })).json<Page>();
      seen.push(...page.items.map(({ datastream }) => datastream));
      next = page.next;
    }
    expect(seen).toEqual(await idsOf('', all));
    expect(seen).toHaveLength(6);
  });
});

/** The whole map is made once for all who see the same, and anew when some time has passed or somebody sees something else. */
const expectAllAtOnce = async () => {
  const ask = async (headers?: Record<string, string>) => {
    const { items } = (await api.get('/latest?limit=all', headers)).json<{
      items: { datastream: string; value: number }[];
    }>();
    return { length: items.length, value: items.find(({ datastream }) => datastream === 'slot-00007.distance')?.value };
  };
  const reader = await api.token('reader');
  const [seen, all] = [await ask(), await ask(reader)];
  expect(all.length).toBeGreaterThan(seen.length);
  await api.stores.observations.append([observationOf({ datastream: 115, value: -1, phenomenonTime: NOW })]);
  expect(await ask()).toEqual(seen);
  api.time.now += 2_000;
  expect(await ask()).toEqual({ ...seen, value: -1 });
  // What is withdrawn is gone at once.
  const waste = api.registry.require('dataset', 'waste');
  api.put('dataset', { ...waste, visibility: 'private' });
  expect((await ask()).value).toBeUndefined();
  api.put('dataset', waste);
};

describe('with ten thousand datastreams', () => {
  it('a page is answered well within 50 ms', async () => {
    const changes: RegistryChange[] = [];
    for (let i = 0; i < 5_000; i++) {
      const id = `slot-${String(i).padStart(5, '0')}`;
      changes.push({
        kind: 'thing',
        put: { id, name: id, kind: 'container_slot', site: 'laboe-harbour', simulated: true, properties: {} },
      });
      for (const [j, property] of ['fill_level', 'distance'].entries()) {
        changes.push({
          kind: 'datastream',
          put: { id: `${id}.${property}`, key: 100 + 2 * i + j, thing: id, property, unit: '%' },
        });
      }
    }
    api.registry.apply(changes);
    const batch = Array.from({ length: 10_000 }, (_, i) =>
      observationOf({ datastream: 100 + i, value: i, phenomenonTime: NOW - i }),
    );
    await api.stores.observations.append(batch);
    api.put('dataset', { ...api.registry.require('dataset', 'waste'), visibility: 'open' });
    const time = async (query: string) => {
      const started = performance.now();
      const answer = await api.get(`/latest${query}`);
      expect(answer.json<{ items: unknown[] }>().items.length).toBeGreaterThan(90);
      return performance.now() - started;
    };
    await time('?limit=100');
    const times: number[] = [];
    for (let i = 0; i < 15; i++)
      times.push(await time(i % 2 ? '?limit=100' : '?useCase=waste&property=distance&limit=100'));
    times.sort((a, b) => a - b);
    expect(await time('?limit=1000')).toBeLessThan(250);
    await expectAllAtOnce();
    // Room for a busy machine; alone it takes a few milliseconds.
    expect(times[7]).toBeLessThan(50);
  }, 30_000);
});
