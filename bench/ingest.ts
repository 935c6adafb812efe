import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { mosquittoProgram } from '../test/services/mosquitto.ts';
import { type RunOptions, runBaseline, runEmbedded, runLive, runMosquitto, workload } from './runs.ts';

/** npm run bench:ingest; see README.md for what the figures mean. */
const DEFAULT_COUNT = 200_000;

interface Options {
  readonly count: number;
  readonly only?: 'embedded' | 'mosquitto' | 'live';
  readonly profile?: string;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('write a positive whole number');
};

const readOptions = (): Options =>
  new Command('bench:ingest')
    .description('How fast uplinks become durable and queryable, beside a subscriber that stores nothing')
    .addOption(new Option('--count <uplinks>', 'uplinks of each flood').argParser(positive).default(DEFAULT_COUNT))
    .addOption(new Option('--only <run>', 'one run instead of all').choices(['embedded', 'mosquitto', 'live']))
    .option('--profile <folder>', "write CPU profiles of the hub's threads there; the figures are then slower")
    .parse()
    .opts<Options>();

const say = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);

const ratio = (one: number | undefined, other: number | undefined): number | undefined =>
  one !== undefined && other !== undefined && other > 0 ? Number((one / other).toFixed(2)) : undefined;

/** Runs what was asked for; the baseline always goes with the floods. */
const measure = async (options: RunOptions, only: Options['only']) => {
  const wants = (run: NonNullable<Options['only']>): boolean => only === undefined || only === run;
  const hasMosquitto = mosquittoProgram !== undefined;
  if (!hasMosquitto) say('SKIPPED: baseline and mosquitto; mosquitto is not installed (apt-get install mosquitto)');
  const baseline = hasMosquitto && only !== 'live' ? await runBaseline(options) : undefined;
  const mosquitto = hasMosquitto && wants('mosquitto') ? await runMosquitto(options) : undefined;
  const embedded = wants('embedded') ? await runEmbedded(options) : undefined;
  const live = wants('live') ? await runLive(options) : undefined;
  return { baseline, mosquitto, embedded, live };
};

type Measured = Awaited<ReturnType<typeof measure>>;

/** Rate and CPU of the hub beside those of the bare subscriber. */
const ratiosOf = ({ baseline, embedded, mosquitto }: Measured) => ({
  embeddedRateToBare: ratio(embedded?.uplinksPerS, baseline?.uplinksPerS),
  mosquittoRateToBare: ratio(mosquitto?.uplinksPerS, baseline?.uplinksPerS),
  embeddedCpuToBare: ratio(embedded?.cpuS.hub, baseline?.cpuS.subscriber),
  mosquittoCpuToBare: ratio(mosquitto?.cpuS.hub, baseline?.cpuS.subscriber),
});

/** What we hold ourselves to, and whether it was met; what was not run is left out. */
const aimsOf = ({ embedded, mosquitto, live }: Measured) => {
  const peaks = [embedded, mosquitto, live].flatMap((run) => (run ? [run.peakMib] : []));
  return {
    ...(embedded && { 'embedded at least 15000/s': embedded.uplinksPerS >= 15_000 }),
    ...(mosquitto && { 'mosquitto at least 15000/s': mosquitto.uplinksPerS >= 15_000 }),
    ...(live && { 'live p99 below 100 ms': live.p99Ms < 100 }),
    ...(peaks.length > 0 && { 'hub below 300 MiB': Math.max(...peaks) < 300 }),
  };
};

const { count, only, profile } = readOptions();
const startedAt = new Date();
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', loadAtStart: loadavg(), node: process.version };
const measured = await measure({ count, profile, say }, only);
const line = JSON.stringify({
  bench: 'ingest',
  at: startedAt.toISOString(),
  count,
  ...workload,
  machine,
  ...(profile !== undefined && { profiled: true }),
  ...measured,
  ratios: ratiosOf(measured),
  aims: aimsOf(measured),
});
const folder = new URL('./results/', import.meta.url);
mkdirSync(folder, { recursive: true });
const stamp = startedAt.toISOString().slice(0, 19).replaceAll(':', '');
writeFileSync(new URL(`ingest-${stamp}.json`, folder), `${line}\n`);
console.log(line);
