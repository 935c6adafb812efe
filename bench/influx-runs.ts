import { setTimeout as pause } from 'node:timers/promises';
import { InfluxConnection } from '../store/influxdb/connection.ts';
import { initInflux } from '../store/influxdb/setup.ts';
import type { InfluxdSource } from '../test/services/find-influxd.ts';
import { type Influxd, startInfluxd } from '../test/services/influxd.ts';
import { getJson, type HubProcess } from '../test/support/hub-process.ts';
import { startBareInflux } from './bare-process.ts';
import { type BenchHubOptions, checkAnswers, startBenchHub, startOn, untilQueryable } from './bench-hub.ts';
import { mosquittoLogins, reader, startBroker } from './broker.ts';
import { percentile, readLive } from './live-latency.ts';
import { CpuMeter, peakMibOf } from './process-figures.ts';
import { startPublisher } from './publisher-process.ts';
import { VALUES_PER_UPLINK } from './workload.ts';

const BUCKET = 'plietsch';
const WINDOW = 500;

export interface InfluxRunOptions {
  readonly source: InfluxdSource;
  readonly count: number;
  readonly profile: string | undefined;
  readonly say: (text: string) => void;
}

const round = (value: number, digits = 0): number => Number(value.toFixed(digits));
const roundAll = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value, 2)]));

