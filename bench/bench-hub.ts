import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from '../store/embedded/database.ts';
import type { Books } from '../store/journal.ts';
import { devEuiOf } from '../test/support/chirpstack-uplink.ts';
import { callHub, getJson, type HubProcess, NETWORK, newFolder, startHubProcess } from '../test/support/hub-process.ts';
import { DEVICES, pastTimeOf, regionEntities, VALUES_PER_UPLINK } from './workload.ts';

const main = new URL('../main.ts', import.meta.url).pathname;

const POLL_MS = 100;
/** Without any progress for so long, the run has failed. */
const STALL_MS = 60_000;

export interface BenchHubOptions {
  /** Of `subscribers` in the configuration. */
  readonly subscriber?: { readonly url: string; readonly user: string; readonly password: string };
  /** Folder for the CPU profiles of all threads; the figures are then those of a profiled hub. */
  readonly profile: string | undefined;
  /** Further settings as variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A hub with an empty store of its own, with all devices registered. */
export const startBenchHub = async (options: BenchHubOptions): Promise<HubProcess> => {
  const folder = newFolder('bench');
  const hub = await startOn(folder, options);
  const answer = await callHub(hub.run, '/api/v1/region', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ entities: regionEntities() }),
  });
  if (!answer.ok) throw new Error(`The devices were not registered: ${await answer.text()}`);
  if (options.subscriber) await subscribed(hub);
  return hub;
};

/** Starts it on the folder of one that was ended. */
export const startOn = async (
  folder: string,
  { subscriber, profile, environment }: BenchHubOptions,
): Promise<HubProcess> => {
  const { id, user, password } = NETWORK;
  const config = {
    log: { level: 'warn' },
    networks: [{ id, kind: 'chirpstack-v4', mqtt: { user, password } }],
    subscribers: subscriber
      ? [
          {
            network: id,
            url: subscriber.url,
            clientId: subscriber.user,
            username: subscriber.user,
            password: subscriber.password,
          },
        ]
      : [],
  };
  const file = join(folder, 'plietsch.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return startHubProcess({
    folder,
    environment: { PLIETSCH_CONFIG: file, ...environment },
    ...(profile !== undefined && {
      program: ['--max-semi-space-size=8', '--cpu-prof', `--cpu-prof-dir=${profile}`, main, 'start'],
    }),
  });
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const subscribed = async (hub: HubProcess): Promise<void> => {
  for (let i = 0; i < 100; i++) {
    if ((await (await callHub(hub.run, '/ready')).text()).includes('subscribed')) return;
    await sleep(POLL_MS);
  }
  throw new Error(`The hub did not subscribe:\n${hub.log()}`);
};

const total = (days: readonly Books[], column: 'decoded' | 'pending' | 'received'): number =>
  days.reduce((sum, day) => sum + day[column], 0);

/** Waits until the books say that `count` uplinks became observations and none is pending; answers when, epoch ms. */
export const untilQueryable = async (hub: HubProcess, count: number): Promise<number> => {
  let before = -1;
  let movedAt = Date.now();
  for (;;) {
    const { items } = await getJson<{ items: Books[] }>(hub.run, '/api/v1/books');
    const at = Date.now();
    const decoded = total(items, 'decoded');
    if (decoded === count && total(items, 'pending') === 0) return at;
    if (decoded > count) throw new Error(`${decoded} uplinks were decoded, ${count} were sent`);
    if (decoded !== before) movedAt = Date.now();
    else if (Date.now() - movedAt > STALL_MS) throw new Error(`The hub stands still: ${JSON.stringify(items)}`);
    before = decoded;
    await sleep(POLL_MS);
  }
};

interface LatestPage {
  readonly items: readonly { readonly datastream: string; readonly phenomenonTime: string }[];
  readonly next?: string;
}

/** Throws unless the API answers the newest value of every datastream, and all values of some. */
export const checkAnswers = async (hub: HubProcess, span: { count: number; end: number }): Promise<void> => {
  const latest: LatestPage['items'][number][] = [];
  for (let path: string | undefined = '/api/v1/latest?limit=1000'; path !== undefined; ) {
    const page: LatestPage = await getJson<LatestPage>(hub.run, path);
    latest.push(...page.items);
    path = page.next;
  }
  const devices = Math.min(DEVICES, span.count);
  expectEqual('datastreams with a value', latest.length, devices * VALUES_PER_UPLINK);
  const newest = latest.reduce((max, { phenomenonTime }) => Math.max(max, Date.parse(phenomenonTime)), 0);
  const rounds = Math.floor(span.count / DEVICES);
  if (rounds > 0) expectEqual('newest time', newest, pastTimeOf(rounds * DEVICES - 1, span));
  const from = new Date(pastTimeOf(0, span)).toISOString();
  const first = latest.filter(
    ({ datastream }) => datastream.includes(devEuiOf(0)) || /bench-slot-0\b/.test(datastream),
  );
  expectEqual('datastreams of the first device', first.length, VALUES_PER_UPLINK);
  for (const { datastream } of first) {
    const { observations } = await getJson<{ observations: unknown[] }>(
      hub.run,
      `/api/v1/datastreams/${datastream}/observations?from=${from}&limit=10000`,
    );
    expectEqual(`values of ${datastream}`, observations.length, Math.min(10_000, Math.ceil(span.count / DEVICES)));
  }
};

const expectEqual = (what: string, found: number, expected: number): void => {
  if (found !== expected) throw new Error(`${what}: ${found} instead of ${expected}`);
};

/** Waits until the derived quality flags have caught up as well; answers when, epoch ms. */
export const untilDerived = async (hub: HubProcess): Promise<number> => {
  const path = '/metrics';
  // The gauge is written once a second: the first one may be from before.
  await sleep(1_500);
  for (;;) {
    const text = await (await callHub(hub.run, path)).text();
    const dirty = /^plietsch_dirty_windows (\d+)/m.exec(text)?.[1];
    if (dirty === undefined) throw new Error('No metric plietsch_dirty_windows');
    if (dirty === '0') return Date.now();
    await sleep(500);
  }
};

/** Ends the hub in order, answers the bytes that it leaves on disk, and removes them. */
export const retireHub = async (hub: HubProcess): Promise<number> => {
  await hub.kill('SIGTERM');
  const file = join(hub.folder, DATABASE_FILE);
  const bytes = [file, `${file}-wal`].reduce(
    (sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  rmSync(hub.folder, { recursive: true, force: true });
  return bytes;
};
