import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, getJson, newFolder, startHubProcess } from '../support/hub-process.ts';
import { Publisher } from '../support/publisher.ts';
import { auditJournal } from './ledger.ts';

const mounts: string[] = [];

const tryMount = (folder: string, sizeMib: number): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m`, 'tmpfs', folder], { stdio: 'ignore' });
    mounts.push(folder);
    return true;
  } catch {
    return false;
  }
};

const probe = newFolder('mount');
const canMount = tryMount(probe, 1);

afterEach(() => {
  for (const folder of mounts.splice(0)) execFileSync('umount', ['-l', folder]);
});

interface Ready {
  readonly ready: boolean;
  readonly parts: readonly { part: string; ready: boolean; detail: string }[];
}

describe.skipIf(!canMount)(`full disk${canMount ? '' : ' (skipped: no right to mount a tmpfs)'}`, () => {
  it('refuses with a clear state, loses nothing, and goes on when space returns', async () => {
    const folder = join(newFolder('full'), 'data');
    mkdirSync(folder);
    expect(tryMount(folder, 24)).toBe(true);
    const hub = await startHubProcess({ folder });
    const publisher = new Publisher({ port: hub.run.mqttPort as number, clientId: 'full' });
    await publisher.connected();
    publisher.run(200);
    const journal = async () => (await getJson<Ready>(hub.run, '/ready')).parts.find((part) => part.part === 'journal');
    const full = await eventually(journal, (state) => state?.ready === false, 60_000);
    expect(full?.detail).toContain('HUB_DISK_FULL');
    const acknowledgedWhenFull = publisher.acknowledged.length;
    expect(acknowledgedWhenFull).toBeGreaterThan(100);
    execFileSync('mount', ['-o', 'remount,size=400m', folder]);
    await eventually(journal, (state) => state?.ready === true, 30_000);
    await eventually(
      async () => publisher.acknowledged.length,
      (n) => n > acknowledgedWhenFull + 1000,
      30_000,
    );
    await publisher.stop();
    publisher.end();
    await hub.kill('SIGTERM');
    expect(auditJournal(folder, publisher.acknowledged)).toMatchObject({ lost: 0, twice: 0, integrity: 'ok' });
  });
});
