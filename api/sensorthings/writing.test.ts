import { beforeEach, describe, expect, it } from 'vitest';
import { datastream, location, observedProperty, sensor } from './sample-entities.ts';
import { createStations, type Sta } from './testing.ts';

let sta: Sta;
beforeEach(async () => {
  sta = await createStations();
});

const patch = (path: string, body: unknown, status = 200) => sta.ask(path, { method: 'PATCH', body, status });
const put = (path: string, body: unknown, status = 200) => sta.ask(path, { method: 'PUT', body, status });
const drop = (path: string, status = 200) => sta.send(path, { method: 'DELETE', status });
const observe = (body: object, status = 201) => sta.post('/Datastreams(1)/Observations', body, status);
const count = async (set: string): Promise<number> =>
  (await sta.ask(`/${set}?$count=true&$top=0&quality=all`))['@iot.count'] ?? 0;

describe('SensorThings, creating', () => {
  it('answers the entity and its address, and notes where a Thing came to be', async () => {
    const answer = await sta.send('/Things', {
      method: 'POST',
      body: { name: 'A', description: 'a', Locations: [{ '@iot.id': 1 }] },
      status: 201,
    });
    expect(answer.headers.location).toBe('http://localhost:80/sta/v1.1/Things(3)');
    expect(answer.json()).toMatchObject({ '@iot.id': 3, name: 'A' });
    expect((await sta.ask('/Things(3)/HistoricalLocations?$expand=Locations')).value).toMatchObject([
      { time: expect.stringMatching(/Z$/), Locations: [{ name: 'Place 1' }] },
    ]);
  });

  it('links what is POSTed to a set of an entity with it', async () => {
    await sta.post(
      '/Things(1)/Datastreams',
      datastream('new', { Sensor: { '@iot.id': 1 }, ObservedProperty: observedProperty('new') }),
    );
    expect((await sta.ask('/Things(1)/Datastreams')).value).toHaveLength(3);
    await sta.post('/Things(1)/Locations', location('Elsewhere', 12.5));
    expect((await sta.ask('/Things(1)/Locations')).value).toMatchObject([{ name: 'Elsewhere' }]);
    expect((await sta.ask('/Things(1)/HistoricalLocations')).value).toHaveLength(2);
    await sta.post('/Locations(2)/Things', { name: 'Guest', description: 'g' });
    expect((await sta.ask('/Locations(2)/Things')).value.map(({ name }) => name)).toEqual(['Station 2', 'Guest']);
  });

  it('creates all or nothing', async () => {
    const before = await count('Sensors');
    const links = { Thing: { '@iot.id': 1 }, Sensor: sensor, ObservedProperty: observedProperty('x') };
    const Observations = [{ phenomenonTime: 'yesterday', result: 1 }];
    await sta.post('/Datastreams', datastream('x', { ...links, Observations }), 400);
    const homeless = {
      name: 'H',
      description: 'h',
      Datastreams: [
        datastream('x', { Sensor: sensor, ObservedProperty: observedProperty('x'), Observations: [{ result: 1 }] }),
      ],
    };
    expect(await sta.post('/Things', homeless, 400)).toMatchObject({ detail: expect.stringContaining('no Location') });
    expect(await count('Sensors')).toBe(before);
    expect(await count('Things')).toBe(2);
  });

  it.each([
    ['/Things', { description: 'no name' }, 'body.name'],
    ['/Things', { name: 'x', description: 'x', colour: 'red' }, 'body.colour'],
    ['/Things', { name: 'x', description: 'x', properties: [] }, 'body.properties'],
    ['/Things', { name: 'x', description: 'x', Locations: [{ '@iot.id': 99 }] }, 'body.Locations[0]'],
    ['/Datastreams', datastream('x', { Thing: { '@iot.id': 1 }, ObservedProperty: { '@iot.id': 1 } }), 'body.Sensor'],
    ['/Datastreams(1)/Observations', { phenomenonTime: '2026-03-01T00:00:00Z' }, 'body.result'],
    [
      '/Datastreams(1)/Observations',
      { result: 1, phenomenonTime: '2026-03-01T02:00:00Z/2026-03-01T01:00:00Z' },
      'body.phenomenonTime',
    ],
    ['/Datastreams(1)/Observations', { result: 1, phenomenonTime: '1900-03-01T02:00:00Z' }, 'body.phenomenonTime'],
    ['/Observations', { result: 1 }, 'body.Datastream'],
  ])('names what is wrong: POST %s %j', async (path, body, fault) => {
    expect(await sta.post(path, body, 400)).toMatchObject({ faults: [{ path: fault, hint: expect.any(String) }] });
  });

  it('refuses bodies that are nested without end', async () => {
    let deep: object = {};
    for (let i = 0; i < 1_000; i++) deep = { deep };
    expect(await sta.post('/Things', { name: 'x', description: 'x', properties: deep }, 400)).toMatchObject({
      faults: [{ path: 'body' }],
    });
  });

  it('keeps what has no place in a number beside it', async () => {
    const whole = {
      phenomenonTime: '2026-03-02T00:00:00.000Z/2026-03-02T01:00:00.000Z',
      resultTime: '2026-03-02T02:00:00.000Z',
      validTime: '2026-03-02T00:00:00.000Z/2026-03-03T00:00:00.000Z',
      result: { kind: 'rain', drops: [1, 2] },
      resultQuality: 'good',
      parameters: { angle: 5 },
    };
    const made = await observe(whole);
    expect(await sta.ask(`/Observations(${made['@iot.id']})`)).toMatchObject(whole);
    expect((await sta.ask('/Observations?$filter=parameters/angle%20eq%205')).value).toMatchObject([whole]);
    expect((await sta.ask("/Observations?$filter=result/kind%20eq%20'rain'")).value).toHaveLength(1);
    expect(
      (await sta.ask('/Datastreams(1)/Observations?$filter=phenomenonTime%20lt%202026-03-01T02:00:00Z')).value,
    ).toHaveLength(2);
    for (const [i, result] of [true, 'text', null, [1]].entries()) {
      const one = await observe({ result, phenomenonTime: `2026-03-03T00:00:0${i}Z` });
      expect(one.result).toEqual(result);
    }
  });

  it('takes now for the time where none is said, and one feature for one place', async () => {
    const { phenomenonTime, resultTime } = await observe({ result: 5 });
    expect({ phenomenonTime, resultTime }).toEqual({ phenomenonTime: '2026-03-02T12:00:00.000Z', resultTime: null });
    expect(await count('FeaturesOfInterest')).toBe(2);
    const own = await observe({
      result: 6,
      phenomenonTime: '2026-03-04T00:00:00Z',
      FeatureOfInterest: {
        name: 'F',
        description: 'f',
        encodingType: 'application/geo+json',
        feature: { type: 'Point', coordinates: [1, 2] },
      },
    });
    expect(await sta.ask(`/Observations(${own['@iot.id']})/FeatureOfInterest`)).toMatchObject({ name: 'F' });
    expect((await sta.ask('/FeaturesOfInterest(3)/Observations')).value).toMatchObject([{ result: 6 }]);
    expect((await sta.ask("/Observations?$filter=FeatureOfInterest/name%20eq%20'F'")).value).toHaveLength(1);
    expect((await sta.ask('/FeaturesOfInterest(1)/Observations?$count=true&$top=0'))['@iot.count']).toBe(11);
  });

  it('answers 409 where an Observation stands already, and says what to do', async () => {
    const answer = await observe({ result: 1, phenomenonTime: '2026-03-01T00:00:00.010Z' }, 409);
    expect(answer).toMatchObject({ code: 'HUB_CONFLICT', detail: expect.stringContaining('63 ms') });
  });

  it('creates Observations from rows of values, and says of each row what became of it', async () => {
    const group = (rows: unknown[]) => [
      {
        Datastream: { '@iot.id': 1 },
        components: ['phenomenonTime', 'result', 'FeatureOfInterest/id'],
        dataArray: rows,
      },
    ];
    const rows = [
      ['2026-03-05T00:00:00Z', 1, 1],
      ['2026-03-01T00:00:00Z', 2, 1],
      ['2026-03-05T01:00:00Z', 3, 99],
    ];
    const { body } = await sta.send('/CreateObservations', { method: 'POST', body: group(rows), status: 201 });
    expect(JSON.parse(body)).toEqual([
      expect.stringMatching(/\/Observations\(\d+\)$/),
      expect.stringMatching(/^error .*already/),
      expect.stringMatching(/^error .*FeaturesOfInterest/),
    ]);
    expect(await count('Observations')).toBe(21);
  });
});

