import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECOND } from '../../model/time.ts';
import { createTestApi, fillRegion, NOW, observationOf, type TestApi } from '../testing.ts';
import { toUtm32 } from './crs.ts';

interface Page {
  readonly features: { id: string; geometry: { coordinates: number[] } | null; properties: Record<string, unknown> }[];
  readonly links: { rel: string; href: string; type?: string }[];
  readonly numberMatched: number;
  readonly numberReturned: number;
}

let api: TestApi;

beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

const ask = (path: string, headers: Record<string, string> = {}) => api.app.inject({ url: `/ogc/v1${path}`, headers });
const get = async <T = Page>(path: string, headers: Record<string, string> = {}): Promise<T> => {
  const answer = await ask(path, headers);
  expect([path, answer.statusCode]).toEqual([path, 200]);
  return answer.json<T>();
};
const ids = ({ features }: Page): string[] => features.map(({ id }) => id);
const change = (id: string, more: object) => api.put('dataset', { ...api.registry.require('dataset', id), ...more });
const later = () => (api.time.now += 2 * SECOND);

/** Paths beneath an address, from the tree that the router prints: four characters for each level. */
const routesBeneath = (root: string): string[] => {
  const [, tree = ''] = api.app.printRoutes({ commonPrefix: false }).split(`── ${root} (GET, HEAD)\n`);
  const above: string[] = [];
  const paths: string[] = [];
  for (const line of tree.split('\n')) {
    const [, indent = '', part = ''] = /^((?:│ {3}| {4})+)[├└]── (\S+) /.exec(line) ?? [];
    if (part === '') break;
    above.splice(indent.length / 4 - 1, Infinity, part);
    paths.push(above.join(''));
  }
  return paths.sort();
};

