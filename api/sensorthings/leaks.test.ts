import { beforeAll, describe, expect, it } from 'vitest';
import { fillRegion, NOW, observationOf } from '../testing.ts';
import { datastream, location, observedProperty, sensor } from './sample-entities.ts';
import { type Answered, createSta, type Sta } from './testing.ts';

const everybody = {};
let sta: Sta;
let hidden: readonly Answered[];

/** Words that only what is private holds. */
const SECRET = /slot-|Bauhof|container|fill_level|air_temperature|wendtorf|24e124|em400|Füllstand|Secret|battery/i;

beforeAll(async () => {
  sta = await createSta();
  await fillRegion(sta);
  // Somebody measures at the gauge, too: that is told, but not by what.
  sta.put('device', { id: '24e124710b000009', profile: 'nobody/nothing', name: 'Secret device' });
  sta.put('deployment', { id: 'secret-1', device: '24e124710b000009', thing: 'gauge-1', from: '2026-01-01T00:00:00Z' });
  await sta.post('/Things', {
    name: 'Secret',
    description: 'Secret',
    Locations: [location('Secret place', 9)],
    Datastreams: [
      datastream('Secret stream', {
        Sensor: { ...sensor, name: 'Secret sensor' },
        ObservedProperty: observedProperty('secret_property'),
        Observations: [{ result: 1 }],
      }),
    ],
  });
  const sets = [
    'Things',
    'Locations',
    'HistoricalLocations',
    'Datastreams',
    'Sensors',
    'ObservedProperties',
    'FeaturesOfInterest',
    'Observations',
  ];
  const all: Answered[] = [];
  const seen = new Set<string>();
  for (const set of sets) {
    all.push(...(await sta.all(`/${set}?quality=all`)));
    for (const { '@iot.selfLink': link } of await sta.all(`/${set}`, { headers: everybody })) seen.add(link);
  }
  hidden = all.filter(({ '@iot.selfLink': link }) => !seen.has(link));
});

