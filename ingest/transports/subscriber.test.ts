import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes, type Client, type PublishPacket } from 'aedes';
import mqttPacket from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { Subscriber } from './subscriber.ts';
import { silent, TestCounters, TestIntake, until } from './testing.ts';
import { subscriberConfigSchema } from './transport-config.ts';

const UP = 'application/1/device/24e124710b000001/event/up';

let intake: TestIntake;
let counters: TestCounters;
let broker: Aedes;
let server: Server;
let subscriber: Subscriber;
/** Message ids that the broker saw acknowledged, per connection. */
let acknowledged: number[][];
let allows = true;

beforeEach(async () => {
  intake = new TestIntake();
  counters = new TestCounters();
  acknowledged = [];
  allows = true;
  broker = await Aedes.createBroker({
    authorizeSubscribe: (_, subscription, done) => done(null, allows ? subscription : null),
  });
  broker.on('client', () => acknowledged.push([]));
  broker.on('ack', (packet: { messageId?: number } | undefined) => acknowledged.at(-1)?.push(packet?.messageId ?? 0));
  server = createServer((socket: Socket) => broker.handle(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await subscriber.stop();
  await new Promise<void>((resolve) => broker.close(resolve));
  server.close();
});

const subscribe = async (settings: object = {}): Promise<void> => {
  subscriber = new Subscriber({
    config: subscriberConfigSchema.parse({
      network: 'kreis',
      url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
      clientId: 'plietsch-1',
      reconnectMinMs: 20,
      reconnectMaxMs: 40,
      ...settings,
    }),
    topics: ['application/+/device/+/event/+'],
    intake,
    counters,
    logger: silent,
    clock: Date.now,
    random: () => 0,
  });
  await subscriber.start();
};
const ready = () => until(() => subscriber.state.ready);

const publish = (payload: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const packet: PublishPacket = {
      cmd: 'publish',
      topic: UP,
      payload: Buffer.from(payload),
      qos: 1,
      dup: false,
      retain: false,
    };
    broker.publish(packet, (error) => (error ? reject(error) : resolve()));
  });
const publishMany = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => publish(`m${i}`)));
const ackCount = () => acknowledged.reduce((sum, { length }) => sum + length, 0);

