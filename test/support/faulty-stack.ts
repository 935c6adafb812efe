import { expect, onTestFinished } from 'vitest';
import type { InfluxdSource } from '../services/find-influxd.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { getJson } from './hub-process.ts';
import { type InfluxStack, isBalanced, startInfluxStack } from './influx-stack.ts';

export interface FaultyStack {
  readonly stack: InfluxStack;
  /** Between hub and InfluxDB. */
  readonly proxy: FaultProxy;
}

/** A stack whose InfluxDB misbehaves as told; it ends with the test that starts it. */
export const startFaultyStack = async (options: {
  readonly source: InfluxdSource;
  readonly devices: number;
  readonly timeoutMs: number;
}): Promise<FaultyStack> => {
  const { source, devices, timeoutMs } = options;
  const proxies: FaultProxy[] = [];
  const stack = await startInfluxStack({
    source,
    devices,
    through: async (url) => {
      const made = await startFaultProxy(url);
      onTestFinished(() => made.stop());
      proxies.push(made);
      return made.url;
    },
    environment: { PLIETSCH_OBSERVATIONS_INFLUXDB_TIMEOUT_MS: String(timeoutMs) },
  });
  onTestFinished(() => stack.stop());
  const [proxy] = proxies;
  if (!proxy) throw new Error('no proxy');
  return { stack, proxy };
};

/** Every uplink that was acknowledged is decoded once. */
export const expectBooks = async (stack: InfluxStack): Promise<void> => {
  const sums = await stack.settle();
  expect(isBalanced(sums), JSON.stringify(sums)).toBe(true);
  const letters = await getJson<{ items: unknown[] }>(stack.hub.run, '/api/v1/dead-letters?limit=2');
  expect(sums, JSON.stringify(letters)).toMatchObject({ decoded: stack.publisher.sent, deadLetter: 0 });
};

/** One point of each property for every uplink. */
export const expectPoints = async (stack: InfluxStack): Promise<void> => {
  for (const property of ['distance', 'battery_level'])
    expect(await stack.points(property), property).toBe(stack.publisher.sent);
};

/** Nothing is lost, nothing is there twice. */
export const expectExact = async (stack: InfluxStack): Promise<void> => {
  await expectBooks(stack);
  await expectPoints(stack);
};