describe('SensorThings, changing', () => {
  it('changes what a PATCH names, and all with PUT', async () => {
    expect(await patch('/Things(1)', { description: 'new' })).toMatchObject({
      name: 'Station 1',
      description: 'new',
      properties: { rank: 1 },
    });
    expect(await put('/Things(1)', { name: 'N', description: 'd' })).not.toHaveProperty('properties');
    await put('/Things(1)', { name: 'N' }, 400);
    expect((await sta.ask('/Things(1)/Datastreams')).value).toHaveLength(2);
  });

  it('moves a Thing, and remembers', async () => {
    await patch('/Things(1)', { Locations: [{ '@iot.id': 2 }] });
    expect((await sta.ask('/Things(1)/Locations')).value).toMatchObject([{ name: 'Place 2' }]);
    expect((await sta.ask('/Things(1)/HistoricalLocations')).value).toHaveLength(2);
    const { '@iot.id': id } = await observe({ result: 1 });
    expect(await sta.ask(`/Observations(${id})/FeatureOfInterest`)).toMatchObject({ name: 'Place 2' });
    const [old] = (await sta.ask('/Datastreams(1)/Observations?$top=1&$expand=FeatureOfInterest')).value;
    expect(old).toMatchObject({ FeatureOfInterest: { name: 'Place 1' } });
  });

  it('moves a Thing by a HistoricalLocation that is its newest, and by no older one', async () => {
    const note = (time: string, places: number[]) =>
      sta.post('/HistoricalLocations', {
        time,
        Thing: { '@iot.id': 1 },
        Locations: places.map((place) => ({ '@iot.id': place })),
      });
    const places = async () => (await sta.ask('/Things(1)/Locations')).value.map(({ name }) => name);
    await note('2020-01-01T00:00:00Z', [2]);
    expect(await places()).toEqual(['Place 1']);
    await note('2030-01-01T00:00:00Z', [2]);
    expect(await places()).toEqual(['Place 2']);
    await note('2031-01-01T00:00:00Z', [1, 2]);
    expect(await places()).toEqual(['Place 1', 'Place 2']);
    expect((await sta.ask('/Things(1)/HistoricalLocations')).value).toHaveLength(4);
  });

  it('links from a Location as from the other end: a Thing moves, a HistoricalLocation keeps what it had', async () => {
    await patch('/Locations(2)', { Things: [{ '@iot.id': 1 }], HistoricalLocations: [{ '@iot.id': 1 }] });
    const places = async (path: string) => (await sta.ask(`${path}/Locations`)).value.map(({ name }) => name);
    expect(await places('/Things(1)')).toEqual(['Place 2']);
    expect(await places('/HistoricalLocations(1)')).toEqual(['Place 1', 'Place 2']);
    await patch('/Things(1)', { Locations: [] });
    expect(await places('/Things(1)')).toEqual([]);
  });

  it('refuses entities inside a PATCH', async () => {
    await patch('/Things(1)', { Locations: [location('x', 1)] }, 400);
    await patch('/Datastreams(1)', { Sensor: sensor }, 400);
  });

  it('keeps the number of an Observation that is moved in time, and its other properties', async () => {
    const made = await observe({ result: 7, phenomenonTime: '2026-03-04T00:00:00Z', parameters: { a: 1 } });
    const path = `/Observations(${made['@iot.id']})`;
    await patch(path, { phenomenonTime: '2026-03-06T00:00:00Z' });
    expect(await sta.ask(path)).toMatchObject({
      '@iot.id': made['@iot.id'],
      phenomenonTime: '2026-03-06T00:00:00.000Z',
      result: 7,
      parameters: { a: 1 },
    });
    expect(await count('Observations')).toBe(21);
    await observe({ result: 8, phenomenonTime: '2026-03-04T00:00:00Z' }, 409);
    await patch(path, { result: 'seven' });
    expect((await sta.ask(path)).result).toBe('seven');
    await drop(path);
    await sta.send(path, { status: 404 });
    await observe({ result: 8, phenomenonTime: '2026-03-04T00:00:00Z' });
  });
});

