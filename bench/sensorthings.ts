import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { type FilledRegion, fillRegionFile } from '../test/support/filled-region.ts';
import { type HubProcess, newFolder } from '../test/support/hub-process.ts';
import { startOn } from './bench-hub.ts';
import { createMeasure, round, say } from './latency.ts';
import { percentile } from './live-latency.ts';
import { cpuSecondsOf } from './process-figures.ts';

/** npm run bench:sensorthings; see README.md for what the figures mean. */
const DAY = 86_400_000;
const MINUTE = 60_000;
const PAGED_ROWS = 100_000;
const PAGE = 1_000;

const options = new Command('bench:sensorthings')
  .description(
    'What the hard questions of SensorThings cost over a million observations of 1,000 Things × 4 Datastreams',
  )
  .option('--requests <count>', 'requests of each kind', '40')
  .option('--keep', 'keep the line in bench/results/', false)
  .parse()
  .opts<{ requests: string; keep: boolean }>();

const region: FilledRegion = {
  things: 1_000,
  days: 30,
  everyMs: 164 * MINUTE,
  to: Math.floor(Date.now() / DAY) * DAY,
};
const half = new Date(region.to - 15 * DAY).toISOString();
const newest = '$expand=Datastreams($expand=Observations($top=1;$orderby=phenomenonTime%20desc))';

const { ask, measure, close } = createMeasure(Number(options.requests));
const answerOf = (body: Buffer) =>
  JSON.parse(body.toString()) as { value: unknown[]; '@iot.count'?: number; '@iot.nextLink'?: string };
const holds = (count: number) => (body: Buffer) => answerOf(body).value.length === count;

/** Page after page by the links: rows a second, by the clock and by CPU time, and the first and last pages. */
const runPages = async (hub: HubProcess, path: string) => {
  const begin = performance.now();
  const cpu = cpuSecondsOf(hub.run.pid);
  const times: number[] = [];
  let rows = 0;
  for (let url = new URL(path, hub.run.httpUrl).href; rows < PAGED_ROWS; ) {
    const { ms, body } = await ask(url);
    const { value, '@iot.nextLink': next } = answerOf(body);
    times.push(ms);
    rows += value.length;
    if (next === undefined) break;
    url = new URL(next).href;
  }
  const median = (some: number[]) =>
    round(
      percentile(
        some.toSorted((a, b) => a - b),
        0.5,
      ),
    );
  return {
    rows,
    rowsPerS: Math.round((rows / (performance.now() - begin)) * 1_000),
    rowsPerCpuS: Math.round(rows / (cpuSecondsOf(hub.run.pid) - cpu)),
    firstPagesMs: median(times.slice(0, 10)),
    lastPagesMs: median(times.slice(-10)),
  };
};

const runCsv = async (hub: HubProcess) => {
  const begin = performance.now();
  const cpu = cpuSecondsOf(hub.run.pid);
  const path = `/sta/v1.1/Observations?$resultFormat=CSV&$top=${PAGED_ROWS}`;
  const { body } = await ask(new URL(path, hub.run.httpUrl).href);
  const rows = body.toString().trim().split('\n').length - 1;
  return {
    rows,
    rowsPerS: Math.round((rows / (performance.now() - begin)) * 1_000),
    rowsPerCpuS: Math.round(rows / (cpuSecondsOf(hub.run.pid) - cpu)),
  };
};

const run = async () => {
  say('filling the store');
  const folder = newFolder('bench-sensorthings');
  const rows = await fillRegionFile(folder, region);
  await using started = new AsyncDisposableStack();
  const environment = { PLIETSCH_API_RATE_LIMIT_PER_MINUTE: '100000000', PLIETSCH_DUMPS_ENABLED: 'off' };
  const hub = started.adopt(await startOn(folder, { profile: undefined, environment }), (one) => one.kill('SIGKILL'));
  say('waiting until closed days are counted, one every half second');
  await pause(region.days * 600 + 2_000);
  const sta = '/sta/v1.1';
  say(`${options.requests} requests of each kind, one after the other`);
  const baseline = await measure(hub, '/health', (body) => body.includes('"ok"'));
  const map1000 = await measure(hub, `${sta}/Things?$top=1000&${newest}`, holds(1_000));
  const map100 = await measure(hub, `${sta}/Things?$top=100&${newest}`, holds(100));
  const newest100 = await measure(
    hub,
    `${sta}/Datastreams(77)/Observations?$top=100&$orderby=phenomenonTime%20desc`,
    holds(100),
  );
  const countHalf = await measure(
    hub,
    `${sta}/Observations?$count=true&$top=0&$filter=phenomenonTime%20ge%20${half}`,
    (body) => (answerOf(body)['@iot.count'] ?? 0) > rows / 3,
  );
  const joined = await measure(
    hub,
    `${sta}/Observations?$top=100&$filter=result%20gt%2015%20and%20Datastream/properties/property%20eq%20%27wind_speed%27`,
    holds(100),
  );
  const pages = await runPages(hub, `${sta}/Observations?$top=${PAGE}&$orderby=phenomenonTime`);
  const csv = await runCsv(hub);
  return { rows, baseline, map1000, map100, newest100, countHalf, joined, pages, csv };
};

const startedAt = new Date();
const [loadBefore = 0] = loadavg();
const figures = await run();
close();
const line = JSON.stringify({
  bench: 'sensorthings',
  at: startedAt.toISOString(),
  cpus: cpus().length,
  loadBefore: round(loadBefore, 2),
  ...figures,
});
if (options.keep) {
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const stamp = startedAt.toISOString().slice(0, 19).replaceAll(':', '');
  writeFileSync(new URL(`sensorthings-${stamp}.json`, folder), `${line}\n`);
}
console.log(line);
