import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { type EpochMs, HOUR, MINUTE } from '../../model/time.ts';
import { initInflux } from '../../store/influxdb/setup.ts';
import type { InfluxdSource } from '../../test/services/find-influxd.ts';
import { type Influxd, startInfluxd } from '../../test/services/influxd.ts';
import { devEuiOf, topicOf } from '../../test/support/chirpstack-uplink.ts';
import { eventually, getJson, type HubProcess, NETWORK, startHubProcess } from '../../test/support/hub-process.ts';
import { ask, DATABASE, type Influx } from './influxql-client.ts';

/** Two weeks of the demo take this long on a small machine that others use too. */
const HISTORY_TIMEOUT_MS = 600_000;

/** How far the simulated region has come, as the demo writes it down. */
const simulatedTo = ({ folder }: HubProcess): EpochMs => {
  try {
    return (JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8')) as { at: EpochMs }).at;
  } catch {
    return 0;
  }
};

/** A demo hub that has taken in its history, with everything derived from it. */
export const startDemoHub = async (environment: Readonly<Record<string, string>> = {}): Promise<HubProcess> => {
  const hub = await startHubProcess({
    environment: {
      PLIETSCH_DEMO: 'on',
      PLIETSCH_LOG_LEVEL: 'warn',
      PLIETSCH_API_RATE_LIMIT_PER_MINUTE: '1000000',
      ...environment,
    },
  });
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(new URL('/metrics', hub.run.httpUrl), bearer(hub))).text();
    return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  };
  try {
    await eventually(
      async () => simulatedTo(hub),
      (at) => at > Date.now() - 5 * MINUTE,
      HISTORY_TIMEOUT_MS,
    );
    await eventually(
      () => metric('plietsch_projection_lag_entries'),
      (lag) => lag < 100,
      HISTORY_TIMEOUT_MS,
    );
    // Live uplinks leave some windows to do at any time.
    await eventually(
      () => metric('plietsch_dirty_windows'),
      (windows) => windows < 50,
      HISTORY_TIMEOUT_MS,
    );
  } catch (error) {
    await hub.kill();
    throw error;
  }
  return hub;
};

const bearer = ({ run }: HubProcess): RequestInit => ({ headers: { authorization: `Bearer ${run.credential}` } });

export interface Proof {
  /** With the token that Grafana gets: it reads the hub's buckets and nothing else. */
  readonly influx: Influx;
  stop(): Promise<void>;
}

/** An InfluxDB that a real hub has filled with the simulated region, as Grafana's token sees it. */
export const startProof = async (source: InfluxdSource): Promise<Proof> => {
  const influxd = await startInfluxd(source);
  const { url, org, adminToken } = influxd;
  let hub: HubProcess | undefined;
  const stop = async (): Promise<void> => {
    await hub?.kill('SIGTERM');
    await influxd.stop();
  };
  try {
    const settings = { url, org, bucket: DATABASE, token: '', timeoutMs: 10_000, gzip: false };
    const report = await initInflux(settings, { adminToken, keepDays: null });
    hub = await startDemoHub({
      PLIETSCH_OBSERVATIONS_STORE: 'influxdb',
      PLIETSCH_OBSERVATIONS_INFLUXDB_URL: url,
      PLIETSCH_OBSERVATIONS_INFLUXDB_ORG: org,
      PLIETSCH_OBSERVATIONS_INFLUXDB_BUCKET: DATABASE,
      PLIETSCH_OBSERVATIONS_INFLUXDB_TOKEN: await report.createHubToken(),
    });
    const influx = { url, token: await report.createReaderToken() };
    await spoilOneMessage(hub);
    await addSoil(influxd);
    await eventually(
      async () => (await ask(influx, 'SELECT last("value") FROM "hub"."plietsch_dead_letters_total"')).series,
      (series) => series.length > 0,
      60_000,
    );
    await addPastMetrics(influx, influxd);
    return { influx, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** What no codec can read, so that there is a dead letter to show. */
const spoilOneMessage = async ({ run }: HubProcess): Promise<void> => {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${run.mqttPort}`, {
    username: NETWORK.user,
    password: NETWORK.password,
    clientId: 'spoiler',
  });
  await client.publishAsync(topicOf(devEuiOf(1)), '{"this is no uplink', { qos: 1 });
  await client.endAsync();
  await eventually(
    () => getJson<{ items: unknown[] }>(run, '/api/v1/dead-letters'),
    ({ items }) => items.length > 0,
  );
};

const write = async ({ url, org, adminToken }: Influxd, bucket: string, lines: readonly string[]): Promise<void> => {
  const response = await fetch(new URL(`/api/v2/write?org=${org}&bucket=${bucket}&precision=ms`, url), {
    method: 'POST',
    headers: { authorization: `Token ${adminToken}` },
    body: lines.join('\n'),
  });
  if (!response.ok) throw new Error(`${response.status} ${(await response.text()).slice(0, 300)}`);
};

/** The simulator has no soil: three days of one probe, hourly, as the hub would write them. */
const addSoil = async (influxd: Influxd): Promise<void> => {
  const thing = 'luft-hohwacht-station';
  const now = Math.floor(Date.now() / HOUR) * HOUR;
  const lines = Array.from({ length: 72 }, (_, i) => {
    const wave = Math.sin((i / 24) * 2 * Math.PI);
    const point = (property: string, value: number) =>
      `${property},datastream=${thing}.${property},thing=${thing} value=${value},origin=${i}i ${now - i * HOUR}`;
    return [point('soil_moisture', 24 - i / 24), point('soil_temperature', 7 + wave)];
  });
  await write(influxd, DATABASE, lines.flat());
};

/** The hub has run for minutes only: the same series some hours ago, counters at zero, as after its start. */
const addPastMetrics = async (influx: Influx, influxd: Influxd): Promise<void> => {
  const { series } = await ask(influx, 'SELECT last("value") FROM "hub"./^plietsch_/ GROUP BY *');
  const now = Date.now();
  const lines = series.flatMap(({ name, tags = {}, values }) => {
    const isCounter = /_(total|count|sum|bucket)$/.test(name);
    const value = isCounter ? 0 : Number(values[0]?.[1]);
    const labels = Object.entries(tags)
      .filter(([, text]) => text !== '')
      .map(([key, text]) => `,${key}=${text.replaceAll(/[ ,=]/g, '\\$&')}`);
    return [1, 2, 3].map((hours) => `${name}${labels.join('')} value=${value} ${now - hours * HOUR}`);
  });
  await write(influxd, `${DATABASE}_hub`, lines);
};

/** A generated dashboard as it is committed; `folder` is de, en, de-api or en-api. */
export const committed = <T>(folder: string, name: string): T =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../generated', folder, `${name}.json`), 'utf8')) as T;
