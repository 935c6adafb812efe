import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { mosquittoMissing } from '../services/mosquitto.ts';
import type { Fault } from '../support/fault-proxy.ts';
import { expectExact, startFaultyStack } from '../support/faulty-stack.ts';
import { eventually, getJson } from '../support/hub-process.ts';
import { isBalanced } from '../support/influx-stack.ts';

const source = inject('influxd');
const missing = source.kind === 'none' ? source.reason : mosquittoMissing.trim();
/** A short form lets it be away for seconds. */
const AWAY_S = Number(process.env.PLIETSCH_TEST_AWAY_S ?? 60);
const FAULT_S = 3;
const DEVICES = 20;
const IN_FLIGHT = 2;
/** While it is away for long: what gathers is to be caught up with, not to measure the machine. */
const PER_S = 500;

const faults: readonly Exclude<Fault, 'pass'>[] = [
  'busy',
  'throttle',
  'hang',
  'cut',
  'cutAnswer',
  'refuse',
  'tooLarge',
];

describe.skipIf(missing !== '')(`InfluxDB that misbehaves${missing === '' ? '' : ` (SKIPPED: ${missing})`}`, () => {
  const start = () => startFaultyStack({ source, devices: DEVICES, timeoutMs: 1_000 });

  it.each(faults)('%s: the journal goes on, nothing is lost or counted twice', async (fault) => {
    const { stack: running, proxy: between } = await start();
    running.publisher.run(IN_FLIGHT);
    await pause(1_000);
    between.fault = fault;
    const before = running.publisher.acknowledged.length;
    await pause(FAULT_S * 1000);
    expect(between.met, 'requests that met the fault').toBeGreaterThan(0);
    // Nobody who waits for the journal waits for InfluxDB.
    expect(running.publisher.acknowledged.length).toBeGreaterThan(before + 100);
    if (fault !== 'refuse' && fault !== 'tooLarge') {
      const projection = await eventually(
        () => running.stateOf('projection'),
        (state) => state?.ready === false,
      );
      expect(projection?.detail).toContain('HUB_STORE_UNAVAILABLE');
    }
    between.fault = 'pass';
    await eventually(
      () => running.stateOf('projection'),
      (state) => state?.ready === true,
    );
    await expectExact(running);
  });

  it(`away for ${AWAY_S} s: what came meanwhile is there after its return`, async () => {
    const { stack: running } = await start();
    running.publisher.run(IN_FLIGHT, PER_S);
    await pause(1_000);
    await running.influxd.kill();
    await pause(AWAY_S * 1000);
    expect((await running.stateOf('projection'))?.ready).toBe(false);
    await running.influxd.start();
    await expectExact(running);
  });

  it('values of a type that InfluxDB does not take are dead letters in its own words, the other values stay', async () => {
    const { stack: running } = await start();
    const { url, org, adminToken } = running.influxd;
    // The first write of a field fixes its type, here in the shard to which the uplinks belong.
    const answer = await fetch(`${url}/api/v2/write?org=${org}&bucket=plietsch&precision=ms`, {
      method: 'POST',
      headers: { authorization: `Token ${adminToken}` },
      body: `container_temperature,datastream=x,thing=x value="text" ${Date.UTC(2026, 2, 2)}`,
    });
    expect(answer.status).toBe(204);
    running.publisher.run(IN_FLIGHT);
    await pause(2_000);
    const sums = await running.settle();
    expect(isBalanced(sums)).toBe(true);
    expect(sums).toMatchObject({ deadLetter: running.publisher.sent, decoded: 0 });
    expect(await running.points('distance')).toBe(running.publisher.sent);
    const { items } = await getJson<{ items: { code: string; detail: string }[] }>(
      running.hub.run,
      '/api/v1/dead-letters?limit=1',
    );
    expect(items[0]).toMatchObject({ code: 'HUB_STORE_REJECTED' });
    expect(items[0]?.detail).toContain('field type conflict');
  });
});
