import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import mqttPacket from 'mqtt-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { closed, connectPacket, ended, publishes, TestBroker, until } from './testing.ts';

const UP = 'application/1/device/24e124710b000001/event/up';
const COMMAND = 'application/1/device/24e124710b000001/command';

let hub: TestBroker;
const start = async (settings: object = {}): Promise<void> => {
  hub = await new TestBroker(settings).start();
};
afterEach(() => hub.stop());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const publishPacket = (change: object = {}): Buffer =>
  mqttPacket.generate({ cmd: 'publish', topic: UP, payload: 'x', qos: 0, dup: false, retain: false, ...change }, {
    protocolVersion: 'properties' in change ? 5 : 4,
  } as object);

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** Bytes in buffers that are still in use. */
const bufferedBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
};

describe('packets', () => {
  it('of 10 MB are accepted; above the limit the connection ends before all of it was read', async () => {
    await start();
    const client = await hub.logIn();
    await client.publishAsync(UP, Buffer.alloc(10_000_000), { qos: 1 });
    expect(hub.intake.messages[0]?.body).toHaveLength(10_000_000);
    expect(await publishes(client, UP)).toBe(true);
    const ended = closed(client);
    client.publish(UP, Buffer.alloc(17 * 1024 * 1024), { qos: 1 }, () => undefined);
    await ended;
    expect(hub.counters.refused('packetTooLarge')).toBe(1);
    expect(hub.intake.messages).toHaveLength(2);
  });

  it('other than PUBLISH have no need of more than 64 KiB', async () => {
    await start();
    const socket = await hub.connectAs('kreis');
    const subscriptions = Array.from({ length: 3000 }, (_, i) => ({
      topic: `${COMMAND}/${i}/${'x'.repeat(30)}`,
      qos: 0 as const,
    }));
    socket.write(mqttPacket.generate({ cmd: 'subscribe', messageId: 1, subscriptions }));
    await ended(socket);
    expect(hub.counters.refused('packetTooLarge')).toBe(1);
  });

  it('that are begun and not ended may together hold no more than what may wait', async () => {
    await start({ maxBufferedBytes: 1024 * 1024 });
    const begin = publishPacket({ payload: Buffer.alloc(900_000) }).subarray(0, 800_000);
    const first = await hub.connectAs('kreis', { clientId: 'a' });
    first.write(begin);
    await pause(50);
    const second = await hub.connectAs('kreis', { clientId: 'b' });
    second.write(begin);
    await ended(second);
    expect(hub.counters.refused('overloaded')).toBe(1);
    first.write(Buffer.alloc(200_000));
    await until(() => hub.intake.messages.length === 1);
    const third = await hub.connectAs('kreis', { clientId: 'c' });
    third.write(publishPacket({ payload: Buffer.alloc(900_000) }));
    await until(() => hub.intake.messages.length === 2);
  });

  it('may be larger than all that may wait, one at a time', async () => {
    await start({ maxBufferedBytes: 64 * 1024 });
    const client = await hub.logIn();
    await client.publishAsync(UP, Buffer.alloc(1_000_000), { qos: 1 });
    expect(hub.intake.messages).toHaveLength(1);
  });

  it('carry properties of MQTT 5 in moderation', async () => {
    await start();
    const client = await hub.logIn({ protocolVersion: 5 });
    expect(await publishes(client, UP, { properties: { userProperties: { a: 'b' } } })).toBe(true);
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`property ${i}`, 'x'.repeat(20)]));
    expect(await publishes(client, UP, { properties: { userProperties: many } })).toBe(false);
    expect(hub.counters.refused('properties')).toBe(1);
  });

  it('use no topic alias, which was never offered', async () => {
    await start();
    const socket = await hub.connectAs('kreis', { protocolVersion: 5 });
    socket.write(publishPacket({ topic: '', properties: { topicAlias: 1 } }));
    await ended(socket);
    expect(hub.intake.messages).toEqual([]);
  });

  it('have a topic of reasonable length', async () => {
    await start();
    const client = await hub.logIn();
    expect(await publishes(client, `application/${'x'.repeat(2000)}/device/24e124710b000001/event/up`)).toBe(false);
    expect(hub.counters.refused('topic')).toBe(1);
  });
});

