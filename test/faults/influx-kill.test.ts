import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { mosquittoMissing } from '../services/mosquitto.ts';
import { isBalanced, startInfluxStack } from '../support/influx-stack.ts';
import { auditJournal } from './ledger.ts';

const source = inject('influxd');
const missing = source.kind === 'none' ? source.reason : mosquittoMissing.trim();
const ROUNDS = Number(process.env.PLIETSCH_TEST_ROUNDS ?? 10);
const DEVICES = 20;

/** Whom each round kills; all of them in turn, singly and together. */
const victims = [
  ['influxd'],
  ['hub'],
  ['mosquitto'],
  ['influxd', 'hub'],
  ['hub', 'mosquitto'],
  ['influxd', 'mosquitto'],
  ['influxd', 'hub', 'mosquitto'],
] as const;

describe.skipIf(missing !== '')(`kill -9 of a whole stack${missing === '' ? '' : ` (SKIPPED: ${missing})`}`, () => {
  it(`loses nothing that the hub acknowledged in ${ROUNDS} rounds`, async () => {
    const stack = await startInfluxStack({ source, devices: DEVICES });
    const { publisher, influxd, broker } = stack;
    publisher.run(200, 1_500);
    for (let round = 0; round < ROUNDS; round++) {
      await pause(300 + Math.random() * 1_500);
      const killed: readonly string[] = victims[round % victims.length] ?? [];
      await Promise.all([
        killed.includes('influxd') && influxd.kill(),
        killed.includes('mosquitto') && broker.kill(),
        killed.includes('hub') && stack.hub.kill('SIGKILL'),
      ]);
      if (killed.includes('mosquitto')) await broker.start();
      if (killed.includes('hub')) await stack.restartHub();
      if (killed.includes('influxd')) await influxd.start();
    }
    await pause(1_000);
    const sums = await stack.settle(120_000);
    expect(isBalanced(sums), JSON.stringify(sums)).toBe(true);
    expect(sums.deadLetter).toBe(0);
    expect(await stack.points('distance')).toBe(sums.decoded);
    expect(await stack.points('battery_level')).toBe(sums.decoded);
    const { acknowledged, sent } = publisher;
    const { folder } = stack.hub;
    await stack.stop();
    const ledger = auditJournal(folder, acknowledged);
    console.log(
      `sent ${sent}, in the journal ${ledger.entries}; acknowledged by a Mosquitto that was then killed before it saved: ${ledger.lost}`,
    );
    // Everything in the journal, once, is what InfluxDB holds: the hub acknowledged nothing that is not there.
    expect(ledger).toMatchObject({ twice: 0, integrity: 'ok', entries: sums.decoded });
    expect(sent - ledger.entries).toBe(ledger.lost);
  });
});
