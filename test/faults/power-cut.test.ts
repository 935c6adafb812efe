import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder, startHubProcess } from '../support/hub-process.ts';
import { Publisher } from '../support/publisher.ts';
import { auditJournal } from './ledger.ts';

const compiler = ['/usr/bin/gcc', '/usr/bin/cc'].find((path) => existsSync(path));

/** Runs a hub under the shim, cuts the power while uplinks are being acknowledged, and looks at what a disk would hold. */
const cut = async (synchronous: 'FULL' | 'NORMAL' | 'OFF', afterMs: number) => {
  const folder = newFolder('power');
  const shim = join(folder, 'power-cut.so');
  execFileSync(compiler as string, [
    '-shared',
    '-fPIC',
    '-O2',
    '-o',
    shim,
    join(import.meta.dirname, 'power-cut.c'),
    '-ldl',
  ]);
  const [live, durable] = [join(folder, 'live'), join(folder, 'durable')];
  mkdirSync(live);
  mkdirSync(durable);
  const hub = await startHubProcess({
    folder: live,
    program: [join(import.meta.dirname, 'hub-with-synchronous.ts'), synchronous],
    environment: { LD_PRELOAD: shim, PC_LIVE: live, PC_DURABLE: durable },
  });
  const publisher = new Publisher({ port: hub.run.mqttPort as number, clientId: 'power' });
  await publisher.connected();
  publisher.run(20);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await hub.kill('SIGKILL');
  const acknowledged = [...publisher.acknowledged];
  publisher.end();
  return { acknowledged, durable };
};

describe.skipIf(!compiler)(`power cut${compiler ? '' : ' (skipped: no C compiler for the shim)'}`, () => {
  it.each([700, 1300, 2100])('loses no acknowledged uplink after %i ms', async (afterMs) => {
    const { acknowledged, durable } = await cut('FULL', afterMs);
    expect(acknowledged.length).toBeGreaterThan(50);
    expect(auditJournal(durable, acknowledged)).toMatchObject({ lost: 0, twice: 0, integrity: 'ok' });
  });

  it('would be noticed: with synchronous lowered to NORMAL acknowledged uplinks are lost', async () => {
    const { acknowledged, durable } = await cut('NORMAL', 1500);
    expect(acknowledged.length).toBeGreaterThan(50);
    expect(
      existsSync(join(durable, 'hub.db')) ? auditJournal(durable, acknowledged).lost : acknowledged.length,
    ).toBeGreaterThan(0);
  });
});
