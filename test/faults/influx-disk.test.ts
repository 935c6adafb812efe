import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { mosquittoMissing } from '../services/mosquitto.ts';
import { eventually, getJson, newFolder } from '../support/hub-process.ts';
import { type InfluxStack, isBalanced, startInfluxStack } from '../support/influx-stack.ts';

const DEVICES = 20;
const IN_FLIGHT = 1;
const ROOMY_MIB = 400;
/** What is left for observations before the disk is full: some ten thousand uplinks. */
const LEFT_MIB = 1;
const MEBIBYTE = 1024 * 1024;
/** More than there are weeks and buckets in this test. */
const MOST_SHARDS = 20;

const mounts: string[] = [];
let stack: InfluxStack | undefined;

/** A file system of its own in memory; answers its folder, or nothing without the right to mount. */
const mountSmall = (name: string): string | undefined => {
  const folder = newFolder(name);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${ROOMY_MIB}m`, 'tmpfs', folder], { stdio: 'ignore' });
    mounts.push(folder);
    return folder;
  } catch {
    return undefined;
  }
};
const resize = (folder: string, mib: number): Buffer =>
  execFileSync('mount', ['-o', `remount,size=${mib}m`, folder], { stdio: 'pipe' });
const usedMib = async (folder: string): Promise<number> => {
  const { blocks, bfree, bsize } = await statfs(folder);
  return ((blocks - bfree) * bsize) / MEBIBYTE;
};
const unmount = (): void => {
  for (const folder of mounts.splice(0)) execFileSync('umount', ['-l', folder]);
};

const canMount = mountSmall('mount') !== undefined;
unmount();

const source = inject('influxd');
const missing =
  source.kind === 'program'
    ? mosquittoMissing.trim() || (canMount ? '' : 'SKIPPED: no right to mount a tmpfs')
    : `SKIPPED: ${source.kind === 'none' ? source.reason : 'needs influxd as a program, not in a container'}`;

describe.skipIf(missing !== '')(`full disk of InfluxDB${missing === '' ? '' : ` (${missing})`}`, () => {
  afterEach(async () => {
    await stack?.stop();
    stack = undefined;
    unmount();
  });

  it('the journal goes on, the projection waits and says why, and catches up when space returns', async () => {
    const disk = mountSmall('influx-disk') ?? '';
    const influxFolder = join(disk, 'data');
    mkdirSync(influxFolder);
    const running = await startInfluxStack({ source, devices: DEVICES, influxFolder });
    stack = running;
    const { publisher, influxd } = running;
    const hub = running.hub.child.pid;
    const projection = () => running.stateOf('projection');
    resize(disk, Math.ceil((await usedMib(disk)) + LEFT_MIB));
    await eventually(projection, (state) => state?.ready === true);
    publisher.run(IN_FLIGHT);

    const full = await eventually(projection, (state) => state?.ready === false, 90_000);
    expect(full?.detail).toMatch(/^HUB_STORE_UNAVAILABLE: .*no space left on device/);
    const before = { acknowledged: publisher.acknowledged.length, received: (await running.books()).received ?? 0 };
    await pause(3_000);
    // Nobody who waits for the journal waits for InfluxDB, and it still says that it waits.
    expect(publisher.acknowledged.length).toBeGreaterThan(before.acknowledged + 100);
    expect((await running.books()).received).toBeGreaterThan(before.received + 100);
    expect(await projection()).toMatchObject({ ready: false });

    resize(disk, ROOMY_MIB);
    await pause(3_000);
    // Its log of writes refuses everything after a failed write (2.9.1): as an operator would, start it again.
    const isStuck = (await projection())?.ready === false;
    if (isStuck) await restart(influxd);
    await eventually(projection, (state) => state?.ready === true, 30_000);
    await pause(1_000);
    const sums = await running.settle(120_000);
    console.log(
      `full after ${before.received} uplinks, ${sums.received} in all; with space again influxd ${isStuck ? 'had to be started again' : 'went on by itself'}`,
    );
    expect(running.hub.child.pid, 'the same hub all the time').toBe(hub);
    expect(running.hub.child.exitCode).toBeNull();
    await expectExact(running, sums);
    // And it stands on the disk, not only in InfluxDB's memory.
    await backUp(influxd);
    await restart(influxd);
    await expectExact(running, sums);
  });
});

const restart = async (influxd: InfluxStack['influxd']): Promise<void> => {
  await influxd.kill();
  await influxd.start();
};

/**
 * What an operator has to do after a full disk and the start that follows it: this start cuts the half-written entry off
 * the log of writes, yet goes on writing behind where it ended (2.9.1). The gap ends the reading of the log at the next
 * start, and everything acknowledged since would be gone. A backup moves what the log holds into files of its own.
 */
const backUp = async ({ url, adminToken }: InfluxStack['influxd']): Promise<void> => {
  for (let shard = 1; shard <= MOST_SHARDS; shard++) {
    const answer = await fetch(`${url}/api/v2/backup/shards/${shard}`, {
      headers: { authorization: `Token ${adminToken}` },
    });
    await answer.arrayBuffer();
    expect([200, 404], `backup of shard ${shard}`).toContain(answer.status);
  }
};

const expectExact = async (running: InfluxStack, sums: Readonly<Record<string, number>>): Promise<void> => {
  const { sent } = running.publisher;
  expect(isBalanced(sums), JSON.stringify(sums)).toBe(true);
  const letters = await getJson<{ items: unknown[] }>(running.hub.run, '/api/v1/dead-letters?limit=2');
  expect(sums, JSON.stringify(letters)).toMatchObject({ decoded: sent, deadLetter: 0 });
  expect(await running.points('distance')).toBe(sent);
  expect(await running.points('battery_level')).toBe(sent);
};
