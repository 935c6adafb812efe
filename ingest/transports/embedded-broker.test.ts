import { once } from 'node:events';
import type { MqttClient } from 'mqtt';
import mqttPacket from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import type { EmbeddedBroker } from './embedded-broker.ts';
import { closed, publishes, TestBroker, type TestCounters, type TestIntake, until } from './testing.ts';

const UP = 'application/1/device/24e124710b000001/event/up';
const DOWN = 'application/1/device/24e124710b000001/command/down';

let hub: TestBroker;
let intake: TestIntake;
let counters: TestCounters;
let broker: EmbeddedBroker;

beforeEach(async () => {
  hub = await new TestBroker().start();
  ({ intake, counters, broker } = hub);
});
afterEach(() => hub.stop());

const logIn = (login: Parameters<TestBroker['logIn']>[0] = {}): Promise<MqttClient> => hub.logIn(login);

describe('log-in', () => {
  it('refuses a wrong password, an unknown user and nobody', async () => {
    for (const login of [{ password: 'wrong' }, { user: 'nobody' }, { username: '', password: '' }])
      await expect(logIn(login)).rejects.toThrow();
    await expect(logIn({ password: 'wrong', protocolVersion: 5 })).rejects.toMatchObject({ code: 0x86 });
    expect(counters.refused('logIn')).toBe(4);
  });

  it('accepts no packet before the log-in', async () => {
    const socket = hub.connect();
    const publish = { cmd: 'publish', topic: UP, payload: 'x', qos: 0, dup: false, retain: false } as const;
    socket.write(mqttPacket.generate(publish));
    await once(socket, 'close');
    expect(intake.messages).toEqual([]);
  });
});

describe.each([
  ['MQTT 3.1.1', { protocolVersion: 4 }],
  ['MQTT 5', { protocolVersion: 5 }],
  ['MQTT 3.1', { protocolVersion: 3, protocolId: 'MQIsdp' }],
  ['WebSocket', { webSocket: true }],
  ['WebSocket with MQTT 5', { webSocket: true, protocolVersion: 5 }],
] as const)('a network by %s', (_, login) => {
  it.each([0, 1, 2] as const)('publishes at QoS %i', async (qos) => {
    const client = await logIn(login);
    await client.publishAsync(UP, 'one', { qos });
    await client.publishAsync(UP, Buffer.alloc(300_000, 0x42), { qos });
    await until(() => intake.messages.length === 2);
    expect(intake.messages[0]).toMatchObject({ network: 'kreis', topic: UP, body: Buffer.from('one') });
    expect(intake.messages[1]?.body).toHaveLength(300_000);
  });

  it('reads its downlinks and nothing else', async () => {
    const client = await logIn(login);
    const received: string[] = [];
    client.on('message', (topic, payload) => received.push(`${topic} ${payload.toString()}`));
    await client.subscribeAsync('application/+/device/+/command/+', { qos: 1 });
    await client.publishAsync(UP, 'an uplink is forwarded to nobody', { qos: 1 });
    expect(await broker.publish('kreis', DOWN, Buffer.from('{"fPort":85}'))).toBe(1);
    expect(await broker.publish('stadt', DOWN, Buffer.from('{}'))).toBe(0);
    await until(() => received.length > 0);
    expect(received).toEqual([`${DOWN} {"fPort":85}`]);
    await client.unsubscribeAsync(['application/+/device/+/command/+', DOWN]);
    expect(await broker.publish('kreis', DOWN, Buffer.from('{}'))).toBe(0);
  });
});

describe('acknowledgement', () => {
  it('comes only after the commit', async () => {
    intake.holds = true;
    const client = await logIn();
    let acknowledged = 0;
    for (let i = 0; i < 50; i++) void client.publishAsync(UP, `m${i}`, { qos: 1 }).then(() => acknowledged++);
    await until(() => intake.messages.length === 50);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(acknowledged).toBe(0);
    intake.commit();
    await until(() => acknowledged === 50);
    expect(counters.counts.get('plietsch_transport_messages_total broker accepted')).toBe(50);
  });

  it('never comes when the journal fails: the connection ends and the sender sends again', async () => {
    intake.failure = new HubError('HUB_DISK_FULL');
    const client = await logIn({ clientId: 'c', clean: false, protocolVersion: 4 });
    expect(await publishes(client, UP)).toBe(false);
    expect(counters.counts.get('plietsch_transport_messages_total broker HUB_DISK_FULL')).toBe(1);
  });

  it('waits rather than refuses when the intake is full, and goes on when it has room', async () => {
    intake.holds = true;
    intake.limit = 10;
    const client = await logIn();
    let acknowledged = 0;
    for (let i = 0; i < 100; i++) void client.publishAsync(UP, `m${i}`, { qos: 1 }).then(() => acknowledged++);
    await until(() => intake.messages.length === 10);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(intake.messages).toHaveLength(10);
    const timer = setInterval(() => intake.commit(), 5);
    await until(() => acknowledged === 100);
    clearInterval(timer);
    expect(intake.bodies).toEqual(Array.from({ length: 100 }, (_, i) => `m${i}`));
  });

  it('is still given for what is on its way when the broker stops', async () => {
    intake.holds = true;
    const client = await logIn();
    const published = client.publishAsync(UP, 'last', { qos: 1 });
    await until(() => intake.messages.length === 1);
    const stopped = broker.stop();
    intake.commit();
    await published;
    await stopped;
  });
});

