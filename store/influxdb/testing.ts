import { join } from 'node:path';
import type { Observation } from '../../model/observation.ts';
import type { Datastream } from '../../model/registry.ts';
import { type Database, openDatabase } from '../embedded/database.ts';
import { SqliteObservationIndex } from '../embedded/observation-index.ts';
import { InfluxConnection } from './connection.ts';
import type { Projected } from './doubts.ts';
import { InfluxObservationStore } from './observations.ts';
import { initInflux } from './setup.ts';

/** For tests at a real InfluxDB. */
export const T0 = Date.UTC(2026, 2, 28, 22);

export const slots: readonly Datastream[] = [1, 2].map((key) => {
  return { id: `slot-${key}.distance`, key, thing: `slot-${key}`, property: 'distance', unit: 'mm' };
});

export const observation = (changes: Partial<Observation> = {}): Observation => {
  const base = { datastream: 1, phenomenonTime: T0, value: 1.5, flag: 1, tests: 0, position: 10, record: 0 } as const;
  return { ...base, receivedAt: T0, storedAt: T0, ...changes };
};

interface Server {
  readonly url: string;
  readonly org: string;
  readonly adminToken: string;
}

/** With the rights of the hub, to a bucket that is made where there is none. */
export const connectTo = async ({ url, org, adminToken }: Server, bucket: string, gzip = false) => {
  const settings = { url, org, bucket, token: '', timeoutMs: 10_000, gzip };
  const token = await (await initInflux(settings, { adminToken, keepDays: null })).createHubToken();
  return new InfluxConnection({ ...settings, token });
};

export interface OpenedStore {
  readonly database: Database;
  readonly index: SqliteObservationIndex;
  readonly store: InfluxObservationStore;
}

/** A store with its index in a folder, as the hub opens it. */
export const openStore = (options: {
  readonly connection: InfluxConnection;
  readonly folder: string;
  readonly datastreams: () => readonly Datastream[];
  readonly projected?: Projected;
}): OpenedStore => {
  const { connection, folder, datastreams, projected } = options;
  const database = openDatabase({ file: join(folder, 'hub.db') });
  const index = new SqliteObservationIndex(database);
  const store = new InfluxObservationStore({
    connection,
    index,
    datastreamOf: (key) => datastreams().find((one) => one.key === key),
    datastreams,
    keepDays: null,
    clock: Date.now,
    projected,
  });
  return { database, index, store };
};
