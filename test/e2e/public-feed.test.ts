import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devEuiOf, topicOf, uplinkBody } from '../support/chirpstack-uplink.ts';
import { callHub, eventually, getJson, type HubProcess, NETWORK, startHubProcess } from '../support/hub-process.ts';

const DEVICE = devEuiOf(1);
const TOPIC = 'plietsch/v1/laboe/glas-1/fill_level';

const dataset = (visibility: string) => ({
  id: 'abfall',
  title: { de: 'Abfall', en: 'Waste' },
  description: { de: 'Füllstände', en: 'Fill levels' },
  publisher: 'laboe',
  licence: 'dl-de/zero-2-0',
  visibility,
  members: { properties: ['fill_level'] },
});

const region = [
  { kind: 'municipality', put: { id: 'laboe', name: 'Laboe', key: '01057043' } },
  {
    kind: 'site',
    put: {
      id: 'hafen',
      name: 'Hafen',
      municipality: 'laboe',
      geometry: { type: 'Point', coordinates: [10.2269, 54.4031] },
    },
  },
  { kind: 'thing', put: { id: 'glas-1', name: 'Weißglas Hafen', kind: 'container_slot', site: 'hafen' } },
  { kind: 'device', put: { id: DEVICE, profile: 'milesight/em400-tld' } },
  {
    kind: 'deployment',
    put: {
      id: 'a',
      device: DEVICE,
      thing: 'glas-1',
      from: '2026-01-01T00:00:00Z',
      parameters: { emptyDistanceMm: 2000, fullDistanceMm: 500 },
    },
  },
  { kind: 'dataset', put: dataset('open') },
];

describe('open data of a running hub', () => {
  let hub: HubProcess;
  let network: MqttClient;
  let reader: MqttClient;
  const got: { topic: string; text: string }[] = [];
  const url = () => `mqtt://127.0.0.1:${hub.run.mqttPort}`;
  const apply = async (entities: object[]): Promise<void> => {
    const answer = await callHub(hub.run, '/api/v1/region', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ entities }),
    });
    expect([answer.status, await answer.text()]).toMatchObject([200, expect.any(String)]);
  };
  const measure = (at: number) =>
    network.publishAsync(topicOf(DEVICE), uplinkBody({ devEui: DEVICE, fCnt: at, time: Date.now() }), { qos: 1 });
  const open = async <T>(path: string): Promise<T> => (await (await fetch(hub.run.httpUrl + path)).json()) as T;

  beforeAll(async () => {
    hub = await startHubProcess({ environment: { PLIETSCH_MQTT_PUBLIC_READERS: 'on' } });
    network = await mqtt.connectAsync(url(), { username: NETWORK.user, password: NETWORK.password });
    reader = await mqtt.connectAsync(url());
    reader.on('message', (topic, payload) => got.push({ topic, text: payload.toString() }));
    await apply(region);
    await reader.subscribeAsync('plietsch/v1/#', { qos: 1 });
  });
  afterAll(async () => {
    await reader.endAsync(true);
    await network.endAsync(true);
    await hub.kill('SIGTERM');
  });

  it('reaches a reader without a log-in by MQTT, and every interface', async () => {
    await measure(1);
    const told = await eventually(
      async () => got.find(({ topic }) => topic === TOPIC),
      (found) => found !== undefined,
    );
    expect(JSON.parse(told?.text ?? '')).toMatchObject({
      datastream: 'glas-1.fill_level',
      datasets: ['abfall'],
      licences: ['dl-de/zero-2-0'],
    });
    const features = await eventually(
      () => open<{ features?: { properties: Record<string, unknown> }[] }>('/ogc/v1/collections/container_slot/items'),
      (page) => typeof page.features?.[0]?.properties.fill_level === 'number',
    );
    expect(features.features).toHaveLength(1);
    expect(await open<unknown[]>('/ngsi-ld/v1/entities?type=WasteContainer&options=keyValues')).toMatchObject([
      { name: 'Weißglas Hafen' },
    ]);
    const { parts } = await getJson<{ parts: { part: string; detail: string }[] }>(hub.run, '/ready');
    expect(parts.find(({ part }) => part === 'mqtt-broker')?.detail).toBe('2 connections, 1 of them readers');
  });

  it('is gone everywhere once it is private', async () => {
    await apply([{ kind: 'dataset', put: dataset('private') }]);
    await eventually(
      async () => got.at(-1),
      (last) => last?.text === '',
    );
    expect(got.at(-1)?.topic).toBe(TOPIC);
    const late = await mqtt.connectAsync(url());
    const held: string[] = [];
    late.on('message', (topic) => held.push(topic));
    await late.subscribeAsync('plietsch/v1/#');
    const before = got.length;
    await measure(2);
    // Stored, and with time to be told, before nothing having come says anything.
    await eventually(
      () => getJson<{ observations: unknown[] }>(hub.run, '/api/v1/datastreams/glas-1.fill_level/observations'),
      ({ observations }) => observations.length === 2,
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    await late.endAsync(true);
    expect([held, got.length]).toEqual([[], before]);
    expect(await open('/ogc/v1/collections/container_slot/items')).toMatchObject({ status: 404 });
    expect(await open('/ngsi-ld/v1/entities?type=WasteContainer')).toEqual([]);
  });
});
