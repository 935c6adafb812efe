import fastify from 'fastify';
import { connectAsync } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { silent, TestCounters, TestIntake, until } from './testing.ts';
import { brokerConfigSchema, subscriberConfigSchema, webhookConfigSchema } from './transport-config.ts';
import { createTransports } from './transports.ts';

const UP = 'application/1/device/24e124710b000001/event/up';
const password = 'a long password';
const networks = [
  { id: 'kreis', kind: 'chirpstack-v4', mqtt: { user: 'cs', password }, webhookToken: 'a-long-token' },
  { id: 'stadt', kind: 'chirpstack-v4', topics: { events: ['stadt/application/+/device/+/event/+'] } },
];

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const startAll = async (mqtt: object = {}, subscribers: object[] = []) => {
  const intake = new TestIntake();
  const transports = createTransports({
    config: {
      mqtt: brokerConfigSchema.parse({ port: 0, ...mqtt }),
      subscribers: subscribers.map((subscriber) => subscriberConfigSchema.parse(subscriber)),
      webhook: webhookConfigSchema.parse({}),
    },
    networks,
    intake,
    logger: silent,
    counters: new TestCounters(),
  });
  const app = fastify();
  await transports.attach(app);
  ends.push(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  await transports.start();
  ends.push(() => transports.stop());
  return { intake, transports, url };
};

describe('transports', () => {
  it('lead from MQTT over TCP, over WebSocket on the HTTP port and from a webhook to one intake', async () => {
    const { intake, transports, url } = await startAll();
    for (const address of [`mqtt://127.0.0.1:${transports.mqttPort}`, `${url.replace('http', 'ws')}/mqtt`]) {
      const client = await connectAsync(address, { username: 'cs', password });
      await client.publishAsync(UP, address, { qos: 1 });
      await client.endAsync();
    }
    const headers = { authorization: 'Bearer a-long-token', 'content-type': 'application/json' };
    expect((await fetch(`${url}/ingest/kreis?event=up`, { method: 'POST', headers, body: '{}' })).status).toBe(202);
    expect(intake.messages.map(({ network, topic }) => [network, topic])).toEqual([
      ['kreis', UP],
      ['kreis', UP],
      ['kreis', '?event=up'],
    ]);
    expect((await fetch(`${url}/ingest/stadt`, { method: 'POST', headers, body: '{}' })).status).toBe(404);
    expect(transports.states()).toMatchObject([{ part: 'mqtt-broker', ready: true }]);
  });

  it('upgrades no other path', async () => {
    const { url } = await startAll();
    const socket = new WebSocket(`${url.replace('http', 'ws')}/other`, 'mqtt');
    const failed = await new Promise((resolve) => {
      socket.onerror = () => resolve(true);
      socket.onopen = () => resolve(false);
    });
    expect(failed).toBe(true);
  });

  it('run without the embedded broker, and start although an external broker is away', async () => {
    const away = { network: 'stadt', url: 'mqtt://127.0.0.1:1', clientId: 'plietsch' };
    const { transports } = await startAll({ enabled: false }, [away]);
    expect(transports.mqttPort).toBeUndefined();
    await until(() => transports.states()[0]?.detail.includes('ECONNREFUSED') === true);
    expect(transports.states()).toMatchObject([{ part: 'subscriber-stadt', ready: false }]);
    expect(await transports.publish('stadt', 'x', Buffer.from('x'))).toBe(0);
  });
});
