import jsonld from 'jsonld';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApi, fillRegion, NOW, observationOf, type TestApi } from '../testing.ts';

type Entity = Record<string, unknown> & { id: string; type: string };

let api: TestApi;

beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

const ask = (path: string, headers: Record<string, string> = {}) =>
  api.app.inject({ url: `/ngsi-ld/v1${path}`, headers });
const get = async <T = Entity[]>(path: string, headers: Record<string, string> = {}): Promise<T> => {
  const answer = await ask(path, headers);
  expect([path, answer.statusCode, answer.json<{ detail?: string }>().detail]).toEqual([path, 200, undefined]);
  return answer.json<T>();
};
const ids = (entities: Entity[]): string[] => entities.map(({ id }) => id.split(':').at(-1) ?? '');
const change = (id: string, more: object) => api.put('dataset', { ...api.registry.require('dataset', id), ...more });

/** A thing of each kind with a Smart Data Model, open to everybody. */
const openRegion = async (): Promise<void> => {
  const kinds = [
    ['bin', 'container_slot'],
    ['road', 'road_cross_section'],
    ['station', 'weather_station'],
    ['bay', 'parking_bay'],
    ['silent-bay', 'parking_bay'],
    ['air', 'air_station'],
  ] as const;
  for (const [id, kind] of kinds) api.put('thing', { id, name: id, kind, site: 'laboe-depot' });
  const values: [string, string, number, string][] = [
    ['bin', 'fill_level', 104, '%'],
    ['bin', 'container_temperature', 21.5, 'Cel'],
    ['bin', 'tilt', 0, '1'],
    ['road', 'vehicle_count', 42, '{count}'],
    ['road', 'vehicle_speed', 48, 'km/h'],
    ['station', 'air_temperature', 8.5, 'Cel'],
    ['station', 'relative_humidity', 80, '%'],
    ['station', 'wind_speed', 5, 'm/s'],
    ['bay', 'occupied', 1, '1'],
    ['air', 'ozone', 61, 'ug/m3'],
  ];
  for (const [i, [thing, property, value, unit]] of values.entries()) {
    const key = 100 + i;
    api.put('datastream', { id: `${thing}.${property}`, key, thing, property, unit });
    await api.stores.observations.append([observationOf({ datastream: key, value })]);
  }
  api.put('datastream', { id: 'silent-bay.occupied', key: 120, thing: 'silent-bay', property: 'occupied', unit: '1' });
  change('levels', { members: {} });
};

/** Members that the schemas of smartdatamodels.org require, and bounds that they set. */
const required: Record<string, readonly string[]> = {
  WasteContainer: ['id', 'type', 'location'],
  TrafficFlowObserved: ['id', 'type', 'location', 'dateObserved'],
  WeatherObserved: ['id', 'type', 'location', 'dateObserved'],
  WaterObserved: ['id', 'type', 'location', 'dateObserved'],
  ParkingSpot: ['id', 'type', 'location', 'status', 'category', 'refParkingSite'],
};

