import { type HubProcess, NETWORK } from '../test/support/hub-process.ts';
import { startBare } from './bare-process.ts';
import { checkAnswers, retireHub, startBenchHub, untilDerived, untilQueryable } from './bench-hub.ts';
import { embeddedLogins, mosquittoLogins, reader, startBroker } from './broker.ts';
import { percentile, readLive } from './live-latency.ts';
import { CpuMeter, cpuSecondsOf, peakMibOf } from './process-figures.ts';
import { type PublishReport, startPublisher } from './publisher-process.ts';
import { DEVICES, VALUES_PER_UPLINK } from './workload.ts';

const WINDOW = 500;
const LIVE_PER_S = 500;
const LIVE_S = 20;
/** What was measured first, before connections and code are warm, does not count. */
const LIVE_WARM_UP_S = 2;

export interface RunOptions {
  readonly count: number;
  readonly profile: string | undefined;
  readonly say: (text: string) => void;
}

const round = (value: number, digits = 0): number => Number(value.toFixed(digits));

const roundAll = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value, 2)]));

interface Flood {
  readonly count: number;
  readonly report: PublishReport;
  /** When the last uplink was where it was to go, epoch ms. */
  readonly doneAt: number;
  readonly cpu: Readonly<Record<string, number>>;
}

const figuresOf = ({ count, report, doneAt, cpu }: Flood) => ({
  uplinksPerS: round((count / (doneAt - report.firstPublishAt)) * 1000),
  seconds: round((doneAt - report.firstPublishAt) / 1000, 2),
  acknowledgedPerS: round((count / (report.lastAckAt - report.firstPublishAt)) * 1000),
  cpuS: roundAll({ ...cpu, publisher: report.cpuS }),
  bodyBytes: report.bodyBytes,
});

/** A process that only acknowledges, at a Mosquitto. */
export const runBaseline = async ({ count, say }: RunOptions) => {
  say(`baseline: ${count} uplinks through Mosquitto to a bare mqtt.js subscriber`);
  await using started = new AsyncDisposableStack();
  const broker = started.adopt(await startBroker(), (one) => one.stop());
  const bare = started.adopt(await startBare({ url: broker.url, ...reader, count }), (one) => one.stop());
  const job = { port: broker.port, logins: mosquittoLogins, count, end: Date.now(), window: WINDOW };
  const publisher = started.adopt(await startPublisher(job), (one) => one.stop());
  const meter = new CpuMeter({ subscriber: bare.pid, mosquitto: broker.pid, publisher: publisher.pid });
  const [report, doneAt] = await Promise.all([publisher.publish(), bare.done]);
  const figures = figuresOf({ count, report, doneAt, cpu: meter.read() });
  return { ...figures, peakMib: round(peakMibOf(bare.pid)) };
};

type Way = 'embedded' | 'mosquitto';

const runHub = async (way: Way, { count, profile, say }: RunOptions) => {
  say(`${way}: ${count} uplinks to the hub`);
  await using started = new AsyncDisposableStack();
  const broker = way === 'mosquitto' ? started.adopt(await startBroker(), (one) => one.stop()) : undefined;
  const subscriber = broker && { url: broker.url, ...reader };
  const hub = started.adopt(await startBenchHub({ profile, ...(subscriber && { subscriber }) }), (one) => one.kill());
  const end = Date.now();
  const to = broker
    ? { port: broker.port, logins: mosquittoLogins }
    : { port: mqttPortOf(hub), logins: embeddedLogins(NETWORK) };
  const publisher = started.adopt(await startPublisher({ ...to, count, end, window: WINDOW }), (one) => one.stop());
  const pids = { hub: hub.run.pid, publisher: publisher.pid, ...(broker && { mosquitto: broker.pid }) };
  const meter = new CpuMeter(pids);
  const hubCpuBegin = cpuSecondsOf(hub.run.pid);
  const publishing = publisher.publish();
  const [report, doneAt] = await Promise.all([publishing, untilQueryable(hub, count)]);
  const figures = figuresOf({ count, report, doneAt, cpu: meter.read() });
  say(`${way}: ${figures.uplinksPerS}/s until queryable, hub ${figures.cpuS.hub} CPU s`);
  const derivedAt = await untilDerived(hub);
  const derivedCpuS = cpuSecondsOf(hub.run.pid) - hubCpuBegin;
  const peakMib = round(peakMibOf(hub.run.pid));
  await checkAnswers(hub, { count, end });
  const diskBytes = await retireHub(hub);
  return {
    ...figures,
    peakMib,
    diskBytesPerUplink: round(diskBytes / count),
    untilDerived: { seconds: round((derivedAt - report.firstPublishAt) / 1000, 1), hubCpuS: round(derivedCpuS, 2) },
  };
};

/** From the publisher to the hub's own broker. */
export const runEmbedded = (options: RunOptions) => runHub('embedded', options);

/** From the publisher through Mosquitto to the hub's subscriber. */
export const runMosquitto = (options: RunOptions) => runHub('mosquitto', options);

/** A steady stream into the embedded broker, and how old each value is when a live client reads it. */
export const runLive = async ({ profile, say }: RunOptions) => {
  const count = LIVE_PER_S * LIVE_S;
  say(`live: ${LIVE_PER_S} uplinks/s for ${LIVE_S} s, read by a client of /api/v1/live`);
  await using started = new AsyncDisposableStack();
  const hub = started.adopt(await startBenchHub({ profile }), (one) => one.kill());
  const to = { port: mqttPortOf(hub), logins: embeddedLogins(NETWORK) };
  const job = { ...to, count, end: Date.now(), window: WINDOW, ratePerS: LIVE_PER_S };
  const publisher = started.adopt(await startPublisher(job), (one) => one.stop());
  const live = await readLive(hub.run);
  const meter = new CpuMeter({ hub: hub.run.pid, publisher: publisher.pid, client: process.pid });
  const report = await publisher.publish();
  await untilQueryable(hub, count);
  const events = count * VALUES_PER_UPLINK;
  for (let i = 0; i < 50 && live.latenciesMs.length < events; i++) await new Promise((r) => setTimeout(r, 100));
  const cpu = meter.read();
  live.close();
  const peakMib = round(peakMibOf(hub.run.pid));
  await retireHub(hub);
  if (live.latenciesMs.length !== events) throw new Error(`${live.latenciesMs.length} of ${events} events arrived`);
  const counted = live.latenciesMs.slice(LIVE_WARM_UP_S * LIVE_PER_S * VALUES_PER_UPLINK).toSorted((a, b) => a - b);
  return {
    uplinksPerS: round((count / (report.lastAckAt - report.firstPublishAt)) * 1000),
    events,
    p50Ms: percentile(counted, 0.5),
    p99Ms: percentile(counted, 0.99),
    maxMs: percentile(counted, 1),
    cpuS: roundAll(cpu),
    peakMib,
  };
};

const mqttPortOf = ({ run }: HubProcess): number => {
  if (run.mqttPort === null) throw new Error('The hub has no embedded broker');
  return run.mqttPort;
};

export const workload = {
  devices: DEVICES,
  valuesPerUplink: VALUES_PER_UPLINK,
  qos: 1,
  connections: 4,
  window: WINDOW,
};
