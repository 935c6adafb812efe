import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import mqtt from 'mqtt';
import { devEuiOf, topicOf, uplinkBody } from '../test/support/chirpstack-uplink.ts';
import { type FilledRegion, fillRegionFile } from '../test/support/filled-region.ts';
import { type HubProcess, NETWORK, newFolder } from '../test/support/hub-process.ts';
import { startOn } from './bench-hub.ts';
import type { HeavyJob, HeavyReport } from './heavy-reader.ts';
import { createMeasure, round, say } from './latency.ts';
import { percentile } from './live-latency.ts';
import { cpuSecondsOf, machineCpuSeconds } from './process-figures.ts';

/** npm run bench:api; see README.md for what the figures mean. */
const DAY = 86_400_000;
const MINUTE = 60_000;
const INGEST_PER_S = 100;

interface Options {
  readonly things: string;
  readonly requests: string;
  readonly seconds: string;
  readonly keep: boolean;
  readonly profile?: string;
}
const options = new Command('bench:api')
  .description('How fast the API answers over ten million observations of ten thousand datastreams')
  .option('--things <count>', 'weather stations with four datastreams each', '2500')
  .option('--requests <count>', 'requests of each kind', '300')
  .option('--seconds <count>', 'seconds of heavy queries beside ingest', '20')
  .option('--keep', 'keep the line in bench/results/', false)
  .option('--profile <folder>', "write CPU profiles of the hub's threads there; the figures are then slower")
  .parse()
  .opts<Options>();

const region: FilledRegion = {
  things: Number(options.things),
  days: 30,
  everyMs: 48 * MINUTE,
  to: Math.floor(Date.now() / DAY) * DAY,
  dense: { below: 401, everyMs: 10 * MINUTE },
};
const days = (n: number): string =>
  `from=${new Date(region.to - n * DAY).toISOString()}&to=${new Date(region.to).toISOString()}`;

const startReader = (job: HeavyJob): ChildProcess => {
  const child = fork(new URL('./heavy-reader.ts', import.meta.url), { execArgv: [] });
  child.send(job);
  return child;
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
};

const residentMib = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1_024;

/** All observations in one answer, by a client that takes them as fast as they come. */
const runExport = async (hub: HubProcess, format: string, rows: number) => {
  say(`export: ${rows} rows as ${format}`);
  const { pid, httpUrl } = hub.run;
  const [before, cpu] = [residentMib(pid), cpuSecondsOf(pid)];
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMib(pid));
  }, 50);
  const child = startReader({
    url: new URL(`/api/v1/observations?${days(30)}&format=${format}`, httpUrl).href,
    repeat: false,
  });
  const [report] = (await once(child, 'message')) as [HeavyReport];
  clearInterval(watch);
  await stop(child);
  if (report.status !== 200 || !report.whole) throw new Error(`The export failed: ${JSON.stringify(report)}`);
  return {
    rowsPerS: Math.round(rows / report.seconds),
    rowsPerCpuS: Math.round(rows / (cpuSecondsOf(pid) - cpu)),
    bytesPerRow: round(report.bytes / rows),
    rssGrowthMib: Math.round(peak - before),
  };
};

/** How long uplinks wait for their acknowledgement while others read everything. */
const runTogether = async (hub: HubProcess, heavy: readonly string[]) => {
  const { mqttPort, httpUrl } = hub.run;
  await using started = new AsyncDisposableStack();
  for (const path of heavy) started.adopt(startReader({ url: new URL(path, httpUrl).href, repeat: true }), stop);
  const { user: username, password } = NETWORK;
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { username, password, clientId: 'bench-api' });
  const waits: number[] = [];
  const pending: Promise<unknown>[] = [];
  const end = performance.now() + Number(options.seconds) * 1_000;
  for (let n = 0; performance.now() < end; n++) {
    const devEui = devEuiOf(n % 100);
    const begin = performance.now();
    const body = uplinkBody({ devEui, fCnt: n, time: Date.now() });
    const acknowledged = client.publishAsync(topicOf(devEui), body, { qos: 1 });
    pending.push(acknowledged.then(() => waits.push(performance.now() - begin)));
    await pause(1_000 / INGEST_PER_S);
  }
  await Promise.all(pending);
  await client.endAsync();
  waits.sort((a, b) => a - b);
  return { uplinks: waits.length, p50: round(percentile(waits, 0.5)), p99: round(percentile(waits, 0.99)) };
};

