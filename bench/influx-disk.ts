import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { InfluxdSource } from '../test/services/find-influxd.ts';
import { newFolder } from '../test/support/hub-process.ts';
import { retireHub, startBenchHub, untilDerived, untilQueryable } from './bench-hub.ts';
import { reader, startBroker } from './broker.ts';
import { fill, type InfluxRunOptions, startStore } from './influx-runs.ts';

/** As it would be left hours later: written out of the cache at once, and compacted fully. */
const COLD = ['--storage-cache-snapshot-write-cold-duration=1s', '--storage-compact-full-write-cold-duration=1s'];
const POLL_MS = 1_000;
/** InfluxDB looks for work every second: so long without a change, and it has none. */
const QUIET_POLLS = 15;
/** Of `stat`, whatever the file system's own are. */
const BLOCK_BYTES = 512;

/** What uplinks take on the disks of hub and InfluxDB in the end, hourly figures included. */
export const runInfluxDisk = async ({ source, count, say }: InfluxRunOptions) => {
  say(`disk: ${count} uplinks, until InfluxDB has compacted them`);
  await using started = new AsyncDisposableStack();
  const folder = newFolder('influx-disk');
  const { influxd, environment } = await startStore(soonCold(source), started, folder);
  const empty = sizeOf(folder).all;
  const broker = started.adopt(await startBroker(), (one) => one.stop());
  const subscriber = { url: broker.url, ...reader };
  const hub = await startBenchHub({ profile: undefined, environment, subscriber });
  await fill(broker.port, { count, end: Date.now(), started });
  await untilQueryable(hub, count);
  await untilDerived(hub);
  const hubBytes = await retireHub(hub);
  const { all } = await settled(folder);
  await influxd.kill();
  const perUplink = (bytes: number): number => Math.round(bytes / count);
  return {
    hubBytesPerUplink: perUplink(hubBytes),
    influxdBytesPerUplink: perUplink(all - empty),
    emptyInfluxdBytes: empty,
  };
};

/** The same program with further settings. */
const soonCold = (source: InfluxdSource): InfluxdSource => {
  if (source.kind !== 'program') throw new Error('Only a program has its data in a folder of this machine');
  const path = join(newFolder('influxd-cold'), 'influxd');
  writeFileSync(path, `#!/bin/sh\nexec '${source.path}' "$@" ${COLD.join(' ')}\n`, { mode: 0o755 });
  return { kind: 'program', path };
};

/** Waits until nothing is left in the write-ahead log and no file changes any more. */
const settled = async (folder: string): Promise<Sizes> => {
  let before: Sizes = { all: 0, log: 0 };
  for (let quiet = 0; quiet < QUIET_POLLS; ) {
    await pause(POLL_MS);
    const now = sizeOf(folder);
    quiet = now.all === before.all && now.log === 0 ? quiet + 1 : 0;
    before = now;
  }
  return before;
};

interface Sizes {
  readonly all: number;
  /** Of the write-ahead log, which holds what has not been compacted yet. */
  readonly log: number;
}

const sizeOf = (folder: string): Sizes => {
  const sizes = { all: 0, log: 0 };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    // It removes files while it is looked at; what they are allotted, since it reserves space that it does not use.
    const stat = statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false });
    sizes.all += (stat?.blocks ?? 0) * BLOCK_BYTES;
    if (entry.name.endsWith('.wal')) sizes.log += stat?.size ?? 0;
  }
  return sizes;
};
