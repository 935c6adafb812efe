import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout as rest } from 'node:timers/promises';
import type { Client } from 'aedes';
import type { MqttClient } from 'mqtt';
import mqttPacket from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BrokerReaders } from './broker-readers.ts';
import { closed, publishes, TestBroker, TestFeed, until } from './testing.ts';

const UP = 'application/1/device/24e124710b000001/event/up';
const LEVEL = 'plietsch/v1/laboe/gauge-1/water_level';
const BAY = 'plietsch/v1/stein/bay-1/occupied/1';

let feed: TestFeed;
let hub: TestBroker;

const start = async (settings: object = {}): Promise<void> => {
  feed = new TestFeed();
  hub = await new TestBroker(settings, feed).start();
};
beforeEach(() => start());
afterEach(() => hub.stop());

const nobody = { username: undefined, password: undefined } as const;
const read = (options: object = {}): Promise<MqttClient> => hub.logIn({ ...nobody, ...options } as never);

const collect = (client: MqttClient): string[] => {
  const got: string[] = [];
  client.on('message', (topic, payload, { retain, qos }) => {
    got.push(`${topic}=${payload.toString()}${retain ? ' retained' : ''}${qos > 0 ? ` q${qos}` : ''}`);
  });
  return got;
};

describe.each([
  ['MQTT 3.1.1', { protocolVersion: 4 }],
  ['MQTT 5', { protocolVersion: 5 }],
  ['WebSocket', { webSocket: true }],
])('a reader by %s', (_, login) => {
  it.each([0, 1] as const)('gets what is held, and then what comes, at QoS %i', async (qos) => {
    feed.tell(LEVEL, '1');
    const client = await read(login);
    const got = collect(client);
    await client.subscribeAsync('plietsch/v1/laboe/#', { qos });
    await until(() => got.length === 1);
    feed.tell(BAY, 'x');
    for (let i = 2; i <= 100; i++) feed.tell(LEVEL, String(i));
    await until(() => got.length === 100);
    const mark = qos === 0 ? '' : ' q1';
    expect(got[0]).toBe(`${LEVEL}=1 retained${mark}`);
    expect(got.slice(1)).toEqual(Array.from({ length: 99 }, (_unused, i) => `${LEVEL}=${i + 2}${mark}`));
  });
});