const countOf = (body: Buffer, member: string): number => {
  const found: unknown = (JSON.parse(body.toString()) as Record<string, unknown>)[member];
  return Array.isArray(found) ? found.length : -1;
};

const run = async () => {
  const datastreams = region.things * 4;
  say(`filling the store of ${datastreams} datastreams`);
  const folder = newFolder('bench-api');
  const rows = await fillRegionFile(folder, region);
  await using started = new AsyncDisposableStack();
  const environment = {
    PLIETSCH_API_RATE_LIMIT_PER_MINUTE: '100000000',
    PLIETSCH_API_MAX_EXPORT_ROWS: '1000000000',
    PLIETSCH_DUMPS_ENABLED: 'off',
  };
  const hub = started.adopt(await startOn(folder, { profile: options.profile, environment }), (one) =>
    one.kill(options.profile === undefined ? 'SIGKILL' : 'SIGTERM'),
  );
  const one = '/api/v1/datastreams/station-7.air_temperature/observations';
  say(`${options.requests} requests of each kind, one after the other`);
  const baseline = await measure(hub, '/health', (body) => body.includes('"ok"'));
  const map = '/api/v1/latest?limit=all&format=geojson';
  const latestGeoJson = await measure(hub, map, (body) => countOf(body, 'features') === datastreams);
  const hourly = await measure(hub, `${one}?${days(30)}&every=1h`, (body) => countOf(body, 'buckets') === 720);
  const dayRaw = await measure(hub, `${one}?${days(1)}`, (body) => countOf(body, 'observations') === 144);
  const page = await measure(
    hub,
    `/api/v1/observations?${days(30)}&limit=1000`,
    (body) => countOf(body, 'items') === 1_000,
  );
  const csv = await runExport(hub, 'csv', rows);
  const parquet = await runExport(hub, 'parquet', rows);
  const ndjson = await runExport(hub, 'ndjson', rows);
  say('ingest alone, then beside heavy queries');
  const ackAlone = await runTogether(hub, []);
  const [everything, asParquet] = ['csv', 'parquet'].map(
    (format) => `/api/v1/observations?${days(30)}&format=${format}`,
  );
  const ackBeside = {
    csv: await runTogether(hub, [everything ?? '']),
    parquet: await runTogether(hub, [asParquet ?? '']),
    map: await runTogether(hub, [map]),
    all: await runTogether(hub, [everything ?? '', asParquet ?? '', map]),
  };
  return {
    rows,
    datastreams,
    baseline,
    latestGeoJson,
    hourly,
    dayRaw,
    page,
    csv,
    parquet,
    ndjson,
    ackAlone,
    ackBeside,
    aims: {
      latestUnder50: latestGeoJson.p99 < 50,
      hourlyUnder10: hourly.p99 < 10,
      dayUnder5: dayRaw.p99 < 5,
      csvFast: csv.rowsPerS >= 300_000 && csv.rssGrowthMib < 100,
      parquetFast: parquet.rowsPerS >= 200_000 && parquet.rssGrowthMib < 100,
      ackUnder100: [ackBeside.csv, ackBeside.parquet, ackBeside.map].every(({ p99 }) => p99 < 100),
    },
  };
};

const { measure, close } = createMeasure(Number(options.requests));
const startedAt = new Date();
const [loadBefore = 0] = loadavg();
const machineBefore = machineCpuSeconds();
const figures = await run();
close();
const line = JSON.stringify({
  bench: 'api',
  at: startedAt.toISOString(),
  cpus: cpus().length,
  loadBefore: round(loadBefore, 2),
  machineCpuS: round(machineCpuSeconds() - machineBefore),
  ...(options.profile !== undefined && { profiled: true }),
  ...figures,
});
if (options.keep) {
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const stamp = startedAt.toISOString().slice(0, 19).replaceAll(':', '');
  writeFileSync(new URL(`api-${stamp}.json`, folder), `${line}\n`);
}
console.log(line);