describe('messages that wait', () => {
  it('are no more than one connection may have in flight, though they come one by one', async () => {
    await start({ maxInFlight: 5 });
    hub.intake.holds = true;
    const socket = await hub.connectAs('kreis');
    for (let messageId = 1; messageId <= 20; messageId++) {
      socket.write(publishPacket({ qos: 1, messageId }));
      await pause(5);
    }
    await pause(50);
    expect(hub.intake.messages).toHaveLength(5);
    const timer = setInterval(() => hub.intake.commit(), 5);
    await until(() => hub.intake.committed.length === 20);
    clearInterval(timer);
  });

  it('count with what stands before their payload', async () => {
    await start({ maxBufferedBytes: 64 * 1024 });
    hub.intake.holds = true;
    const socket = await hub.connectAs('kreis', { protocolVersion: 5 });
    const userProperties = { a: 'x'.repeat(10_000) };
    for (let messageId = 1; messageId <= 20; messageId++) {
      socket.write(publishPacket({ qos: 1, messageId, properties: { userProperties } }));
      await pause(5);
    }
    expect(hub.intake.messages.length).toBeLessThan(10);
    const timer = setInterval(() => hub.intake.commit(), 5);
    await until(() => hub.intake.committed.length === 20);
    clearInterval(timer);
  });

  it('leave their payload to the journal while a QoS 2 handshake stays open', async () => {
    await start();
    const socket = await hub.connectAs('kreis');
    const before = bufferedBytes();
    for (let messageId = 1; messageId <= 20; messageId++)
      socket.write(publishPacket({ qos: 2, messageId, payload: Buffer.alloc(1_000_000, 7) }));
    await until(() => hub.intake.committed.length === 20);
    hub.intake.messages.length = 0;
    await until(() => bufferedBytes() - before < 5_000_000);
  });
});

describe('a connection that is idle again', () => {
  it('holds nothing of a large packet', async () => {
    await start();
    const socket = await hub.connectAs('kreis');
    const before = bufferedBytes();
    socket.write(publishPacket({ payload: Buffer.alloc(10_000_000, 7) }));
    await until(() => hub.intake.committed.length === 1);
    hub.intake.messages.length = 0;
    await until(() => bufferedBytes() - before < 5_000_000);
  });
});

describe('sessions', () => {
  const subscribe = (socket: Socket, count: number): Promise<Buffer> => {
    const subscriptions = Array.from({ length: count }, (_, i) => ({ topic: `${COMMAND}/${i}`, qos: 1 as const }));
    socket.write(mqttPacket.generate({ cmd: 'subscribe', messageId: 1, subscriptions }));
    return once(socket, 'data').then(([answer]) => answer as Buffer);
  };

  it('hold a bounded number of subscriptions; the others are refused one by one', async () => {
    await start();
    const socket = await hub.connectAs('kreis');
    const filters = (await subscribe(socket, 150)).subarray(-150);
    expect(filters.filter((code) => code === 1)).toHaveLength(100);
    expect(filters.filter((code) => code === 0x80)).toHaveLength(50);
    expect(hub.counters.refused('subscriptions')).toBe(50);
    // what is held already may be subscribed to again
    expect((await subscribe(socket, 1)).at(-1)).toBe(1);
    expect(hub.log.length).toBeLessThan(25);
  });

  it('end with their connection, whatever was asked for: nothing stays for clients that never come back', async () => {
    await start();
    for (let i = 0; i < 10; i++) {
      const socket = await hub.connectAs('kreis', { clientId: `gone-${i}`, clean: false });
      await subscribe(socket, 3);
      socket.destroy();
    }
    await until(() => hub.broker.state.detail === '0 connections');
    const again = hub.connect();
    again.write(connectPacket('kreis', { clientId: 'gone-1', clean: false }));
    const [connack] = (await once(again, 'data')) as [Buffer];
    expect([...connack]).toEqual([0x20, 2, 0, 0]);
  });

  it('say to clients of MQTT 5 that they end with their connection (§3.2.2.3.2)', async () => {
    await start();
    const socket = hub.connect();
    socket.write(
      connectPacket('kreis', { protocolVersion: 5, clean: false, properties: { sessionExpiryInterval: 3600 } }),
    );
    const parser = mqttPacket.parser({ protocolVersion: 5 });
    const connack = once(parser, 'packet');
    socket.on('data', (piece: Buffer) => parser.parse(piece));
    expect((await connack)[0]).toMatchObject({ sessionPresent: false, properties: { sessionExpiryInterval: 0 } });
  });
});
