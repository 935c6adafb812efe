import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { type Mosquitto, mosquittoMissing } from '../services/mosquitto.ts';
import { eventually } from '../support/hub-process.ts';
import { type InfluxStack, isBalanced, startInfluxStack } from '../support/influx-stack.ts';
import { auditJournal } from './ledger.ts';

const source = inject('influxd');
const missing = source.kind === 'none' ? `(SKIPPED: ${source.reason})` : mosquittoMissing.trim();
const DEVICES = 20;
const IN_FLIGHT = 1;
/** Long enough to queue more than the 1,000 messages that Mosquitto keeps by default. */
const HUB_AWAY_MS = 700;

const savedAt = ({ folder }: Mosquitto): number => {
  try {
    return statSync(join(folder, 'mosquitto.db')).mtimeMs;
  } catch {
    return 0;
  }
};

/** Waits until Mosquitto has begun and finished saving what it holds now: the first save to end may have begun before. */
const untilSaved = async (broker: Mosquitto): Promise<void> => {
  for (let i = 0; i < 2; i++) {
    const before = savedAt(broker);
    await eventually(
      async () => savedAt(broker),
      (at) => at > before,
    );
  }
};

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

/** As a service manager ends it, leaving it the time to save. */
const endGently = async ({ pid }: Mosquitto): Promise<void> => {
  process.kill(pid, 'SIGTERM');
  await eventually(
    async () => isGone(pid),
    (gone) => gone,
  );
};

describe.skipIf(missing !== '')(`restart of the broker with messages queued for a hub that is away ${missing}`, () => {
  let stack: InfluxStack | undefined;
  afterEach(async () => {
    await stack?.stop();
    stack = undefined;
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('%s: what it had saved arrives, once', async (signal) => {
    const running = await startInfluxStack({ source, devices: DEVICES });
    stack = running;
    const { publisher, broker } = running;
    publisher.run(IN_FLIGHT);
    await pause(500);
    await running.hub.kill('SIGTERM');
    await pause(HUB_AWAY_MS);
    const queued = [...publisher.acknowledged];
    if (signal === 'SIGTERM') await endGently(broker);
    else {
      await untilSaved(broker);
      await broker.kill();
    }
    await broker.start();
    const afterwards = publisher.acknowledged.length;
    await eventually(
      async () => publisher.acknowledged.length,
      (count) => count > afterwards + 100,
    );
    await running.restartHub();
    const sums = await running.settle();
    expect(isBalanced(sums), JSON.stringify(sums)).toBe(true);
    expect(sums.deadLetter).toBe(0);
    for (const property of ['distance', 'battery_level']) expect(await running.points(property)).toBe(sums.decoded);

    const { sent, acknowledged } = publisher;
    const { folder } = running.hub;
    await running.stop();
    stack = undefined;
    const { lost, ...ledger } = auditJournal(folder, acknowledged);
    console.log(
      `${signal}: ${queued.length} saved before, ${sent} sent in all, ${sums.duplicates} came twice; acknowledged and not saved by Mosquitto: ${lost}`,
    );
    expect(ledger).toMatchObject({ twice: 0, integrity: 'ok', entries: sums.decoded });
    expect(auditJournal(folder, queued).lost, 'lost though saved').toBe(0);
    expect(sent - ledger.entries).toBe(lost);
    if (signal === 'SIGTERM') expect(lost).toBe(0);
  });
});
