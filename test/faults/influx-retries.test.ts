import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { mosquittoMissing } from '../services/mosquitto.ts';
import { eventually, getJson } from '../support/hub-process.ts';
import { type InfluxStack, isBalanced, startInfluxStack } from '../support/influx-stack.ts';

const source = inject('influxd');
const missing = source.kind === 'none' ? `(SKIPPED: ${source.reason})` : mosquittoMissing.trim();
const DEVICES = 20;
/** Within one hour of the publisher's clock, and far from what a device may send in it. */
const AT_MOST = 3_000;

describe.skipIf(missing !== '')(`many tries to reach InfluxDB ${missing}`, () => {
  let stack: InfluxStack | undefined;
  afterEach(async () => {
    await stack?.stop();
  });

  it('an uplink that is worked out again for each of them is still one uplink of its device', async () => {
    stack = await startInfluxStack({ source, devices: DEVICES });
    const { publisher, influxd } = stack;
    await influxd.kill();
    publisher.run(1);
    await eventually(
      async () => publisher.sent,
      (sent) => sent >= AT_MOST / 4,
    );
    await publisher.stop();
    expect(publisher.sent).toBeLessThan(AT_MOST);
    await pause(10_000);
    await influxd.start();
    const sums = await stack.settle();
    const letters = await getJson<{ items: unknown[] }>(stack.hub.run, '/api/v1/dead-letters?limit=1');
    expect(isBalanced(sums)).toBe(true);
    expect(sums, JSON.stringify(letters)).toMatchObject({ decoded: publisher.sent, deadLetter: 0 });
    expect(await stack.points('distance')).toBe(publisher.sent);
  });
});
