import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connectPacket, ended, publishes, TestBroker, until } from './testing.ts';

const UP = 'application/1/device/24e124710b000001/event/up';

let hub: TestBroker;
const start = async (settings: object = {}): Promise<void> => {
  hub = await new TestBroker(settings).start();
};
afterEach(() => hub.stop());

describe('log-ins', () => {
  it('end when nothing is said in time, and what comes in too great numbers is refused', async () => {
    await start({ connectTimeoutMs: 100, maxConnections: 1 });
    const mute = hub.connect();
    await once(mute, 'connect');
    const another = hub.connect();
    await ended(another);
    await ended(mute);
    expect(hub.counters.refused('tooManyConnections')).toBe(1);
  });

  it('with too long a client id are refused and hold no connection', async () => {
    await start();
    for (const protocolVersion of [3, 4, 5] as const) {
      const socket = hub.connect();
      const protocolId = protocolVersion === 3 ? 'MQIsdp' : 'MQTT';
      socket.write(connectPacket('kreis', { clientId: 'x'.repeat(500), protocolVersion, protocolId }));
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer[3]).toBe(protocolVersion === 5 ? 0x85 : 2);
      await ended(socket);
    }
    await until(() => hub.broker.state.detail === '0 connections');
    expect(hub.counters.refused('clientId')).toBe(3);
  });

  it('survive garbage', async () => {
    await start();
    const valid = connectPacket('kreis');
    for (let seed = 1; seed < 200; seed++) {
      const noise = Buffer.from(Array.from({ length: 40 }, (_, i) => (seed * 7919 + i * i * 104_729) % 251));
      hub
        .connect()
        .resume()
        .end(seed % 2 ? Buffer.concat([valid, noise]) : noise);
    }
    await until(() => hub.broker.state.detail === '0 connections');
    expect(await publishes(await hub.logIn(), UP)).toBe(true);
  });

  it('that fail again and again do not fill the log', async () => {
    await start();
    for (let i = 0; i < 60; i++) {
      const socket = hub.connect().resume();
      socket.write(connectPacket('nobody', { username: i % 2 ? 'nobody' : 'n'.repeat(5_000) }));
      await ended(socket);
    }
    await until(() => hub.counters.refused('logIn') + hub.counters.refused('clientId') === 60);
    expect(hub.log.length).toBeGreaterThan(0);
    expect(hub.log.join('').length).toBeLessThan(30_000);
  });
});

describe('WebSockets', () => {
  const open = async (): Promise<WebSocket> => {
    const socket = new WebSocket(hub.webSocketUrl, 'mqtt').on('error', () => undefined);
    await once(socket, 'open');
    return socket;
  };

  it('may send as little before the log-in as a TCP connection', async () => {
    await start();
    const socket = await open();
    socket.send(Buffer.alloc(8 * 1024 * 1024), { fin: false });
    await ended(socket);
    await until(() => hub.broker.state.detail === '0 connections');
    expect(hub.counters.refused('packetTooLarge')).toBe(1);
  });

  it('that are opened and say nothing are closed in time', async () => {
    await start({ connectTimeoutMs: 100 });
    const socket = await open();
    await ended(socket);
    await until(() => hub.broker.state.detail === '0 connections');
  });
});