describe('subscriber', () => {
  it('takes many messages while none is durable yet, and acknowledges them when they are', async () => {
    intake.holds = true;
    await subscribe();
    await ready();
    void publishMany(60);
    await until(() => intake.messages.length === 60);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ackCount()).toBe(0);
    intake.commit();
    await until(() => ackCount() === 60);
    expect(new Set(acknowledged.flat()).size).toBe(60);
    expect(intake.messages[0]).toMatchObject({ network: 'kreis', topic: UP });
    expect(counters.counts.get('plietsch_transport_messages_total subscriber accepted')).toBe(60);
  });

  it('reads no more than it may have in flight', async () => {
    intake.holds = true;
    await subscribe({ maxInFlight: 5 });
    await ready();
    void publishMany(20);
    await until(() => intake.messages.length === 5);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(intake.messages).toHaveLength(5);
    const timer = setInterval(() => intake.commit(), 5);
    await until(() => ackCount() === 20);
    clearInterval(timer);
    expect(intake.bodies).toEqual(Array.from({ length: 20 }, (_, i) => `m${i}`));
  });

  it('waits while the intake is full', async () => {
    intake.holds = true;
    intake.limit = 3;
    await subscribe();
    await ready();
    void publishMany(10);
    await until(() => intake.messages.length === 3);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(intake.messages).toHaveLength(3);
    const timer = setInterval(() => intake.commit(), 5);
    await until(() => ackCount() === 10);
    clearInterval(timer);
  });

  it('acknowledges nothing that is not durable, and gets it again on the next connection', async () => {
    intake.failure = new HubError('HUB_DISK_FULL', 'no space');
    await subscribe();
    await ready();
    void publish('precious');
    await until(() => subscriber.state.detail.startsWith('HUB_DISK_FULL'));
    expect(subscriber.state.ready).toBe(false);
    expect(ackCount()).toBe(0);
    intake.failure = undefined;
    await until(() => ackCount() === 1);
    expect(intake.bodies).toContain('precious');
    expect(acknowledged.length).toBeGreaterThan(1);
  });

  it('sends no acknowledgement of an old connection on a new one', async () => {
    intake.holds = true;
    await subscribe();
    await ready();
    void publish('one');
    await until(() => intake.messages.length === 1);
    const [connection] = Object.values((broker as unknown as { clients: Record<string, Client> }).clients);
    connection?.conn.destroy();
    await until(() => acknowledged.length === 2 && intake.messages.length === 2);
    const [old, again] = intake.messages.map(({ body }) => Buffer.from(body).toString());
    expect(again).toBe(old);
    intake.commit();
    await until(() => ackCount() === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(acknowledged.map(({ length }) => length)).toEqual([0, 1]);
  });

  it('acknowledges what is on its way when it stops', async () => {
    intake.holds = true;
    await subscribe();
    await ready();
    void publish('last');
    await until(() => intake.messages.length === 1);
    const stopped = subscriber.stop();
    intake.commit();
    await stopped;
    expect(ackCount()).toBe(1);
    expect(subscriber.state).toMatchObject({ part: 'subscriber-kreis', ready: false, detail: 'stopped' });
  });

  it('says so and tries again when the broker is away or refuses the subscription', async () => {
    allows = false;
    await subscribe();
    await until(() => (counters.counts.get('plietsch_transport_connections_total subscriber lost') ?? 0) > 1);
    expect(subscriber.state).toMatchObject({ ready: false, detail: expect.stringContaining('HUB_UNAVAILABLE') });
    allows = true;
    await ready();
  });

  it('hands over a topic of unreasonable length cut off, so that it becomes a dead letter', async () => {
    await subscribe();
    await ready();
    const topic = `application/${'x'.repeat(5000)}/device/24e124710b000001/event/up`;
    broker.publish(
      { cmd: 'publish', topic, payload: Buffer.from('x'), qos: 1, dup: false, retain: false },
      () => undefined,
    );
    await until(() => ackCount() === 1);
    expect(intake.messages[0]?.topic).toHaveLength(1000);
  });

  it('stops although the broker never ends the connection', async () => {
    const stubborn = createServer({ allowHalfOpen: true }, (socket) => {
      const parser = mqttPacket.parser();
      parser.on('packet', ({ cmd, messageId = 0 }) => {
        if (cmd === 'connect')
          socket.write(mqttPacket.generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }));
        if (cmd === 'subscribe') socket.write(mqttPacket.generate({ cmd: 'suback', messageId, granted: [1] }));
      });
      socket.on('data', (piece: Buffer) => parser.parse(piece)).on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(stubborn, 'listening');
    await subscribe({ url: `mqtt://127.0.0.1:${(stubborn.address() as AddressInfo).port}` });
    await ready();
    await subscriber.stop();
    expect(subscriber.state.detail).toBe('stopped');
    stubborn.close();
  });

  it('refuses certificate files that are not there or are none', async () => {
    const url = 'mqtts://127.0.0.1:1';
    await expect(subscribe({ url, ca: '/nonexistent/ca.pem' })).rejects.toMatchObject({ code: 'HUB_CONFIG_INVALID' });
    const none = import.meta.filename;
    for (const files of [{ ca: none }, { cert: none, key: none }])
      await expect(subscribe({ url, ...files })).rejects.toMatchObject({ code: 'HUB_CONFIG_INVALID' });
  });
});

describe('configuration of a subscriber', () => {
  const base = { network: 'kreis', clientId: 'hub' };
  it.each([
    [{ url: 'mqtts://broker:8883', ca: 'ca.pem' }, true],
    [{ url: 'wss://broker', ca: 'ca.pem', cert: 'c.pem', key: 'k.pem' }, true],
    [{ url: 'mqtt://broker:1883', ca: 'ca.pem' }, false],
    [{ url: 'ws://broker', cert: 'c.pem', key: 'k.pem' }, false],
    [{ url: 'mqtts://broker', cert: 'c.pem' }, false],
    [{ url: 'mqtts://broker', key: 'k.pem' }, false],
  ])('%j is accepted: %s', (settings, valid) => {
    expect(subscriberConfigSchema.safeParse({ ...base, ...settings }).success).toBe(valid);
  });
});
