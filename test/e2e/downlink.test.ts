import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devEuiOf, topicOf, uplinkBody } from '../support/chirpstack-uplink.ts';
import { callHub, eventually, getJson, type HubProcess, NETWORK, startHubProcess } from '../support/hub-process.ts';

const DEVICE = devEuiOf(7);
const NOW = Date.now();

interface Downlink {
  readonly id: string;
  readonly state: string;
  readonly hex: string;
  readonly history: readonly { readonly state: string; readonly by: string; readonly detail?: string }[];
}

/** From the order over the network server's queue to the device's answer, over a real broker. */
describe('a downlink', () => {
  let hub: HubProcess;
  let client: MqttClient;
  const heard: { topic: string; body: Record<string, unknown> }[] = [];

  const order = async (body: object): Promise<{ status: number; downlink: Downlink }> => {
    const response = await callHub(hub.run, `/api/v1/devices/${DEVICE}/downlinks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, downlink: (await response.json()) as Downlink };
  };
  const look = (id: string) => getJson<Downlink>(hub.run, `/api/v1/downlinks/${id}`);
  const say = (event: string, body: object) =>
    client.publishAsync(topicOf(DEVICE).replace('/up', `/${event}`), JSON.stringify(body), { qos: 1 });

  beforeAll(async () => {
    hub = await startHubProcess();
    const put = { id: DEVICE, profile: 'decentlab/dl-mbx' };
    await callHub(hub.run, '/api/v1/region', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ entities: [{ kind: 'device', put }] }),
    });
    client = await mqtt.connectAsync(`mqtt://127.0.0.1:${hub.run.mqttPort}`, {
      username: NETWORK.user,
      password: NETWORK.password,
      clientId: 'chirpstack',
    });
    client.on('message', (topic, body) => heard.push({ topic, body: JSON.parse(body.toString()) }));
  });
  afterAll(async () => {
    client.end(true);
    await hub.kill('SIGTERM');
  });

  it('is refused for a device that was never heard: nobody knows its network', async () => {
    const { status, downlink } = await order({ data: { command: 'set adr off' } });
    expect([status, downlink]).toMatchObject([409, { code: 'HUB_DOWNLINK_NO_WAY' }]);
  });

  it('fails in words while nobody reads it', async () => {
    await client.publishAsync(topicOf(DEVICE), uplinkBody({ devEui: DEVICE, fCnt: 1, time: NOW }), { qos: 1 });
    const { downlink } = await eventually(
      () => order({ data: { command: 'set adr off' } }),
      ({ status }) => status === 202,
    );
    expect(downlink).toMatchObject({ state: 'failed', hex: '00070000e5b1' });
    expect(downlink.history.at(-1)?.detail).toMatch(/No client of network north reads application\//);
  });

  it('reaches the network server, and is acknowledged when the device has answered', async () => {
    await client.subscribeAsync('application/+/device/+/command/down', { qos: 1 });
    const { downlink } = await order({ data: { command: 'set period', parameter: 600 }, confirmed: true });
    expect(downlink.state).toBe('sent');
    await eventually(
      async () => heard,
      (messages) => messages.length > 0,
    );
    expect(heard).toMatchObject([
      {
        topic: topicOf(DEVICE).replace('event/up', 'command/down'),
        body: { id: downlink.id, fPort: 1, confirmed: true },
      },
    ]);
    expect(Buffer.from(String(heard[0]?.body.data), 'base64').toString('hex')).toBe(downlink.hex);
    const event = { time: new Date(NOW).toISOString(), deviceInfo: { devEui: DEVICE }, queueItemId: downlink.id };
    await say('ack', { ...event, deduplicationId: 'a-1', acknowledged: true });
    const settled = await eventually(
      () => look(downlink.id),
      ({ state }) => state === 'acknowledged',
    );
    expect(settled.history.map(({ state }) => state)).toEqual(['queued', 'sent', 'acknowledged']);
    expect(settled.history[2]?.by).toBe('north');
  });
});
