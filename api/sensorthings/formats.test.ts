import { beforeAll, describe, expect, it } from 'vitest';
import { createStations, type Sta } from './testing.ts';

let sta: Sta;
beforeAll(async () => {
  sta = await createStations();
});

describe('result formats', () => {
  it('gives Observations as rows of values, by Datastream', async () => {
    const page = await sta.ask(
      '/Observations?$resultFormat=dataArray&$count=true&$top=6&$select=phenomenonTime,result',
    );
    expect(page).toMatchObject({
      '@iot.count': 20,
      '@iot.nextLink': expect.stringContaining('$resultFormat=dataArray'),
      value: [
        {
          'Datastream@iot.navigationLink': expect.stringMatching(/Datastreams\(1\)$/),
          components: ['phenomenonTime', 'result'],
          'dataArray@iot.count': 5,
        },
        { 'dataArray@iot.count': 1, dataArray: [['2026-03-01T00:00:00.000Z', 10.5]] },
      ],
    });
    const [first] = (await sta.ask('/Observations?$resultFormat=dataArray&$top=1')).value;
    expect(first?.components).toEqual([
      'id',
      'phenomenonTime',
      'result',
      'resultTime',
      'resultQuality',
      'validTime',
      'parameters',
    ]);
  });

  it('gives CSV without a cap, by the conventions of FROST-Server', async () => {
    const answer = await sta.send('/Observations?$resultFormat=CSV&$expand=Datastream($select=name)');
    const [header, first, ...rest] = answer.body.trimEnd().split('\r\n');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(header).toBe(
      'id,phenomenonTime/start,phenomenonTime/end,resultTime,result,resultQuality,validTime/start,validTime/end,parameters,Datastream/name',
    );
    expect(first).toMatch(/^\d+,2026-03-01T00:00:00.000Z,2026-03-01T00:00:00.000Z,,10,,,,,air 1$/);
    expect(rest).toHaveLength(19);
    const units = await sta.send('/Datastreams?$resultFormat=CSV&$select=name,unitOfMeasurement&$top=1');
    expect(units.body).toBe(
      'name,unitOfMeasurement/name,unitOfMeasurement/definition,unitOfMeasurement/symbol\r\nair 1,degree Celsius,ucum:Cel,°C\r\n',
    );
    const newest = await sta.send(
      '/Datastreams?$resultFormat=CSV&$select=id&$expand=Observations($top=1;$orderby=phenomenonTime%20desc;$select=result)',
    );
    expect(newest.body.split('\r\n').slice(0, 2)).toEqual(['id,Observations/result', '1,14']);
    await sta.send('/Things?$resultFormat=CSV&$expand=Datastreams', { status: 400 });
  });

  it('lets no spreadsheet take a text for a formula', async () => {
    await sta.post('/ObservedProperties', { name: '=1+1', definition: 'x"y', description: 'a,b' });
    const { body } = await sta.send(
      "/ObservedProperties?$resultFormat=CSV&$filter=startswith(name,'=')&$select=name,definition,description",
    );
    expect(body).toBe('name,definition,description\r\n\'=1+1,"x""y","a,b"\r\n');
  });

  it('gives GeoJSON: the first geometry on the way, all else flat', async () => {
    const answer = await sta.send(
      '/Things?$resultFormat=GeoJSON&$top=1&$select=id,name,properties&$expand=Locations,Datastreams($select=name;$top=1)',
    );
    expect(answer.headers['content-type']).toMatch(/^application\/geo\+json/);
    expect(answer.json()).toMatchObject({
      type: 'FeatureCollection',
      '@iot.nextLink': expect.any(String),
      features: [
        {
          type: 'Feature',
          id: '1',
          geometry: { type: 'Point', coordinates: [11, 54] },
          properties: {
            id: 1,
            name: 'Station 1',
            'properties/rank': 1,
            'Locations/0/name': 'Place 1',
            'Datastreams/0/name': 'air 1',
          },
        },
      ],
    });
    expect((await sta.send('/Sensors?$resultFormat=GeoJSON&$top=1')).json()).toMatchObject({
      features: [{ geometry: null }],
    });
  });
});