describe('readers', () => {
  it('may subscribe below plietsch/v1 only', async () => {
    const client = await read();
    const granted = async (topic: string) => (await client.subscribeAsync(topic).catch(() => [{ qos: 128 }]))[0]?.qos;
    for (const topic of ['plietsch/v1/#', LEVEL, 'plietsch/v1/+/+/water_level']) expect(await granted(topic)).toBe(0);
    const refused = [
      '#',
      '+/v1/#',
      'plietsch/#',
      'plietsch/+/#',
      '$SYS/#',
      UP,
      '$share/g/plietsch/v1/#',
      'plietsch/v12/#',
    ];
    for (const topic of refused) expect([topic, await granted(topic)]).toEqual([topic, 128]);
    expect(await granted(BAY)).toBe(0);
  });

  it('may publish nothing, leave no will, and bring no message to anybody', async () => {
    const other = await read();
    const got = collect(other);
    await other.subscribeAsync('plietsch/v1/#');
    for (const topic of [LEVEL, UP, '$SYS/x', 'plietsch/v1/x'])
      expect(await publishes(await read(), topic)).toBe(false);
    expect(await publishes(await read(), LEVEL, { retain: true })).toBe(false);
    const will = { topic: LEVEL, payload: Buffer.from('will'), qos: 0, retain: true } as const;
    const dying = await read({ will });
    dying.stream.destroy();
    await rest(50);
    expect(hub.intake.messages).toEqual([]);
    expect(got).toEqual([]);
    expect(hub.counters.refused('will')).toBe(1);
  });

  it('see no uplinks and no downlinks; networks see no feed', async () => {
    const reader = await read();
    const got = collect(reader);
    await reader.subscribeAsync('plietsch/v1/#');
    const network = await hub.logIn();
    await network.publishAsync(UP, 'up', { qos: 1 });
    await hub.broker.publish('kreis', 'application/1/device/24e124710b000001/command/down', Buffer.from('down'));
    const refused = await network.subscribeAsync('plietsch/v1/#').catch(() => [{ qos: 128 }]);
    expect(refused[0]?.qos).toBe(128);
    expect(await publishes(network, LEVEL)).toBe(false);
    feed.tell(LEVEL, '1');
    await until(() => got.length === 1);
    expect(got).toEqual([`${LEVEL}=1`]);
  });

  it('are told once where subscriptions overlap, at the better quality', async () => {
    const client = await read();
    const got = collect(client);
    await client.subscribeAsync({ 'plietsch/v1/#': { qos: 0 }, [LEVEL]: { qos: 1 } });
    await rest(20);
    feed.tell(LEVEL, '1');
    feed.tell(BAY, '2');
    await until(() => got.length === 2);
    expect(got).toEqual([`${LEVEL}=1 q1`, `${BAY}=2`]);
  });

  it('take no place of each other by a name', async () => {
    const one = await read({ clientId: 'same' });
    const other = await read({ clientId: 'same' });
    await rest(50);
    expect([one.connected, other.connected]).toEqual([true, true]);
  });

  it('have a bounded number of places and subscriptions', async () => {
    await hub.stop();
    await start({ maxReaders: 2 });
    const first = await read();
    await read();
    await expect(read()).rejects.toMatchObject({ code: 3 });
    expect(hub.counters.refused('tooManyReaders')).toBe(1);
    expect((await hub.logIn()).connected).toBe(true);
    const granted = [];
    for (let i = 0; i < 22; i++)
      granted.push((await first.subscribeAsync(`plietsch/v1/${i}`).catch(() => [{ qos: 128 }]))[0]?.qos);
    expect(granted.filter((qos) => qos === 128)).toHaveLength(2);
    const gone = closed(first);
    first.end(true);
    await gone;
    await until(() => hub.broker.state.detail.endsWith('1 of them readers'));
    expect((await read()).connected).toBe(true);
  });

  it('share the places of their network, as one has a whole /64 of addresses', () => {
    const readers = new BrokerReaders({ feed, maxReaders: 10, maxPerAddress: 2, onEnded: () => undefined });
    const from = (remoteAddress: string) =>
      readers.enter({ conn: Object.assign(new PassThrough(), { remoteAddress }) } as unknown as Client);
    expect(['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1'].map(from)).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(['::ffff:192.0.2.1', '192.0.2.1', '192.0.2.1'].map(from)).toEqual([true, true, false]);
  });

  it('send small packets only', async () => {
    const socket = hub.connect();
    socket.write(
      mqttPacket.generate({ cmd: 'connect', clientId: 'x', protocolId: 'MQTT', protocolVersion: 4 } as never),
    );
    await once(socket, 'data');
    const ended = once(socket, 'close').catch(() => undefined);
    socket.write(Buffer.from([0x30, 0xff, 0xff, 0x07]));
    await ended;
    expect(hub.counters.refused('packetTooLarge')).toBe(1);
  });

  it('that do not read are ended, and nobody else waits', async () => {
    const quick = await read();
    const got = collect(quick);
    await quick.subscribeAsync('plietsch/v1/#');
    const slow = await read();
    await slow.subscribeAsync('plietsch/v1/#');
    slow.stream.pause();
    const payload = 'x'.repeat(10_000);
    let told = 0;
    while (hub.counters.refused('slowReader') === 0 && told < 20_000) {
      for (let i = 0; i < 50; i++) feed.tell(LEVEL, payload + String(told++));
      await until(() => got.length === told);
    }
    expect(hub.counters.refused('slowReader')).toBe(1);
    await (await hub.logIn()).publishAsync(UP, 'up', { qos: 1 });
    expect(hub.intake.bodies).toEqual(['up']);
  }, 30_000);

  it('cannot come where the operator did not let them', async () => {
    await hub.stop();
    hub = await new TestBroker().start();
    await expect(read()).rejects.toThrow();
    expect(hub.counters.refused('logIn')).toBe(1);
  });
});