describe('what a network may publish', () => {
  it.each([
    ['kreis', UP, true],
    ['kreis', 'application/1/device/24e124710b000001/event/up/more', false],
    ['kreis', DOWN, false],
    ['kreis', 'v3/app/devices/one/up', false],
    ['kreis', '$SYS/broker/up', false],
    ['kreis', 'gateway/1/event/up', false],
    ['ttn', 'v3/app@tenant/devices/one/down/ack', true],
    ['ttn', 'v3/app@tenant/devices/one/down/push', false],
    ['praefix', `p/${UP}`, true],
    ['praefix', UP, false],
  ])('%s on %s: %s', async (user, topic, allowed) => {
    const client = await logIn({ user });
    expect(await publishes(client, topic)).toBe(allowed);
    expect(intake.messages).toHaveLength(allowed ? 1 : 0);
  });

  it('refuses retained messages', async () => {
    expect(await publishes(await logIn(), UP, { retain: true })).toBe(false);
    expect(counters.refused('retain')).toBe(1);
  });

  it('refuses wildcards in the topic', async () => {
    const socket = await hub.connectAs('kreis');
    // mqtt-packet refuses to write them: the bytes of `+` instead of a level
    const frame = mqttPacket.generate({
      cmd: 'publish',
      topic: UP,
      payload: 'x',
      qos: 1,
      messageId: 1,
      dup: false,
      retain: false,
    });
    frame[frame.indexOf('/1/') + 1] = 0x2b;
    socket.write(frame);
    await once(socket, 'close');
    expect(intake.messages).toEqual([]);
  });

  it('drops wills', async () => {
    const client = await logIn({ will: { topic: UP, payload: Buffer.from('will'), qos: 1, retain: false } });
    client.stream.destroy();
    await closed(client);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(intake.messages).toEqual([]);
    expect(counters.refused('will')).toBe(1);
  });
});

describe('what a network may read', () => {
  it.each([
    ['kreis', DOWN, true],
    ['kreis', 'application/+/device/+/command/+', true],
    ['kreis', '$share/chirpstack/application/+/device/+/command/+', true],
    ['kreis', 'application/+/device/+/#', false],
    ['kreis', '#', false],
    ['kreis', '+/+/+/+/+/+', false],
    ['kreis', '$share/x/#', false],
    ['kreis', '$SYS/#', false],
    ['kreis', UP, false],
    ['ttn', DOWN, false],
    ['ttn', 'v3/+/devices/+/down/push', true],
  ])('%s subscribes to %s: %s', async (user, filter, allowed) => {
    const client = await logIn({ user });
    const granted = await client.subscribeAsync(filter).then(
      (grants) => grants.every(({ qos }) => qos < 128),
      () => false,
    );
    expect(granted).toBe(allowed);
  });

  it('gives a downlink to one member of a shared group', async () => {
    const members = await Promise.all(['a', 'b'].map((clientId) => logIn({ clientId })));
    let received = 0;
    for (const member of members) {
      member.on('message', () => received++);
      await member.subscribeAsync(`$share/cs/${DOWN}`, { qos: 1 });
    }
    expect(await broker.publish('kreis', DOWN, Buffer.from('{}'))).toBe(1);
    await until(() => received === 1);
  });
});

describe('sessions', () => {
  it('are bound to their user: the same client id of another user takes nothing over', async () => {
    const first = await logIn({ user: 'kreis', clientId: 'same' });
    const second = await logIn({ user: 'stadt', clientId: 'same' });
    expect(await publishes(first, UP)).toBe(true);
    expect(await publishes(second, UP)).toBe(true);
    expect(intake.messages.map(({ network }) => network)).toEqual(['kreis', 'stadt']);
  });
});

describe('a port in use', () => {
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

  it('is said, and nothing keeps running', async () => {
    const before = timers();
    const second = new TestBroker({ port: broker.port }).broker;
    await expect(second.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(second.state).toMatchObject({ ready: false, detail: 'not listening' });
    expect(timers()).toBe(before);
  });
});
