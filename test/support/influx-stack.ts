import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InfluxConnection } from '../../store/influxdb/connection.ts';
import { initInflux } from '../../store/influxdb/setup.ts';
import type { Books } from '../../store/journal.ts';
import { outcomes } from '../../store/journal.ts';
import type { InfluxdSource } from '../services/find-influxd.ts';
import { type Influxd, startInfluxd } from '../services/influxd.ts';
import { type Mosquitto, startMosquitto } from '../services/mosquitto.ts';
import { eventually, getJson, type HubProcess, NETWORK, newFolder, startHubProcess } from './hub-process.ts';
import { Publisher } from './publisher.ts';
import { registerSlots } from './slots.ts';

const BUCKET = 'plietsch';
const READER = { name: 'reader', password: 'only-for-this-test-run' };

export interface PartStateView {
  readonly part: string;
  readonly ready: boolean;
  readonly detail: string;
  readonly since?: string;
}

/** A network server, Mosquitto, the hub and InfluxDB, each a process of its own. */
export interface InfluxStack {
  readonly influxd: Influxd;
  readonly broker: Mosquitto;
  readonly publisher: Publisher;
  readonly hub: HubProcess;
  /** Starts the hub again on its folder. */
  restartHub(): Promise<void>;
  /** State of a part of the hub in /ready. */
  stateOf(part: string): Promise<PartStateView | undefined>;
  /** Sums of the hub's books over all days. */
  books(): Promise<Readonly<Record<string, number>>>;
  /** The publisher stops; waits until nothing is pending; answers the books' sums. */
  settle(timeoutMs?: number): Promise<Readonly<Record<string, number>>>;
  /** Points of a property in InfluxDB, of all things or of those whose id begins so. */
  points(property: string, things?: string): Promise<number>;
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly source: InfluxdSource;
  readonly devices: number;
  /** A place between hub and InfluxDB, given its real address. */
  readonly through?: (influxUrl: string) => Promise<string>;
  /** A place between hub and Mosquitto, given its real address. */
  readonly brokerThrough?: (brokerUrl: string) => Promise<string>;
  readonly influxFolder?: string;
  /** Mosquitto as it comes from its makers, without the settings that keep what it acknowledged. */
  readonly brokerDefaults?: boolean;
  /** Further settings of the hub's subscription. */
  readonly subscriber?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Leaves only the listener and who may log in. */
const backToDefaults = async (broker: Mosquitto): Promise<void> => {
  const file = join(broker.folder, 'mosquitto.conf');
  const kept = /^(listener|user|allow_anonymous|password_file|acl_file|log_type) /;
  const lines = readFileSync(file, 'utf8').split('\n');
  await broker.kill();
  writeFileSync(file, `${lines.filter((line) => kept.test(line)).join('\n')}\n`);
  await broker.start();
};

export const startInfluxStack = async (options: StackOptions): Promise<InfluxStack> => {
  const { source, devices, through, brokerThrough, influxFolder, environment = {} } = options;
  const influxd = await startInfluxd(source, influxFolder === undefined ? {} : { folder: influxFolder });
  const broker = await startMosquitto([
    { name: READER.name, password: READER.password, acl: ['topic read application/#'] },
    { name: NETWORK.user, password: NETWORK.password, acl: ['topic write application/#'] },
  ]);
  if (options.brokerDefaults === true) await backToDefaults(broker);
  const settings = { url: influxd.url, org: influxd.org, bucket: BUCKET, token: '', timeoutMs: 30_000, gzip: false };
  const report = await initInflux(settings, { adminToken: influxd.adminToken, keepDays: null });
  const token = await report.createHubToken();
  const folder = newFolder('stack');
  const configFile = join(folder, 'plietsch.yaml');
  const subscriber = {
    network: NETWORK.id,
    url: brokerThrough ? await brokerThrough(broker.url) : broker.url,
    clientId: READER.name,
    username: READER.name,
    password: READER.password,
    ...options.subscriber,
  };
  // JSON is YAML.
  const config = { networks: [{ id: NETWORK.id, kind: 'chirpstack-v4' }], subscribers: [subscriber] };
  writeFileSync(configFile, JSON.stringify(config), { mode: 0o600 });
  const hubOptions = {
    folder,
    environment: {
      PLIETSCH_CONFIG: configFile,
      PLIETSCH_OBSERVATIONS_STORE: 'influxdb',
      PLIETSCH_OBSERVATIONS_INFLUXDB_URL: through ? await through(influxd.url) : influxd.url,
      PLIETSCH_OBSERVATIONS_INFLUXDB_ORG: influxd.org,
      PLIETSCH_OBSERVATIONS_INFLUXDB_TOKEN: token,
      ...environment,
    },
  };
  let hub = await startHubProcess(hubOptions);
  await registerSlots(hub, devices);
  await eventually(
    () => stateOf('subscriber'),
    (state) => state?.detail.includes('subscribed') === true,
  );
  const publisher = new Publisher({ port: broker.port, devices, clientId: NETWORK.user });
  await publisher.connected();

  async function stateOf(part: string): Promise<PartStateView | undefined> {
    const { parts } = await getJson<{ parts: PartStateView[] }>(hub.run, '/ready');
    return parts.find((one) => one.part.startsWith(part));
  }
  const books = async (): Promise<Record<string, number>> => {
    const { items } = await getJson<{ items: Books[] }>(hub.run, '/api/v1/books');
    const columns = ['received', 'duplicates', ...outcomes] as const;
    return Object.fromEntries(
      columns.map((column) => [column, items.reduce((sum, day) => sum + Number(day[column]), 0)]),
    );
  };
  return {
    influxd,
    broker,
    publisher,
    get hub() {
      return hub;
    },
    restartHub: async () => {
      hub = await startHubProcess(hubOptions);
    },
    stateOf,
    books,
    settle: async (timeoutMs = 60_000) => {
      await publisher.stop(timeoutMs);
      let before = -1;
      // Pending may be 0 while the broker still holds a queue: all that was sent, or nothing new for a while, ends it.
      return eventually(
        async () => {
          const sums = await books();
          const { received = 0, duplicates = 0 } = sums;
          if (sums.pending === 0 && received - duplicates >= publisher.sent) return { ...sums, pending: 0, quiet: 1 };
          const quiet = received === before;
          before = received;
          await new Promise((resolve) => setTimeout(resolve, 1_000));
          return { pending: 0, ...sums, quiet: quiet ? 1 : 0 };
        },
        ({ pending, quiet }) => pending === 0 && quiet === 1,
        timeoutMs,
      );
    },
    points: async (property, things = '') => {
      const connection = new InfluxConnection({ ...settings, token });
      let count = 0;
      for await (const { series } of connection.query(
        `SELECT count("origin") FROM "${property}" WHERE "thing" =~ /^${things}/`,
      )) {
        count += (series.values[0]?.[1] as number) ?? 0;
      }
      connection.close();
      return count;
    },
    stop: async () => {
      publisher.end();
      await hub.kill('SIGTERM');
      await broker.stop();
      await influxd.stop();
    },
  };
};

/** Received is the sum of everything that became of it. */
export const isBalanced = (sums: Readonly<Record<string, number>>): boolean =>
  sums.received === (sums.duplicates ?? 0) + outcomes.reduce((sum, outcome) => sum + (sums[outcome] ?? 0), 0);