describe('SensorThings, deleting', () => {
  it.each([
    ['/Things(1)', { Things: 1, Datastreams: 2, HistoricalLocations: 1, Observations: 10, Locations: 2, Sensors: 4 }],
    ['/Datastreams(1)', { Things: 2, Datastreams: 3, Observations: 15 }],
    ['/Sensors(1)', { Sensors: 3, Datastreams: 3, Observations: 15 }],
    ['/ObservedProperties(1)', { ObservedProperties: 3, Datastreams: 3, Observations: 15 }],
    ['/Locations(1)', { Locations: 1, HistoricalLocations: 1, Things: 2, Observations: 20 }],
    ['/FeaturesOfInterest(1)', { FeaturesOfInterest: 1, Observations: 10, Datastreams: 4 }],
    ['/HistoricalLocations(1)', { HistoricalLocations: 1, Things: 2, Locations: 2 }],
  ])('%s takes along what cannot be without it', async (path, left) => {
    await drop(path);
    await drop(path, 404);
    for (const [set, expected] of Object.entries(left)) expect([set, await count(set)]).toEqual([set, expected]);
  });

  it('lets a place that was deleted be named anew', async () => {
    await drop('/FeaturesOfInterest(1)');
    const { '@iot.id': id } = await observe({ result: 1, phenomenonTime: '2026-03-01T00:00:00Z' });
    expect(await sta.ask(`/Observations(${id})/FeatureOfInterest`)).toMatchObject({ name: 'Place 1' });
  });
});