describe('what the public does not see', () => {
  it('is there for the admin, so that this test could fail', () => {
    expect(hidden.length).toBeGreaterThan(20);
    expect(JSON.stringify(hidden)).toMatch(SECRET);
  });

  it('is in no set, link, expansion or format', async () => {
    const everything =
      '$expand=Datastreams($expand=Observations,Sensor,ObservedProperty($expand=Datastreams)),Locations($expand=Things,HistoricalLocations($expand=Thing))';
    const paths = [
      `/Things?${everything}&$count=true`,
      '/Datastreams?$expand=Thing($expand=Datastreams,HistoricalLocations),Sensor($expand=Datastreams),Observations',
      '/Locations?$expand=Things/Datastreams,HistoricalLocations/Thing',
      '/HistoricalLocations?$expand=Thing,Locations',
      '/Sensors?$expand=Datastreams/Thing',
      '/ObservedProperties?$expand=Datastreams/Thing',
      '/FeaturesOfInterest?$expand=Observations/Datastream',
      '/Observations?quality=all&$expand=Datastream/Thing,FeatureOfInterest&$count=true',
      '/Observations?$resultFormat=dataArray',
      '/Observations?$resultFormat=CSV&$expand=Datastream/Thing',
      '/Datastreams?$resultFormat=GeoJSON&$expand=Thing/Locations',
    ];
    for (const path of paths) {
      const { body } = await sta.send(path, { headers: everybody });
      expect(body.length, path).toBeGreaterThan(50);
      expect(body, path).not.toMatch(SECRET);
    }
  });

  it('has no address: it answers like what does not exist', async () => {
    for (const { '@iot.selfLink': link } of hidden) {
      const path = link.replace(/^.*\/sta\/v1\.1/, '');
      const { body } = await sta.send(path, { headers: everybody, status: 404 });
      const none = await sta.send(path.replace(/\(\d+\)/, '(77)'), { headers: everybody, status: 404 });
      const strip = (text: string) => text.replace(/\d+/g, '');
      expect(strip(body)).toBe(strip(none.body));
    }
  });

  it('is not counted, found or told apart by filters, orders and bad ids', async () => {
    const counts = async (path: string) =>
      (await sta.ask(`/${path}${path.includes('?') ? '&' : '?'}$count=true&$top=0`, { headers: everybody }))[
        '@iot.count'
      ];
    // Of the gauge: three water levels; of the meter: the first of three, the others are younger than 90 minutes.
    expect(await counts('Observations')).toBe(4);
    expect(await counts('Things')).toBe(2);
    expect(await counts('Datastreams')).toBe(2);
    expect(await counts('Observations?$filter=result%20ge%2010')).toBe(0);
    expect(await counts('Things?$filter=Datastreams/Observations/result%20ge%2010')).toBe(0);
    expect(await counts("Datastreams?$filter=properties/slug%20eq%20'slot-laboe.fill_level'")).toBe(0);
    expect(await counts('HistoricalLocations')).toBe(1);
    const ids = hidden.map((entity) => `@iot.id%20eq%20${entity['@iot.id']}`);
    for (const id of ids.slice(-12)) expect(await counts(`Observations?$filter=${id}`)).toBe(0);
  });

  it('is not seen before its time, not even by the extent or the newest of a Datastream', async () => {
    const [meter] = (
      await sta.ask("/Datastreams?$filter=properties/slug%20eq%20'meter-1.energy'&$expand=Observations", {
        headers: everybody,
      })
    ).value;
    expect(meter?.Observations).toHaveLength(1);
    const [begin, end] = String(meter?.phenomenonTime).split('/');
    expect(begin).toBe(end);
    expect(Date.parse(end ?? '')).toBeLessThan(NOW - 90 * 60_000);
  });

  it('withholds small counts, in results, filters and formats', async () => {
    const api = await createSta();
    await fillRegion(api);
    api.put('datastream', { id: 'gauge-1.people', key: 50, thing: 'gauge-1', property: 'people', unit: '{count}' });
    api.put('dataset', {
      id: 'people', title: { de: 'x', en: 'x' }, description: { de: 'x', en: 'x' }, publisher: 'laboe', licence: 'CC0-1.0',
      visibility: 'open', smallestCount: 5, members: { properties: ['people'] },
    }); // biome-ignore format: one row
    await api.stores.observations.append(
      [3, 9].map((value, i) => observationOf({ datastream: 50, value, phenomenonTime: NOW - 60_000 * (i + 1) })),
    );
    const { value } = await api.ask('/Datastreams(50)/Observations', { headers: everybody });
    expect(value).toMatchObject([{ result: 9 }, { result: null, resultQuality: { withheld: expect.any(String) } }]);
    const found = await api.ask('/Datastreams(50)/Observations?$filter=result%20eq%203', { headers: everybody });
    expect(found.value).toEqual([]);
    const newest = await api.ask('/Datastreams(50)?$expand=Observations($top=1;$orderby=phenomenonTime%20desc)', {
      headers: everybody,
    });
    expect(newest.Observations).toMatchObject([{ result: null }]);
    expect(
      (await api.send('/Datastreams(50)/Observations?$resultFormat=CSV&$select=result', { headers: everybody })).body,
    ).toBe('result\r\n9\r\n\r\n');
    expect((await api.ask('/Datastreams(50)/Observations')).value).toMatchObject([{ result: 9 }, { result: 3 }]);
  });
});

describe('quality', () => {
  it('leaves out what failed, says so, and gives all on request', async () => {
    const api = await createSta();
    await fillRegion(api);
    await api.stores.observations.append(
      ([1, 3, 4, 9] as const).map((flag, i) =>
        observationOf({
          datastream: 1,
          flag,
          tests: flag === 4 ? 1 : 0,
          value: flag === 9 ? null : flag,
          phenomenonTime: NOW - 1_000 * (4 - i),
        }),
      ),
    );
    const answer = await api.send('/Datastreams(1)/Observations?$orderby=phenomenonTime%20desc&$top=3', {
      headers: everybody,
    });
    expect(answer.headers['plietsch-quality-excluded']).toBe('fail');
    expect(answer.json()).toMatchObject({
      value: [
        { result: null, resultQuality: { result: 'missing' } },
        { result: 3, resultQuality: { result: 'suspect' } },
        { result: 1 },
      ],
    });
    const all = await api.ask('/Datastreams(1)/Observations?$orderby=phenomenonTime%20desc&$top=2&quality=all', {
      headers: everybody,
    });
    expect(all.value[1]).toMatchObject({
      result: 4,
      resultQuality: { flag: 4, result: 'fail', failedTests: ['grossRange'] },
    });
    await api.send('/Observations?quality=best', { headers: everybody, status: 400 });
    // The newest of a map skips what failed, too.
    await api.stores.observations.append([observationOf({ datastream: 1, flag: 4, value: 99, phenomenonTime: NOW })]);
    const map = await api.ask('/Datastreams(1)?$expand=Observations($top=1;$orderby=phenomenonTime%20desc)', {
      headers: everybody,
    });
    expect(map.Observations).toMatchObject([{ resultQuality: { result: 'missing' } }]);
  });
});
