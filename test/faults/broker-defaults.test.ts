import mqtt from 'mqtt';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { mosquittoMissing } from '../services/mosquitto.ts';
import { devEuiOf, topicOf, uplinkBody } from '../support/chirpstack-uplink.ts';
import { NETWORK } from '../support/hub-process.ts';
import { type InfluxStack, isBalanced, startInfluxStack } from '../support/influx-stack.ts';

const source = inject('influxd');
const missing = source.kind === 'none' ? `(SKIPPED: ${source.reason})` : mosquittoMissing.trim();
const DEVICES = 20;
const PER_SECOND = 500;
const SECONDS = 20;
const TICK_MS = 20;

/** Publishes at a steady rate, whatever waits, and answers how many uplinks the broker acknowledged. */
const publishSteadily = async (port: number): Promise<number> => {
  const { user: username, password } = NETWORK;
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'steady', username, password });
  const total = PER_SECOND * SECONDS;
  const acknowledged: Promise<unknown>[] = [];
  const begin = performance.now();
  while (acknowledged.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * PER_SECOND));
    for (let n = acknowledged.length; n < due; n++) {
      const devEui = devEuiOf(n % DEVICES);
      const time = Date.UTC(2026, 2, 2) + n * 1000;
      const body = uplinkBody({ devEui, fCnt: Math.floor(n / DEVICES), time, distanceMm: 500 + (n % 1000) });
      acknowledged.push(client.publishAsync(topicOf(devEui), body, { qos: 1 }));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(acknowledged);
  await client.endAsync();
  return acknowledged.length;
};

describe.skipIf(missing !== '')(`Mosquitto with its own defaults ${missing}`, () => {
  let stack: InfluxStack | undefined;
  afterEach(async () => {
    await stack?.stop();
    stack = undefined;
  });

  it(`nothing is lost at ${PER_SECOND} uplinks a second for ${SECONDS} s while hub and broker stay up`, async () => {
    const running = await startInfluxStack({ source, devices: DEVICES, brokerDefaults: true });
    stack = running;
    const published = await publishSteadily(running.broker.port);
    const sums = await running.settle();
    expect(isBalanced(sums), JSON.stringify(sums)).toBe(true);
    expect(sums).toMatchObject({ received: published, decoded: published, deadLetter: 0 });
    for (const property of ['distance', 'battery_level']) expect(await running.points(property)).toBe(published);
  });
});