interface Store {
  readonly influxd: Influxd;
  readonly token: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** `folder`: of its data, which stays. */
export const startStore = async (
  source: InfluxdSource,
  started: AsyncDisposableStack,
  folder?: string,
): Promise<Store> => {
  const options = folder === undefined ? {} : { folder };
  const influxd = started.adopt(await startInfluxd(source, options), (one) => one.stop());
  const { url, org, adminToken } = influxd;
  const settings = { url, org, bucket: BUCKET, token: '', timeoutMs: 10_000, gzip: false };
  const token = await (await initInflux(settings, { adminToken, keepDays: null })).createHubToken();
  return {
    influxd,
    token,
    environment: {
      PLIETSCH_OBSERVATIONS_STORE: 'influxdb',
      PLIETSCH_OBSERVATIONS_INFLUXDB_URL: url,
      PLIETSCH_OBSERVATIONS_INFLUXDB_ORG: org,
      PLIETSCH_OBSERVATIONS_INFLUXDB_BUCKET: BUCKET,
      PLIETSCH_OBSERVATIONS_INFLUXDB_TOKEN: token,
    },
  };
};

/** A full queue in Mosquitto, drained by a process that writes to InfluxDB and acknowledges after the 204. */
export const runBareDrain = async ({ source, count, say }: InfluxRunOptions, shape: 'hub' | 'one-point') => {
  say(`baseline (${shape}): ${count} queued uplinks drained into InfluxDB by a bare process`);
  await using started = new AsyncDisposableStack();
  const { influxd, token } = await startStore(source, started);
  const broker = started.adopt(await startBroker(), (one) => one.stop());
  const job = {
    url: broker.url,
    ...reader,
    count,
    influxUrl: influxd.url,
    org: influxd.org,
    bucket: BUCKET,
    token,
    shape,
  };
  // It subscribes, so that the broker queues for it, and goes away.
  await (await startBareInflux(job)).stop();
  await fill(broker.port, { count, end: Date.now(), started });
  const begin = Date.now();
  const bare = started.adopt(await startBareInflux(job), (one) => one.stop());
  const meter = new CpuMeter({ process: bare.pid, influxd: influxd.pid, mosquitto: broker.pid });
  const doneAt = await bare.done;
  return {
    uplinksPerS: round((count / (doneAt - begin)) * 1000),
    seconds: round((doneAt - begin) / 1000, 2),
    cpuS: roundAll(meter.read()),
    peakMib: round(peakMibOf(bare.pid)),
  };
};

export const fill = async (
  port: number,
  { count, end, started }: { count: number; end: number; started: AsyncDisposableStack },
): Promise<void> => {
  const job = { port, logins: mosquittoLogins, count, end, window: WINDOW };
  const publisher = started.adopt(await startPublisher(job), (one) => one.stop());
  await publisher.publish();
  await publisher.stop();
};

/** The same queue, drained by the hub. */
export const runHubDrain = async ({ source, count, profile, say }: InfluxRunOptions) => {
  say(`hub: ${count} queued uplinks drained into InfluxDB by the hub`);
  await using started = new AsyncDisposableStack();
  const { influxd, environment } = await startStore(source, started);
  const broker = started.adopt(await startBroker(), (one) => one.stop());
  const options: BenchHubOptions = { profile, environment, subscriber: { url: broker.url, ...reader } };
  const first = await startBenchHub(options);
  await first.kill('SIGTERM');
  const end = Date.now();
  await fill(broker.port, { count, end, started });
  const hub = started.adopt(await startOn(first.folder, options), (one) => one.kill('SIGTERM'));
  const begin = Date.now();
  const meter = new CpuMeter({ hub: hub.run.pid, influxd: influxd.pid, mosquitto: broker.pid });
  const doneAt = await untilQueryable(hub, count);
  const cpu = meter.read();
  const peakMib = round(peakMibOf(hub.run.pid));
  await checkAnswers(hub, { count, end });
  await checkCount(influxd, count);
  return {
    uplinksPerS: round((count / (doneAt - begin)) * 1000),
    seconds: round((doneAt - begin) / 1000, 2),
    cpuS: roundAll(cpu),
    peakMib,
  };
};

/** Every value is a point in InfluxDB. */
const checkCount = async ({ url, org, adminToken }: Influxd, count: number): Promise<void> => {
  const settings = { url, org, bucket: BUCKET, token: adminToken, timeoutMs: 60_000, gzip: false };
  const connection = new InfluxConnection(settings);
  let points = 0;
  for await (const { series } of connection.query('SELECT count("origin") FROM "distance", "battery_level"')) {
    points += (series.values[0]?.[1] as number) ?? 0;
  }
  connection.close();
  if (points !== 2 * count) throw new Error(`${points} points instead of ${2 * count}`);
};

/** A steady stream through Mosquitto: how old each value is when it is stored and a live client reads it. */
export const runInfluxLive = async ({ source, profile, say }: InfluxRunOptions) => {
  const ratePerS = 500;
  const count = ratePerS * 20;
  say(`live: ${ratePerS} uplinks/s for 20 s`);
  await using started = new AsyncDisposableStack();
  const { influxd, environment } = await startStore(source, started);
  const broker = started.adopt(await startBroker(), (one) => one.stop());
  const subscriber = { url: broker.url, ...reader };
  const hub = started.adopt(await startBenchHub({ profile, environment, subscriber }), (one) => one.kill('SIGTERM'));
  const job = { port: broker.port, logins: mosquittoLogins, count, end: Date.now(), window: WINDOW, ratePerS };
  const publisher = started.adopt(await startPublisher(job), (one) => one.stop());
  const live = await readLive(hub.run);
  const meter = new CpuMeter({ hub: hub.run.pid, influxd: influxd.pid, mosquitto: broker.pid });
  await publisher.publish();
  await untilQueryable(hub, count);
  for (let i = 0; i < 50 && live.latenciesMs.length < count * VALUES_PER_UPLINK; i++) await pause(100);
  const cpu = meter.read();
  live.close();
  const counted = live.latenciesMs.slice(2 * ratePerS * VALUES_PER_UPLINK).toSorted((a, b) => a - b);
  return {
    events: live.latenciesMs.length,
    lost: count * VALUES_PER_UPLINK - live.latenciesMs.length,
    p50Ms: percentile(counted, 0.5),
    p95Ms: percentile(counted, 0.95),
    p99Ms: percentile(counted, 0.99),
    cpuS: roundAll(cpu),
    peakMib: round(peakMibOf(hub.run.pid)),
  };
};

/** InfluxDB away for a while under load: how soon after its return nothing waits any more. */
export const runInfluxAway = async ({ source, profile, say }: InfluxRunOptions) => {
  const [ratePerS, awayS, beforeS, afterS] = [5_000, 20, 4, 16];
  const count = ratePerS * (beforeS + awayS + afterS);
  say(`away: ${ratePerS} uplinks/s, InfluxDB away for ${awayS} s`);
  await using started = new AsyncDisposableStack();
  const { influxd, environment } = await startStore(source, started);
  const broker = started.adopt(await startBroker(), (one) => one.stop());
  const subscriber = { url: broker.url, ...reader };
  const hub = started.adopt(await startBenchHub({ profile, environment, subscriber }), (one) => one.kill('SIGTERM'));
  const to = { port: broker.port, logins: mosquittoLogins };
  const job = { ...to, count, end: Date.now(), window: WINDOW, ratePerS, isPast: true };
  const publisher = started.adopt(await startPublisher(job), (one) => one.stop());
  const publishing = publisher.publish();
  await pause(beforeS * 1000);
  await influxd.kill();
  await pause(awayS * 1000);
  const waiting = await lagOf(hub);
  await influxd.start();
  const backAt = Date.now();
  while ((await lagOf(hub)) > ratePerS / 2) await pause(100);
  const caughtUpS = round((Date.now() - backAt) / 1000, 2);
  await publishing;
  await untilQueryable(hub, count);
  await checkCount(influxd, count);
  return { waiting, caughtUpS, lost: 0, peakMib: round(peakMibOf(hub.run.pid)) };
};

const lagOf = async (hub: HubProcess): Promise<number> => {
  const { items } = await getJson<{ items: { pending: number }[] }>(hub.run, '/api/v1/books');
  return items.reduce((sum, { pending }) => sum + pending, 0);
};
