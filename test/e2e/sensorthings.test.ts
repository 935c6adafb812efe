import { beforeAll, describe, expect, it } from 'vitest';
import { datastream, location, observedProperty, sensor } from '../../api/sensorthings/sample-entities.ts';
import type { Answered } from '../../api/sensorthings/testing.ts';
import { type HubProcess, startHubProcess } from '../support/hub-process.ts';

const station = {
  name: 'Station',
  description: 'A station',
  Locations: [location('Pier', 10.23)],
  Datastreams: [
    datastream('Salinity', {
      unitOfMeasurement: {
        name: 'gram per kilogram',
        symbol: 'g/kg',
        definition: 'http://www.opengis.net/def/uom/UCUM/g%2Fkg',
      },
      Sensor: { ...sensor, name: 'Sonde' },
      ObservedProperty: observedProperty('salinity'),
      Observations: [{ phenomenonTime: '2026-03-01T00:00:00Z', result: 11 }],
    }),
  ],
};

const publish = (visibility: string) => [
  { kind: 'municipality', put: { id: 'laboe', name: 'Laboe', key: '01057043' } },
  {
    kind: 'dataset',
    put: {
      id: 'salt',
      title: { de: 'Salz', en: 'Salt' },
      description: { de: 'Salz', en: 'Salt' },
      publisher: 'laboe',
      licence: 'CC0-1.0',
      visibility,
      members: { properties: ['salinity'] },
    },
  },
];

let hub: HubProcess;
beforeAll(async () => {
  hub = await startHubProcess();
  return () => hub.kill('SIGTERM');
});

const admin = () => ({ authorization: `Bearer ${hub.run.credential}` });

const call = async (path: string, init: { method?: string; body?: unknown; headers?: Record<string, string> } = {}) => {
  const { method = 'GET', body, headers = admin() } = init;
  const url = path.startsWith('http') ? path : `${hub.run.httpUrl}/sta/v1.1${path}`;
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    location: answer.headers.get('location'),
    json: (text ? JSON.parse(text) : {}) as Answered,
  };
};

const apply = async (entities: unknown): Promise<number> => {
  const answer = await fetch(`${hub.run.httpUrl}/api/v1/region`, {
    method: 'POST',
    headers: { ...admin(), 'content-type': 'application/json' },
    body: JSON.stringify({ entities }),
  });
  return answer.status;
};

const results = ({ json }: { json: Answered }): unknown[] => json.value.map(({ result }) => result);

describe('SensorThings over a real hub', () => {
  it('creates, reads, changes and deletes; what was written can be read at once', async () => {
    expect((await call('/Things', { method: 'POST', body: station, headers: {} })).status).toBe(401);
    const made = await call('/Things', { method: 'POST', body: station });
    expect(made).toMatchObject({ status: 201, location: `${hub.run.httpUrl}/sta/v1.1/Things(1)` });
    const rows = Array.from({ length: 500 }, (_, i) => [new Date(Date.UTC(2026, 2, 2) + i * 60_000).toISOString(), i]);
    const group = [{ Datastream: { '@iot.id': 1 }, components: ['phenomenonTime', 'result'], dataArray: rows }];
    expect((await call('/CreateObservations', { method: 'POST', body: group })).status).toBe(201);
    expect((await call('/Datastreams(1)/Observations?$count=true&$top=0')).json['@iot.count']).toBe(501);
    expect(results(await call('/Observations?$filter=result%20gt%20497&$orderby=phenomenonTime%20desc'))).toEqual([
      499, 498,
    ]);
    const { json } = await call('/Observations?$top=1');
    const path = `/Observations(${json.value[0]?.['@iot.id']})`;
    const patched = await call(path, { method: 'PATCH', body: { result: 'brackish', parameters: { by: 'hand' } } });
    expect(patched).toMatchObject({ status: 200, json: { result: 'brackish', parameters: { by: 'hand' } } });
    expect((await call(path, { method: 'DELETE' })).status).toBe(200);
    expect((await call(path)).status).toBe(404);
    expect((await call('/Datastreams(1)')).json.phenomenonTime).toMatch(/^2026-03-02T00:00:00.000Z\//);
  });

  it('pages through all of it by its links, in both orders of time', async () => {
    for (const order of ['$orderby=phenomenonTime', '$orderby=phenomenonTime%20desc', '']) {
      const seen: unknown[] = [];
      for (let next: string | undefined = `/Observations?$top=120&${order}`; next !== undefined; ) {
        const page: Awaited<ReturnType<typeof call>> = await call(next);
        seen.push(...results(page));
        next = page.json['@iot.nextLink'];
      }
      const expected = Array.from({ length: 500 }, (_, i) => i);
      expect(seen).toEqual(order.endsWith('desc') ? expected.toReversed() : expected);
    }
  });

  it('shows it to everybody when a dataset publishes it, and no more when it does not', async () => {
    const count = async () => (await call('/Observations?$count=true&$top=0', { headers: {} })).json['@iot.count'];
    expect(await count()).toBe(0);
    expect((await call('/Things(1)', { headers: {} })).status).toBe(404);
    expect(await apply(publish('open'))).toBe(200);
    expect(await count()).toBe(500);
    const { json } = await call('/Things?$expand=Locations,Datastreams/Sensor', { headers: {} });
    expect(json.value).toMatchObject([
      { name: 'Station', Locations: [{ name: 'Pier' }], Datastreams: [{ Sensor: { name: 'Sonde' } }] },
    ]);
    expect(await apply(publish('private'))).toBe(200);
    expect(await count()).toBe(0);
  });

  it('takes everything along with the Thing', async () => {
    expect((await call('/Things(1)', { method: 'DELETE' })).status).toBe(200);
    expect((await call('/Observations?$count=true')).json).toEqual({ '@iot.count': 0, value: [] });
    expect((await call('/Datastreams')).json.value).toEqual([]);
  });
});
