import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { findInfluxd } from '../test/services/find-influxd.ts';
import { mosquittoMissing } from '../test/services/mosquitto.ts';
import { runInfluxDisk } from './influx-disk.ts';
import { type InfluxRunOptions, runBareDrain, runHubDrain, runInfluxAway, runInfluxLive } from './influx-runs.ts';

/** npm run bench:influx; see README.md for what the figures mean. */
const runs = ['drain', 'live', 'away', 'disk'] as const;

interface Options {
  readonly count: number;
  readonly only?: (typeof runs)[number];
  readonly profile?: string;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('write a positive whole number');
};

const options = new Command('bench:influx')
  .description(
    'How fast uplinks come through Mosquitto into InfluxDB, beside a process that only acknowledges after the 204',
  )
  .addOption(new Option('--count <uplinks>', 'uplinks of a drain').argParser(positive).default(200_000))
  .addOption(new Option('--only <run>', 'one run instead of all').choices(runs))
  .option('--profile <folder>', "write CPU profiles of the hub's threads there; the figures are then slower")
  .parse()
  .opts<Options>();

const say = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);

const source = await findInfluxd();
const missing = source.kind === 'none' ? source.reason : mosquittoMissing.trim();
if (source.kind !== 'program' || missing !== '') {
  say(`SKIPPED: ${missing || 'CPU and memory need influxd as a process of this machine'}`);
  process.exit(0);
}

const wants = (run: (typeof runs)[number]): boolean => options.only === undefined || options.only === run;
const startedAt = new Date();
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', loadAtStart: loadavg(), node: process.version };
const run: InfluxRunOptions = { source, count: options.count, profile: options.profile, say };
const bare = wants('drain') ? await runBareDrain(run, 'hub') : undefined;
const onePoint = wants('drain') ? await runBareDrain(run, 'one-point') : undefined;
const hub = wants('drain') ? await runHubDrain(run) : undefined;
const live = wants('live') ? await runInfluxLive(run) : undefined;
const away = wants('away') ? await runInfluxAway(run) : undefined;
const disk = wants('disk') ? await runInfluxDisk(run) : undefined;

const ratio = (a = 0, b = 0): number => Number((a / b).toFixed(2));
const ratios = bare &&
  hub && {
    drainToBare: ratio(hub.uplinksPerS, bare.uplinksPerS),
    influxdCpuToBare: ratio(hub.cpuS.influxd, bare.cpuS.influxd),
    drainToOnePoint: ratio(hub.uplinksPerS, onePoint?.uplinksPerS),
    influxdCpuToOnePoint: ratio(hub.cpuS.influxd, onePoint?.cpuS.influxd),
  };
const peaks = [hub, live, away].flatMap((one) => (one ? [one.peakMib] : []));
const aims = {
  ...(hub &&
    ratios && {
      'drain at least 0.95 of the bare process': ratios.drainToBare >= 0.95,
      'hub below 3.5 CPU s per 200000': ((hub.cpuS.hub ?? 0) / options.count) * 200_000 < 3.5,
      'influxd CPU at most 1.2 of the bare process': ratios.influxdCpuToBare <= 1.2,
    }),
  ...(live && { 'queryable p95 below 250 ms': live.p95Ms < 250, 'nothing lost': live.lost === 0 }),
  ...(away && { 'caught up within 8 s': away.caughtUpS <= 8 }),
  ...(peaks.length > 0 && { 'hub below 250 MiB': Math.max(...peaks) < 250 }),
};
const line = JSON.stringify({
  bench: 'influx',
  at: startedAt.toISOString(),
  count: options.count,
  machine,
  bare,
  onePoint,
  hub,
  live,
  away,
  disk,
  ratios,
  aims,
});
const folder = new URL('./results/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL(`influx-${startedAt.toISOString().slice(0, 19).replaceAll(':', '')}.json`, folder), `${line}\n`);
console.log(line);