describe('OGC API Features', () => {
  it('leads from the landing page to every document', async () => {
    type Document = { links: { rel: string; href: string; type?: string }[] };
    const landing = await get<Document>('');
    expect(landing.links.map(({ rel }) => rel)).toEqual(['self', 'service-desc', 'service-doc', 'conformance', 'data']);
    for (const { rel, href, type } of landing.links) {
      if (rel === 'service-doc') continue;
      const answer = await api.app.inject({ url: new URL(href).pathname });
      expect([href, answer.statusCode]).toEqual([href, 200]);
      // Media types are the same with and without blanks and quotes around their parameters.
      expect(answer.headers['content-type']?.replace('; charset=utf-8', '').replaceAll(/[ "]/g, '')).toBe(type);
    }
    const { conformsTo } = await get<{ conformsTo: string[] }>('/conformance');
    expect(conformsTo).toContain('http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core');
  });

  it('describes in OpenAPI every path that it answers, and no other', async () => {
    const document = await get<{ openapi: string; paths: Record<string, { get: { parameters: { $ref: string }[] } }> }>(
      '/api',
    );
    expect(document.openapi).toMatch(/^3\.0/);
    for (const path of Object.keys(document.paths)) {
      const url = path.replace('{collection}', 'gauge').replace('{feature}', 'gauge-1');
      expect([path, (await ask(url)).statusCode]).toEqual([path, 200]);
    }
    const described = Object.keys(document.paths).map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'));
    expect(described.sort()).toEqual(routesBeneath('/ogc/v1'));
  });

  it('has a collection for sites, for things, and for each kind that the asker sees', async () => {
    const { collections } = await get<{
      collections: { id: string; links: { rel: string; href: string }[]; extent?: unknown }[];
    }>('/collections');
    expect(collections.map(({ id }) => id)).toEqual(['sites', 'things', 'gauge', 'meter']);
    expect(collections[2]).toMatchObject({
      extent: {
        spatial: { bbox: [[10.22, 54.4, 10.22, 54.4]] },
        temporal: { interval: [['2026-03-02T11:59:00.000Z', '2026-03-02T11:59:00.000Z']] },
      },
      crs: expect.arrayContaining(['http://www.opengis.net/def/crs/OGC/1.3/CRS84']),
    });
    expect(collections[2]?.links).toContainEqual({
      rel: 'license',
      href: 'https://www.govdata.de/dl-de/by-2-0',
      title: 'Licence',
    });
    const own = await get<{ collections: { id: string }[] }>('/collections', await api.token('reader', 'laboe'));
    expect(own.collections.map(({ id }) => id)).toEqual([
      'sites',
      'things',
      'container_slot',
      'device',
      'gauge',
      'meter',
    ]);
  });

  it('gives the newest values as flat properties', async () => {
    const page = await get('/collections/gauge/items');
    expect(page).toMatchObject({ numberMatched: 1, numberReturned: 1 });
    expect(page.features).toEqual([
      {
        type: 'Feature',
        id: 'gauge-1',
        geometry: { type: 'Point', coordinates: [10.22, 54.4] },
        properties: {
          name: 'Thing gauge-1',
          kind: 'gauge',
          use_case: 'coast',
          simulated: false,
          site: 'laboe-harbour',
          site_name: 'Hafen',
          municipality: 'laboe',
          municipality_name: 'Laboe',
          datasets: 'levels',
          licence: 'dl-de/by-2-0',
          time: '2026-03-02T11:59:00.000Z',
          water_level: 0.3,
          water_level_time: '2026-03-02T11:59:00.000Z',
          water_level_quality: 'pass',
        },
      },
    ]);
    const one = await ask('/collections/gauge/items/gauge-1');
    expect(one.headers['content-type']).toMatch(/^application\/geo\+json/);
    expect(one.json<{ links: { rel: string }[] }>().links.map(({ rel }) => rel)).toEqual(['self', 'collection']);
    const schema = await get<{ properties: Record<string, unknown> }>('/collections/gauge/schema');
    expect(schema.properties.water_level).toEqual({
      type: 'number',
      title: 'Wasserstand / Water level',
      'x-ogc-unit': '%',
    });
  });

  it('leaves out what failed its tests and says so', async () => {
    await api.stores.observations.append([
      observationOf({ datastream: api.keys.get('gauge-1.water_level') ?? 0, value: 99, flag: 4, phenomenonTime: NOW }),
    ]);
    const page = await get('/collections/gauge/items');
    expect(page.features[0]?.properties).toMatchObject({ water_level: null, water_level_quality: 'fail' });
  });

  it('goes through pages that hold each feature once', async () => {
    for (let i = 0; i < 25; i++) {
      api.put('thing', { id: `gauge-${100 + i}`, name: `G${i}`, kind: 'gauge', site: 'laboe-harbour' });
      await api.measure(`gauge-${100 + i}`, 'water_level', [i]);
    }
    const seen: string[] = [];
    let path: string | undefined = '/collections/gauge/items?limit=10&municipality=laboe';
    while (path) {
      const page: Page = await get(path);
      expect(page.numberMatched).toBe(26);
      expect(page.numberReturned).toBe(page.features.length);
      seen.push(...ids(page));
      const next = page.links.find(({ rel }) => rel === 'next');
      path = next?.href.split('/ogc/v1')[1];
    }
    expect(seen).toHaveLength(26);
    expect(seen).toEqual([...new Set(seen)].sort());
    expect((await get('/collections/gauge/items?limit=5000')).numberReturned).toBe(26);
  });

  it.each([
    ['bbox=10.2,54.3,10.25,54.5', ['gauge-1']],
    ['bbox=10.2,54.3,0,10.25,54.5,100', ['gauge-1']],
    ['bbox=0,0,1,1', []],
    ['datetime=2026-03-02T11:59:00Z', ['gauge-1']],
    ['datetime=2026-03-02T00:00:00%2B01:00/..', ['gauge-1']],
    ['datetime=../2026-03-01T00:00:00Z', []],
    ['water_level=0.3', ['gauge-1']],
    ['water_level=0.4', []],
    ['simulated=false&name=Thing%20gauge-1', ['gauge-1']],
    ['municipality=stein', []],
  ])('finds by %s', async (query, expected) => {
    expect(ids(await get(`/collections/gauge/items?${query}`))).toEqual(expected);
  });

  it('finds sites whatever the time', async () => {
    expect(ids(await get('/collections/sites/items?datetime=1999-01-01T00:00:00Z&municipality=laboe'))).toEqual([
      'laboe-harbour',
    ]);
  });

  it.each([
    ['/collections/gauge/items?colour=red', 'query.colour'],
    ['/collections/gauge/items?air_temperature=6', 'query.air_temperature'],
    ['/collections/gauge/items?limit=0', 'query.limit'],
    ['/collections/gauge/items?limit=x', 'query.limit'],
    ['/collections/gauge/items?limit=1&limit=2', 'query.limit'],
    ['/collections/gauge/items?bbox=1,2,3', 'query.bbox'],
    ['/collections/gauge/items?bbox=1,9,2,8', 'query.bbox'],
    ['/collections/gauge/items?bbox=a,b,c,d', 'query.bbox'],
    ['/collections/gauge/items?bbox=-200,0,0,0', 'query.bbox'],
    ['/collections/gauge/items?datetime=yesterday', 'query.datetime'],
    ['/collections/gauge/items?datetime=../..', 'query.datetime'],
    ['/collections/gauge/items?datetime=2026-03-02T00:00:00Z/2026-03-01T00:00:00Z', 'query.datetime'],
    ['/collections/gauge/items?simulated=2', 'query.simulated'],
    ['/collections/gauge/items?water_level=high', 'query.water_level'],
    ['/collections/gauge/items?cursor=x', 'query.cursor'],
    ['/collections/gauge/items?crs=EPSG:4326', 'query.crs'],
    [`/collections/gauge/items?name=${'x'.repeat(5_000)}`, 'query.name'],
    ['/collections/gauge/items?f=html', 'query.f'],
    ['/collections?limit=1', 'query.limit'],
    ['/conformance?x=1', 'query.x'],
    ['?x=1', 'query.x'],
    ['/collections/gauge/items/gauge-1?bbox=0,0,1,1', 'query.bbox'],
  ])('refuses %s by name', async (path, parameter) => {
    const answer = await ask(path);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ faults: [{ path: parameter, hint: expect.any(String) }] });
  });

  it('knows no collection and no feature that the asker may not see', async () => {
    for (const path of ['/collections/container_slot', '/collections/container_slot/items', '/collections/nothing']) {
      expect((await ask(path)).statusCode).toBe(404);
    }
    expect((await ask('/collections/things/items/slot-laboe')).json()).toMatchObject({
      detail: 'There is no feature "slot-laboe" in things',
    });
    expect(ids(await get('/collections/things/items'))).toEqual(['gauge-1', 'meter-1']);
    expect(ids(await get('/collections/sites/items'))).toEqual(['laboe-harbour', 'stein-hall']);
  });

  it('shows of delayed datasets what is old enough, of small counts nothing, of private ones nothing any more', async () => {
    expect((await get('/collections/meter/items')).features[0]?.properties).toMatchObject({ energy: 1 });
    api.put('datastream', {
      id: 'gauge-1.water_level.in',
      key: 99,
      thing: 'gauge-1',
      property: 'water_level',
      channel: 'in',
      unit: '{count}',
    });
    await api.stores.observations.append([observationOf({ datastream: 99, value: 3 })]);
    change('levels', { smallestCount: 5 });
    expect((await get('/collections/gauge/items')).features[0]?.properties).toMatchObject({
      water_level_in: null,
      water_level_in_quality: 'withheld',
    });
    expect(ids(await get('/collections/gauge/items?water_level_in=3'))).toEqual([]);
    change('levels', { visibility: 'private' });
    expect((await ask('/collections/gauge/items')).statusCode).toBe(404);
    expect(ids(await get('/collections/things/items'))).toEqual(['meter-1']);
  });

  it('is read from the store once a second', async () => {
    const key = api.keys.get('gauge-1.water_level') ?? 0;
    const level = async () => (await get('/collections/gauge/items')).features[0]?.properties.water_level;
    expect(await level()).toBe(0.3);
    await api.stores.observations.append([observationOf({ datastream: key, value: 7, phenomenonTime: NOW })]);
    expect(await level()).toBe(0.3);
    later();
    expect(await level()).toBe(7);
  });

  it('answers in the reference system of the state surveys', async () => {
    const crs = 'http://www.opengis.net/def/crs/EPSG/0/25832';
    const answer = await ask(`/collections/gauge/items?crs=${crs}`);
    expect(answer.headers['content-crs']).toBe(`<${crs}>`);
    const [x = 0, y = 0] = answer.json<Page>().features[0]?.geometry?.coordinates ?? [];
    const box = (by: number) => `bbox=${x - by},${y - by},${x + by},${y + by}&bbox-crs=${crs}`;
    expect(ids(await get(`/collections/gauge/items?${box(1)}`))).toEqual(['gauge-1']);
    expect(ids(await get(`/collections/gauge/items?bbox=${x + 1},${y},${x + 2},${y + 1}&bbox-crs=${crs}`))).toEqual([]);
  });
});

describe('ETRS89 / UTM 32N', () => {
  // Computed with PROJ 9 (EPSG:4258 to EPSG:25832).
  it.each([
    [
      [9, 54],
      [500_000, 5_983_521.6619],
    ],
    [
      [10.22, 54.4],
      [579_199.9071, 6_028_712.9944],
    ],
    [
      [8.5, 47.5],
      [462_343.326, 5_260_850.8752],
    ],
    [
      [14, 53],
      [835_434.3351, 5_883_972.2737],
    ],
  ] as const)('of %j is %j', (place, expected) => {
    const [x, y] = toUtm32(place);
    expect(x).toBeCloseTo(expected[0], 2);
    expect(y).toBeCloseTo(expected[1], 2);
  });
});