describe('NGSI-LD entities', () => {
  it('are normalized, with time, unit and quality', async () => {
    expect(await get('/entities?type=WaterObserved')).toEqual([
      {
        id: 'urn:ngsi-ld:WaterObserved:laboe:gauge-1',
        type: 'WaterObserved',
        name: { type: 'Property', value: 'Thing gauge-1' },
        location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [10.22, 54.4] } },
        address: { type: 'Property', value: { addressLocality: 'Laboe', addressCountry: 'DE' } },
        dateObserved: { type: 'Property', value: '2026-03-02T11:59:00.000Z' },
        height: {
          type: 'Property',
          value: 0.3,
          unitCode: 'P1',
          observedAt: '2026-03-02T11:59:00.000Z',
          quality: { type: 'Property', value: 'pass' },
        },
        waterLevel: expect.objectContaining({ value: 0.3 }) as unknown,
        license: { type: 'Property', value: 'https://www.govdata.de/dl-de/by-2-0' },
      },
    ]);
  });

  it('are simplified or concise where that is asked for', async () => {
    const simple = { id: 'urn:ngsi-ld:WaterObserved:laboe:gauge-1', type: 'WaterObserved', height: 0.3 };
    for (const how of ['options=keyValues', 'format=simplified', 'format=keyValues&options=simplified']) {
      expect(await get(`/entities?type=WaterObserved&attrs=height&${how}`)).toEqual([simple]);
    }
    const [concise] = await get('/entities?type=WaterObserved&format=concise');
    expect(concise).toMatchObject({ name: 'Thing gauge-1', height: { value: 0.3, quality: 'pass' } });
    expect(await get(`/entities/${simple.id}?options=keyValues&attrs=height`)).toEqual(simple);
  });

  it('satisfy the Smart Data Models', async () => {
    await openRegion();
    for (const [type, members] of Object.entries(required)) {
      const entities = await get(`/entities?type=${type}&options=keyValues`);
      expect([type, entities.length > 0]).toEqual([type, true]);
      for (const entity of entities) {
        expect(Object.keys(entity)).toEqual(expect.arrayContaining([...members]));
        expect(entity.id).toMatch(new RegExp(`^urn:ngsi-ld:${type}:[a-z]+:[a-z0-9-]+$`));
      }
    }
    const named = async (id: string) => (await get(`/entities?idPattern=:${id}$&options=keyValues`))[0];
    expect(await named('bin')).toMatchObject({ fillingLevel: 1, temperature: 21.5, status: 'ok' });
    expect(await named('road')).toMatchObject({ intensity: 42, averageVehicleSpeed: 48 });
    expect(await named('station')).toMatchObject({ temperature: 8.5, relativeHumidity: 0.8, windSpeed: 5 });
    expect(await named('bay')).toMatchObject({ status: 'occupied', category: ['offStreet'] });
    expect(await named('silent-bay')).toMatchObject({ status: 'unknown' });
    expect(await named('air')).toMatchObject({ type: 'AirStation', ozone: 61 });
    const [road] = await get('/entities?type=TrafficFlowObserved');
    expect(road).toMatchObject({ intensity: { unitCode: 'C62' }, averageVehicleSpeed: { unitCode: 'KMH' } });
  });

  it('tell channels apart by datasetId', async () => {
    for (const [i, channel] of ['in', 'out'].entries()) {
      const key = 90 + i;
      api.put('datastream', {
        id: `gauge-1.water_level.${channel}`,
        key,
        thing: 'gauge-1',
        property: 'water_level',
        channel,
        unit: 'm',
      });
      await api.stores.observations.append([observationOf({ datastream: key, value: i - 1 })]);
    }
    const [gauge] = await get('/entities?type=WaterObserved&attrs=waterLevel');
    expect(gauge?.waterLevel).toMatchObject([
      { value: 0.3 },
      { value: -1, unitCode: 'MTR', datasetId: 'urn:ngsi-ld:Dataset:in' },
      { value: 0, datasetId: 'urn:ngsi-ld:Dataset:out' },
    ]);
    const [simple] = await get('/entities?type=WaterObserved&options=keyValues');
    expect(simple).toMatchObject({
      waterLevel: { dataset: { '@none': 0.3, 'urn:ngsi-ld:Dataset:in': -1 } },
      height: { dataset: { '@none': 0.3, 'urn:ngsi-ld:Dataset:out': 0 } },
    });
    expect(ids(await get('/entities?q=waterLevel<0'))).toEqual(['gauge-1']);
  });

  it('leave out what failed its tests', async () => {
    const datastream = api.keys.get('gauge-1.water_level') ?? 0;
    await api.stores.observations.append([observationOf({ datastream, value: 99, flag: 4, phenomenonTime: NOW })]);
    const [gauge] = await get('/entities?type=WaterObserved');
    expect(Object.keys(gauge ?? {})).not.toContain('height');
  });

  it('keep their id and type, whatever people call their properties', async () => {
    await openRegion();
    for (const [i, property] of ['type', 'id', 'location'].entries()) {
      api.put('datastream', { id: `bin.${property}`, key: 130 + i, thing: 'bin', property, unit: '1' });
      await api.stores.observations.append([observationOf({ datastream: 130 + i, value: 7 })]);
    }
    const [bin] = await get('/entities?type=WasteContainer&format=simplified');
    expect(bin).toMatchObject({
      id: 'urn:ngsi-ld:WasteContainer:laboe:bin',
      type: 'WasteContainer',
      observedType: 7,
      observedId: 7,
      observedLocation: 7,
      location: { type: 'Point' },
    });
  });

  it('say that they depend on Accept', async () => {
    await openRegion();
    expect((await ask('/entities?type=WasteContainer')).headers.vary).toMatch(/\bAccept\b(?!-)/);
  });

  it('come with their @context in the body, or linked', async () => {
    const plain = await ask('/entities?type=WaterObserved');
    expect(plain.headers['content-type']).toMatch(/^application\/json/);
    expect(plain.headers.link).toBe(
      '<http://localhost:80/ngsi-ld/v1/context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"',
    );
    const [linked] = await get('/entities?type=WaterObserved', { accept: 'application/ld+json' });
    expect(linked?.['@context']).toBe('http://localhost:80/ngsi-ld/v1/context.jsonld');
  });

  it('mean by their @context what the Smart Data Models mean', async () => {
    await openRegion();
    const context = await get<object>('/context.jsonld');
    // Of the core context only what this test looks at; the real one is fetched from ETSI by who reads.
    const core = {
      '@context': {
        id: '@id',
        type: '@type',
        value: 'https://uri.etsi.org/ngsi-ld/hasValue',
        Property: 'https://uri.etsi.org/ngsi-ld/Property',
      },
    };
    const documentLoader = async (url: string) => ({
      documentUrl: url,
      document: url.startsWith('https://uri.etsi.org/') ? core : context,
    });
    const expand = async (type: string) => {
      const [entity] = await get(`/entities?type=${type}`, { accept: 'application/ld+json' });
      const expanding: Promise<object[]> = jsonld.expand(
        entity as never,
        { documentLoader } as never,
      ) as unknown as Promise<object[]>;
      const [expanded] = await expanding;
      return Object.keys(expanded ?? {});
    };
    const smart = 'https://smartdatamodels.org/';
    expect(await expand('WasteContainer')).toEqual(
      expect.arrayContaining(
        ['fillingLevel', 'temperature', 'name'].map((name) => `${smart}dataModel.WasteManagement/${name}`),
      ),
    );
    expect(await expand('WeatherObserved')).toEqual(
      expect.arrayContaining([`${smart}dataModel.Weather/temperature`, `${smart}dateObserved`, `${smart}name`]),
    );
    expect(await expand('ParkingSpot')).toContain('https://uri.etsi.org/ngsi-ld/status');
    expect(await expand('AirStation')).toContain('https://plietsch.org/def/property/ozone');
    const byIri = encodeURIComponent(`${smart}dataModel.WasteManagement/WasteContainer`);
    expect(ids(await get(`/entities?type=${byIri}`))).toContain('bin');
    expect(
      Object.keys(
        (
          await get(
            `/entities?type=WeatherObserved&attrs=${encodeURIComponent(`${smart}dataModel.Weather/temperature`)}`,
          )
        )[0] ?? {},
      ),
    ).toEqual(['id', 'type', 'temperature']);
  });

  it('come in pages with their number', async () => {
    await openRegion();
    const answer = await ask('/entities?local=true&limit=3&count=true');
    const total = Number(answer.headers['ngsild-results-count']);
    expect(answer.json<Entity[]>()).toHaveLength(3);
    expect(String(answer.headers.link)).toContain('offset=3>; rel="next"');
    const seen: string[] = [];
    for (let offset = 0; offset < total; offset += 3)
      seen.push(...ids(await get(`/entities?local=true&limit=3&offset=${offset}`)));
    expect(new Set(seen).size).toBe(total);
    const none = await ask('/entities?type=WaterObserved&limit=0&options=count');
    expect([none.json(), none.headers['ngsild-results-count']]).toEqual([[], '1']);
  });

  it.each([
    ['q=fillingLevel>0.9', ['bin']],
    ['q=fillingLevel==0.5..1', ['bin']],
    ['q=fillingLevel!=0.5..1', []],
    ['q=status=="occupied"', ['bay']],
    ['q=status=="free","unknown"', ['silent-bay']],
    ['q=status!="ok"', ['bay', 'silent-bay']],
    ['q=intensity;averageVehicleSpeed<50', ['road']],
    ['q=(intensity>100|windSpeed>4);temperature>8', ['station']],
    ['q=intensity.unitCode=="C62"', ['road']],
    ['q=intensity.observedAt>2026-03-02T12:58:00%2B01:00', ['road']],
    ['q=intensity.observedAt>=2026-03-02T12:00:00Z', []],
    ['q=category=="offStreet"', ['bay', 'silent-bay']],
    ['q=address[addressLocality]=="Laboe";intensity', ['road']],
    ['q=name=="a;b|c"', []],
    ['type=WasteContainer,ParkingSpot&q=status=="ok"', ['bin']],
    ['type=Nothing', []],
    ['idPattern=^urn:ngsi-ld:P.*bay$', ['bay', 'silent-bay']],
    ['idPattern=[a-b]in', ['bin']],
    ['id=urn:ngsi-ld:TrafficFlowObserved:laboe:road,urn:x:y', ['road']],
    ['type=TrafficFlowObserved&georel=near;maxDistance==100&geometry=Point&coordinates=[10.23,54.41]', ['road']],
    ['type=TrafficFlowObserved&georel=near;minDistance==100&geometry=Point&coordinates=[10.23,54.41]', []],
    [
      'type=TrafficFlowObserved&georel=within&geometry=Polygon&coordinates=[[[10,54],[11,54],[11,55],[10,55],[10,54]]]',
      ['road'],
    ],
    [
      'type=TrafficFlowObserved&georel=disjoint&geometry=Polygon&coordinates=[[[10,54],[11,54],[11,55],[10,55],[10,54]]]',
      [],
    ],
    ['type=TrafficFlowObserved&georel=equals&geometry=Point&coordinates=[10.23,54.41]', ['road']],
  ])('are found by %s', async (query, expected) => {
    await openRegion();
    expect(
      ids(await get(`/entities?${query}`))
        .filter((id) => !/slot|gauge|meter/.test(id))
        .sort(),
    ).toEqual(expected);
  });

  it.each([
    ['', 'type'],
    ['limit=1', 'type'],
    ['type=X&colour=red', 'colour'],
    ['type=X&type=Y', 'type'],
    ['type=(A;B)', 'type'],
    ['type=X&limit=-1', 'limit'],
    ['type=X&offset=x', 'offset'],
    ['type=X&options=nothing', 'options'],
    ['type=X&options=keyValues,normalized', 'options'],
    ['type=X&count=yes', 'count'],
    ['q=a~=b', 'q'],
    ['q=(a', 'q'],
    ['q=a==', 'q'],
    ['q=a>1,2', 'q'],
    ['q=;', 'q'],
    [`q=${'('.repeat(1_000)}a`, 'q'],
    [`q=${'a;'.repeat(60)}a`, 'q'],
    [`q=${'a'.repeat(10_000)}`, 'q'],
    ['id=x', 'id'],
    ['idPattern=(a|b)', 'idPattern'],
    ['idPattern=a{2}', 'idPattern'],
    ['georel=near&geometry=Point&coordinates=[1,2]', 'georel'],
    ['georel=within&geometry=Polygon', 'coordinates'],
    ['georel=within&geometry=Polygon&coordinates=[[1,2]]', 'coordinates'],
    ['georel=within&geometry=LineString&coordinates=[[1,2],[3,4]]', 'geometry'],
    ['georel=within&geometry=Point&coordinates=here', 'coordinates'],
    ['georel=within&geometry=Point&coordinates=[999,0]', 'coordinates'],
    ['georel=overlaps&geometry=Point&coordinates=[1,2]', 'geometry'],
  ])('refuse ?%s by name', async (query, parameter) => {
    const answer = await ask(`/entities?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.json<{ type: string; faults: { path: string }[] }>()).toMatchObject({
      type: 'https://uri.etsi.org/ngsi-ld/errors/BadRequestData',
      faults: [{ path: `query.${parameter === 'geometry' && query.includes('overlaps') ? 'georel' : parameter}` }],
    });
  });

  it('are missing in words of NGSI-LD', async () => {
    for (const path of [
      '/entities/urn:ngsi-ld:WasteContainer:laboe:slot-laboe',
      '/entities/x',
      '/types/WasteContainer',
      '/attributes/fillingLevel',
      '/entities/urn:ngsi-ld:WaterObserved:laboe:gauge-1?attrs=nothing',
    ]) {
      const answer = await ask(path);
      expect([path, answer.statusCode]).toEqual([path, 404]);
      expect(answer.json()).toMatchObject({
        type: 'https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound',
        title: expect.any(String),
      });
    }
  });

  it('are those that the asker may see', async () => {
    const types = async (headers = {}) => (await get<{ typeList: string[] }>('/types', headers)).typeList;
    expect(await types()).toEqual(['Meter', 'WaterObserved']);
    expect(await types(await api.token('reader', 'laboe'))).toEqual([
      'Device',
      'Meter',
      'WasteContainer',
      'WaterObserved',
    ]);
    // The meter's newest value is too young for the public.
    expect(await get('/entities?type=Meter&options=keyValues')).toMatchObject([{ energy: 1 }]);
    expect(ids(await get('/entities?q=energy>1'))).toEqual([]);
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
    expect(JSON.stringify(await get('/entities?type=WaterObserved'))).not.toContain('Dataset:in');
    expect(ids(await get('/entities?q=waterLevel==3'))).toEqual([]);
    change('levels', { visibility: 'private' });
    expect(await get('/entities?type=WaterObserved')).toEqual([]);
    expect((await get<{ attributeList: string[] }>('/attributes')).attributeList).not.toContain('waterLevel');
  });

  it('are told of by type and by attribute', async () => {
    expect(await get<object>('/types/WaterObserved')).toMatchObject({ type: 'EntityTypeInfo', entityCount: 1 });
    expect(await get<object>('/types?details=true')).toMatchObject([
      { typeName: 'Meter' },
      { attributeNames: expect.arrayContaining(['height']) as unknown },
    ]);
    expect(await get<object>('/attributes/height')).toMatchObject({
      attributeCount: 1,
      typeNames: ['WaterObserved'],
      attributeTypes: ['Property'],
    });
    expect(await get<object>('/attributes?details=true')).toContainEqual({
      id: 'height',
      type: 'Attribute',
      attributeName: 'height',
      typeNames: ['WaterObserved'],
    });
  });
});
