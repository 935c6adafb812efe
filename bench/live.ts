import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { Command } from 'commander';
import { NETWORK } from '../test/support/hub-process.ts';
import type { BareLiveJob, FromBareLive } from './bare-live.ts';
import { startBenchHub } from './bench-hub.ts';
import { embeddedLogins } from './broker.ts';
import type { FromReaders, ReadersJob, ReadersReport } from './live-clients.ts';
import { CpuMeter, peakMibOf } from './process-figures.ts';
import { startPublisher } from './publisher-process.ts';
import { VALUES_PER_UPLINK } from './workload.ts';

/** npm run bench:live; see README.md for what the figures mean. */
const EVENTS_PER_S = 100;
const WARM_UP_S = 3;

/** As large as the hub's own. */
const SAMPLE = `id: mbtqv3sp-123456\nevent: observation\ndata: ${JSON.stringify({
  datastream: 'bench-slot-123.container_temperature',
  property: 'container_temperature',
  unit: 'Cel',
  value: 20.5,
  flag: 2,
  quality: 'notEvaluated',
  failedTests: [],
  phenomenonTime: '2026-03-02T12:00:00.000Z',
  receivedAt: '2026-03-02T12:00:00.000Z',
  useCase: 'waste',
  thing: 'bench-slot-123',
  site: 'bench-site',
  municipality: 'bench',
})}\n\n`;

interface Options {
  readonly clients: string;
  readonly seconds: string;
  readonly profile?: string;
}
const options = new Command('bench:live')
  .description('How late 1,000 live streams get 100 events a second, beside a bare HTTP server')
  .option('--clients <count>', 'live streams', '1000')
  .option('--seconds <count>', 'seconds that are measured', '20')
  .option('--profile <folder>', "write CPU profiles of the hub's threads there; the figures are then slower")
  .parse()
  .opts<Options>();
const clients = Number(options.clients);
const seconds = Number(options.seconds);

const say = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
const sleep = (s: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, s * 1000));

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
};

/** A process with all streams open. */
const startReaders = async (job: ReadersJob): Promise<ChildProcess> => {
  const child = fork(new URL('./live-clients.ts', import.meta.url), { execArgv: [] });
  child.send(job);
  const [first] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [FromReaders | number];
  if (typeof first === 'number') throw new Error(`The readers ended with ${first}`);
  return child;
};

const measure = async (child: ChildProcess, pid: number) => {
  await sleep(WARM_UP_S);
  child.send('begin');
  const meter = new CpuMeter({ server: pid, readers: child.pid ?? 0 });
  await sleep(seconds);
  child.send('report');
  const [report] = (await once(child, 'message')) as [ReadersReport];
  const { server = 0, readers = 0, other } = meter.read();
  const wanted = clients * EVENTS_PER_S * seconds;
  if (report.ended > 0) throw new Error(`${report.ended} streams ended`);
  // The last events may still be on their way.
  if (report.events < wanted * 0.9) throw new Error(`${report.events} of ${wanted} events arrived`);
  const { type: _type, ...figures } = report;
  const round = (s: number) => Number(s.toFixed(2));
  return { ...figures, cpuS: { server: round(server), readers: round(readers), other: round(other) } };
};

const runBaseline = async () => {
  say(`baseline: ${clients} streams of a bare HTTP server`);
  await using started = new AsyncDisposableStack();
  const server = started.adopt(fork(new URL('./bare-live.ts', import.meta.url), { execArgv: [] }), stop);
  server.send({ eventsPerS: EVENTS_PER_S, sample: SAMPLE } satisfies BareLiveJob);
  const [{ port }] = (await once(server, 'message')) as [FromBareLive];
  const readers = started.adopt(await startReaders({ port, path: '/', clients }), stop);
  return await measure(readers, server.pid ?? 0);
};

const runHub = async () => {
  say(`hub: ${clients} streams of /api/v1/live`);
  await using started = new AsyncDisposableStack();
  const places = { PLIETSCH_API_SSE_MAX_CLIENTS: String(clients), PLIETSCH_API_SSE_MAX_PER_ADDRESS: String(clients) };
  const hub = started.adopt(await startBenchHub({ profile: options.profile, environment: places }), (one) =>
    one.kill(options.profile === undefined ? 'SIGKILL' : 'SIGTERM'),
  );
  const { httpPort, mqttPort, credential, pid } = hub.run;
  const readers = started.adopt(
    await startReaders({ port: httpPort, path: '/api/v1/live', token: credential, clients }),
    stop,
  );
  const ratePerS = EVENTS_PER_S / VALUES_PER_UPLINK;
  const count = Math.ceil(ratePerS * (WARM_UP_S + seconds + 5));
  const job = { port: mqttPort ?? 0, logins: embeddedLogins(NETWORK), count, end: Date.now(), window: 500, ratePerS };
  const publisher = started.adopt(await startPublisher(job), (one) => one.stop());
  const publishing = publisher.publish();
  // Where the measurement fails, that is what is told.
  publishing.catch(() => undefined);
  const figures = await measure(readers, pid);
  await publishing;
  return { ...figures, peakMib: Math.round(peakMibOf(pid)) };
};

const startedAt = new Date();
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', loadAtStart: loadavg(), node: process.version };
const baseline = await runBaseline();
const hub = await runHub();
const line = JSON.stringify({
  bench: 'live',
  at: startedAt.toISOString(),
  clients,
  eventsPerS: EVENTS_PER_S,
  seconds,
  machine,
  ...(options.profile !== undefined && { profiled: true }),
  baseline,
  hub,
  ratios: { serverCpuToBare: Number((hub.cpuS.server / baseline.cpuS.server).toFixed(2)) },
  aims: { 'p99 below 250 ms': hub.p99Ms < 250 },
});
const folder = new URL('./results/', import.meta.url);
mkdirSync(folder, { recursive: true });
const stamp = startedAt.toISOString().slice(0, 19).replaceAll(':', '');
writeFileSync(new URL(`live-${stamp}.json`, folder), `${line}\n`);
console.log(line);
