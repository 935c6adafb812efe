import { beforeAll, describe, expect, it } from 'vitest';
import { type Answered, createStations, type Sta } from './testing.ts';

let sta: Sta;
beforeAll(async () => {
  sta = await createStations();
});

const names = (page: Answered): unknown[] => page.value.map(({ name }) => name);
const results = (page: Answered): unknown[] => page.value.map(({ result }) => result);
const query = (text: string): string => text.replaceAll(' ', '%20');

describe('SensorThings, reading', () => {
  it('lists the eight sets and what it conforms to', async () => {
    const root = await sta.ask('');
    expect(names(root)).toEqual(
      ['Datastreams', 'FeaturesOfInterest', 'HistoricalLocations', 'Locations', 'Observations', 'ObservedProperties', 'Sensors', 'Things'], // biome-ignore format: one row
    );
    expect(root.serverSettings).toMatchObject({
      conformance: expect.arrayContaining([expect.stringMatching(/datamodel$/)]),
    });
  });

  it('follows links both ways, along every path of two', async () => {
    for (const { name } of (await sta.ask('')).value) {
      const [first] = (await sta.ask(`/${String(name)}?$top=1`)).value;
      const links = Object.entries(first ?? {}).filter(([member]) => member.endsWith('@iot.navigationLink'));
      expect(links.length).toBeGreaterThan(0);
      for (const [member, address] of links) {
        const there = await sta.ask(String(address));
        const one = there.value ? there.value[0] : there;
        expect(one?.['@iot.selfLink'], `${String(name)} ${member}`).toMatch(/\(\d+\)$/);
        expect(await sta.ask(one?.['@iot.selfLink'] ?? '')).toMatchObject({ '@iot.id': one?.['@iot.id'] });
      }
    }
  });

  it('answers a property, its value, a reference; 204 for what is empty and 404 for what is not there', async () => {
    expect(await sta.ask('/Things(1)/name')).toEqual({ name: 'Station 1' });
    expect((await sta.send('/Things(1)/name/$value')).body).toBe('Station 1');
    expect((await sta.send('/Things(1)/properties/rank/$value')).body).toBe('1');
    expect(await sta.ask('/Locations(1)/location/$value')).toEqual({ type: 'Point', coordinates: [11, 54] });
    expect(await sta.ask('/Datastreams(1)/Thing/$ref')).toEqual({
      '@iot.selfLink': 'http://localhost:80/sta/v1.1/Things(1)',
    });
    const refs = await sta.ask('/Things/$ref?$count=true');
    expect(refs).toMatchObject({ '@iot.count': 2, value: [{ '@iot.selfLink': expect.any(String) }, {}] });
    const [observation] = (await sta.ask('/Observations?$top=1')).value;
    await sta.send(`/Observations(${observation?.['@iot.id']})/resultTime`, { status: 204 });
    for (const path of [
      '/Things(9)',
      '/Things(1)/properties/none',
      '/Things(2)/Datastreams(1)',
      '/Observations(1)',
      '/Things(9223372036854775807)',
    ]) {
      await sta.send(path, { status: 404 });
    }
  });

  it('selects, and leaves links and ids out where they are not asked for', async () => {
    expect((await sta.ask('/Things?$select=name,properties/rank')).value).toEqual([
      { name: 'Station 1', properties: { rank: 1 } },
      { name: 'Station 2', properties: { rank: 2 } },
    ]);
    expect(await sta.ask('/Things(1)?$select=id,Datastreams')).toEqual({
      '@iot.id': 1,
      'Datastreams@iot.navigationLink': 'http://localhost:80/sta/v1.1/Things(1)/Datastreams',
    });
  });

  it.each([
    ["/Things?$filter=name eq 'Station 2'", ['Station 2']],
    ['/Things?$filter=properties/rank lt 2', ['Station 1']],
    ["/Datastreams?$filter=Thing/name eq 'Station 1' and ObservedProperty/name eq 'water'", ['water 1']],
    ["/Things?$filter=Datastreams/name eq 'air 2'", ['Station 2']],
    ["/Things?$filter=Datastreams/name eq 'air 2' and Datastreams/ObservedProperty/name eq 'water'", []],
    ['/Things?$filter=Datastreams/Observations/result gt 24', ['Station 2']],
    [
      "/Locations?$filter=st_within(location, geography'POLYGON ((10.5 53, 11.5 53, 11.5 55, 10.5 55, 10.5 53))')",
      ['Place 1'],
    ],
    ['/Things?$orderby=properties/rank desc', ['Station 2', 'Station 1']],
    ['/Datastreams?$orderby=ObservedProperty/name desc,Thing/name', ['water 1', 'water 2', 'air 1', 'air 2']],
    ['/Datastreams?$filter=phenomenonTime lt 2026-03-01T00:00:00Z', []],
    ['/Datastreams?$skip=1&$top=2', ['water 1', 'air 2']],
  ])('%s', async (path, expected) => {
    expect(names(await sta.ask(query(path)))).toEqual(expected);
  });

  it.each([
    ['/Observations?$filter=result gt 23', [24, 23.5, 24.5]],
    ["/Observations?$filter=result gt '23'&$top=1", [24]],
    ["/Observations?$filter=Datastream/ObservedProperty/name eq 'air' and result ge 23", [23, 24]],
    ['/Observations?$filter=phenomenonTime ge 2026-03-01T03:30:00Z', [14, 14.5, 24, 24.5]],
    ['/Observations?$orderby=phenomenonTime desc&$top=5', [14, 14.5, 24, 24.5, 13]],
    ['/Observations?$orderby=phenomenonTime&$skip=3&$top=2', [20.5, 11]],
    ['/Observations?$orderby=result desc&$top=3', [24.5, 24, 23.5]],
    ['/Observations?$orderby=Datastream/name,result desc&$top=2', [14, 13]],
    ['/Datastreams(1)/Observations?$orderby=phenomenonTime desc&$top=2', [14, 13]],
    ['/Observations?$skip=18', [23.5, 24.5]],
    ['/Datastreams(1)/Observations?$filter=result gt 12&$orderby=phenomenonTime desc', [14, 13]],
    ['/Datastreams(1)/Observations?$filter=result gt 12&$orderby=phenomenonTime desc&$skip=1', [13]],
    ['/Observations?$filter=result gt 23&$orderby=phenomenonTime desc', [24, 24.5, 23.5]],
    ['/Observations?$filter=result lt 11&$orderby=result desc', [10.5, 10]],
    ['/Observations?$orderby=@iot.id desc&$top=2', [24.5, 23.5]],
    ['/FeaturesOfInterest(1)/Observations?$filter=result gt 13', [14, 13.5, 14.5]],
    ['/Observations?$filter=hour(phenomenonTime) eq 2 and not (result gt 20)', [12, 12.5]],
    ['/Observations?$filter=resultTime ne 2020-01-01T00:00:00Z', []],
    ['/Observations?$filter=resultTime eq null&$top=2', [10, 11]],
  ])('%s', async (path, expected) => {
    expect(results(await sta.ask(query(path)))).toEqual(expected);
  });

  it.each([
    '',
    '$filter=result gt 11.5',
    '$orderby=phenomenonTime',
    '$orderby=phenomenonTime desc',
    '$orderby=result desc',
    '$orderby=@iot.id desc',
    '$skip=3',
    "$filter=Datastream/ObservedProperty/name eq 'water'&$orderby=phenomenonTime desc,@iot.id",
  ])('gives every row once, page by page, in the order of one page: %s', async (options) => {
    const whole = (await sta.ask(query(`/Observations?${options}&$top=100`.replace('?&', '?')))).value;
    const pages = await sta.all(query(`/Observations?${options}&$top=3`.replace('?&', '?')));
    expect(whole.length).toBeGreaterThan(5);
    expect(pages).toEqual(whole);
  });

  it('counts what the filter leaves, whatever the page', async () => {
    expect(await sta.ask(query('/Observations?$count=true&$top=0'))).toEqual({ '@iot.count': 20, value: [] });
    expect(await sta.ask(query('/Observations?$count=true&$top=1&$filter=result gt 23'))).toMatchObject({
      '@iot.count': 3,
    });
    expect(await sta.ask('/Things?$count=true&$top=1')).toMatchObject({ '@iot.count': 2, value: [{}] });
  });

  it('expands the newest of each Datastream, with a link to the rest', async () => {
    const map = await sta.ask(
      query(
        '/Things?$expand=Datastreams($select=name;$expand=Observations($top=1;$orderby=phenomenonTime desc;$select=result))',
      ),
    );
    const [first] = map.value;
    expect(first?.Datastreams).toEqual([
      {
        name: 'air 1',
        Observations: [{ result: 14 }],
        'Observations@iot.nextLink': expect.stringContaining('/Datastreams(1)/Observations?'),
      },
      expect.objectContaining({ Observations: [{ result: 14.5 }] }),
    ]);
    const features = '/FeaturesOfInterest?$expand=Observations($top=1;$orderby=phenomenonTime desc;$select=result)';
    const [place] = (await sta.ask(query(features))).value;
    expect(place?.Observations).toEqual([{ result: 14 }]);
    expect(results(await sta.ask(String(place?.['Observations@iot.nextLink'])))).toEqual([14.5]);
    const [datastream] = (first?.Datastreams ?? []) as Answered[];
    expect(results(await sta.ask(String(datastream?.['Observations@iot.nextLink'])))).toEqual([13]);
  });

  it('expands sets with their own options, and one way from Observations', async () => {
    const [thing] = (
      await sta.ask(query("/Things?$expand=Datastreams($filter=name eq 'air 1';$count=true),Locations($select=name)"))
    ).value;
    expect(thing).toMatchObject({ 'Datastreams@iot.count': 1, Locations: [{ name: 'Place 1' }] });
    const [observation] = (
      await sta.ask('/Observations?$top=1&$expand=Datastream/Thing,FeatureOfInterest($select=name)')
    ).value;
    expect(observation).toMatchObject({
      Datastream: { name: 'air 1', Thing: { name: 'Station 1' } },
      FeatureOfInterest: { name: 'Place 1' },
    });
    expect(observation).not.toHaveProperty('Datastream@iot.navigationLink');
  });

  it('writes times with milliseconds of fixed width, and the extent of a Datastream', async () => {
    expect(await sta.ask('/Datastreams(1)')).toMatchObject({
      phenomenonTime: '2026-03-01T00:00:00.000Z/2026-03-01T04:00:00.000Z',
    });
    expect((await sta.ask('/Observations?$top=1')).value[0]).toMatchObject({
      phenomenonTime: '2026-03-01T00:00:00.000Z',
      resultTime: null,
    });
  });

  it('refuses an answer that would be too large, and what only sets have of one entity', async () => {
    await sta.send('/Things(1)?$top=1', { status: 400 });
    await sta.send('/Things?$resultFormat=dataArray', { status: 400 });
    await sta.send('/Things?$resultFormat=XML', { status: 400 });
    await sta.send('/Observations?$skiptoken=x', { status: 400 });
    await sta.send('/Observations?$orderby=result&$skip=200000', { status: 400 });
  });
});
