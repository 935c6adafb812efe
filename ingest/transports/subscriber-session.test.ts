import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import mqttPacket from 'mqtt-packet';
import { expect, it } from 'vitest';
import { SubscriberSession } from './subscriber-session.ts';
import { TestIntake } from './testing.ts';

const KEEPALIVE_S = 1;
/** After a ping, which goes out after the whole of it, mqtt.js waits half of it for an answer. */
const SILENCE_MS = KEEPALIVE_S * 1_500;

it('takes uplinks for a sign of life while the answer to a ping waits behind them, and silence for none', async () => {
  let pings = 0;
  const server = createServer((socket: Socket) => {
    const parser = mqttPacket.parser();
    parser.on('packet', ({ cmd, messageId = 0 }) => {
      if (cmd === 'connect')
        socket.write(mqttPacket.generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }));
      if (cmd === 'subscribe') socket.write(mqttPacket.generate({ cmd: 'suback', messageId, granted: [0] }));
      if (cmd === 'pingreq') pings++;
    });
    socket.on('data', (piece: Buffer) => parser.parse(piece)).on('error', () => undefined);
    const uplink = { cmd: 'publish', topic: 'up', payload: 'x', qos: 0, dup: false, retain: false } as const;
    const line = setInterval(() => socket.write(mqttPacket.generate(uplink)), 50);
    setTimeout(() => clearInterval(line), 2 * SILENCE_MS);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = new SubscriberSession({
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    client: { protocolVersion: 4, keepalive: KEEPALIVE_S },
    network: 'kreis',
    topics: ['up'],
    qos: 0,
    maxInFlight: 10,
    intake: new TestIntake(),
    onReady: () => undefined,
    onMessages: () => undefined,
  });
  const begun = performance.now();
  const reason = await Promise.race([session.ended, pause(5 * SILENCE_MS)]);
  const heldMs = performance.now() - begun;
  await session.stop();
  server.close();
  expect(reason?.message).toBe('Keepalive timeout');
  expect(heldMs).toBeGreaterThan(2 * SILENCE_MS);
  // The broker ends a client that it does not hear for one and a half times the keep-alive (MQTT 3.1.1 §3.1.2.10).
  expect(pings).toBeGreaterThanOrEqual(3);
}, 15_000);
