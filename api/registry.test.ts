import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../model/time.ts';
import { createTestApi, DEV_EUI, fillRegion, NOW, type TestApi } from './testing.ts';

let api: TestApi;
let reader: Record<string, string>;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
  reader = await api.token('reader');
});
afterEach(() => api.app.close());

const idsOf = async (url: string): Promise<string[]> => {
  const answer = await api.get(url, reader);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<{ items: { id: string }[] }>().items.map(({ id }) => id);
};

interface Page {
  readonly items: { readonly id: string }[];
  readonly next?: string;
  readonly link?: unknown;
}

const pageAt = async (url: string): Promise<Page> => {
  const answer = await api.app.inject({ url, headers: reader });
  return { ...answer.json<Page>(), link: answer.headers.link };
};

describe('lists', () => {
  it.each([
    ['/municipalities', 4],
    ['/sites', 4],
    ['/things', 5],
    ['/devices', 1],
    ['/deployments', 1],
    ['/datasets', 3],
    ['/datastreams', 6],
    ['/device-profiles', 1],
  ])('%s holds %i entries, each found by its id', async (path, count) => {
    const ids = await idsOf(path);
    expect(ids).toHaveLength(count);
    expect(ids).toEqual(ids.toSorted());
    for (const id of ids) {
      const one = await api.get(`${path}/${encodeURIComponent(id)}`, reader);
      expect([one.statusCode, one.json<{ id: string }>().id]).toEqual([200, id]);
    }
    expect((await api.get(`${path}/nothing`, reader)).json()).toMatchObject({ status: 404, code: 'HUB_NOT_FOUND' });
  });

  it.each(['/things', '/datastreams', '/sites', '/observed-properties'])(
    '%s comes in pages, none lost and none twice',
    async (path) => {
      const all = await idsOf(`${path}?limit=1000`);
      const seen: string[] = [];
      let next: string | undefined = `/api/v1${path}?limit=2`;
      while (next !== undefined) {
        const page: Page = await pageAt(next);
        expect(page.items.length).toBeGreaterThan(0);
        expect(page.link).toBe(page.next && `<${page.next}>; rel="next"`);
        seen.push(...page.items.map(({ id }) => id));
        next = page.next;
        // An entry that comes or goes meanwhile does not shift the pages.
        if (path === '/things')
          api.put('thing', { id: `a-${seen.length}`, name: 'New', kind: 'gauge', site: 'laboe-harbour' });
      }
      expect(seen).toEqual(all);
    },
  );

  it.each([
    ['/municipalities?parent=ploen', ['laboe', 'stein', 'wendtorf']],
    ['/sites?municipality=laboe', ['laboe-depot', 'laboe-harbour']],
    ['/sites?bbox=10.27,54.4,10.285,54.5', ['stein-hall']],
    ['/things?municipality=laboe&useCase=coast', ['gauge-1']],
    ['/things?kind=container_slot', ['slot-laboe', 'slot-wendtorf']],
    ['/things?site=stein-hall', ['meter-1']],
    ['/datastreams?thing=gauge-1', ['gauge-1.air_temperature', 'gauge-1.water_level']],
    ['/datastreams?dataset=levels', ['gauge-1.water_level']],
    ['/datastreams?municipality=stein&property=energy', ['meter-1.energy']],
    ['/datasets?visibility=private', ['waste']],
    ['/datasets?publisher=stein', ['energy']],
    ['/devices?profile=milesight/em400-tld&municipality=laboe', [DEV_EUI]],
    ['/devices?municipality=stein', []],
    ['/devices?thing=slot-laboe', [DEV_EUI]],
    [`/deployments?device=${DEV_EUI}&active=true`, ['d1']],
    ['/deployments?active=false', []],
    ['/device-profiles?vendor=nobody', []],
  ])('%s gives %j', async (url, ids) => {
    expect(await idsOf(url)).toEqual(ids);
  });
});

describe('devices', () => {
  const device = async () => (await api.get(`/devices/${DEV_EUI}`, reader)).json<Record<string, unknown>>();

  it('say when they were last seen, and how their battery is', async () => {
    expect(await device()).toEqual({
      id: DEV_EUI,
      name: 'Sensor 1',
      profile: 'milesight/em400-tld',
      parameters: {},
      simulated: false,
      status: 'active',
      lastSeen: '2026-03-02T11:59:01.000Z',
      batteryPercent: 98,
      things: ['slot-laboe'],
    });
  });

  it('fall silent after three intervals, and never spoke before the first', async () => {
    api.time.now = NOW + 3 * HOUR;
    expect(await device()).toMatchObject({ status: 'silent' });
    expect(await idsOf('/devices?status=silent')).toEqual([DEV_EUI]);
    api.put('device', { id: '24e124710b000002', profile: 'milesight/em400-tld' });
    expect(await idsOf('/devices?status=never')).toEqual(['24e124710b000002']);
    expect(await idsOf('/devices?status=active')).toEqual([]);
  });

  it('are not taken for alive because of another device at the same thing', async () => {
    api.put('device', { id: '24e124710b000002', profile: 'milesight/em400-tld' });
    api.put('deployment', { id: 'd2', device: '24e124710b000002', thing: 'slot-laboe', from: '2026-01-01T00:00:00Z' });
    await api.measure('slot-laboe', 'fill_level', [50], 0.5 * MINUTE);
    const other = (await api.get('/devices/24e124710b000002', reader)).json();
    expect(other).toMatchObject({ status: 'never', things: ['slot-laboe'] });
  });
});

describe('the catalogue', () => {
  it('tells the health of devices from quantities of the region', async () => {
    const health = await idsOf('/observed-properties?health=true&limit=1000');
    const quantities = await idsOf('/observed-properties?health=false&limit=1000');
    expect(health).toContain('battery_level');
    expect(quantities).toContain('water_level');
    expect(new Set([...health, ...quantities]).size).toBe(health.length + quantities.length);
  });

  it('explains properties and profiles to everybody', async () => {
    expect((await api.get('/observed-properties/water_level')).json()).toMatchObject({
      unit: 'm',
      name: { de: 'Wasserstand' },
      quality: { gross: [-10, 20] },
    });
    expect((await api.get('/observed-properties/tilt')).json()).toMatchObject({
      codes: { 0: { en: 'no' }, 1: { en: 'yes' } },
    });
    expect((await api.get('/device-profiles/milesight%2Fem400-tld')).json()).toMatchObject({ vendor: 'milesight' });
  });
});
