import pino from 'pino';
import { Registry } from 'prom-client';
import { MemoryLiveLog } from '../derive/live-log.ts';
import type { Catalogue, DeviceProfile } from '../devices/catalogue.ts';
import { CatalogueIndex } from '../devices/catalogue-index.ts';
import { CodecShelf, createCodecCommands } from '../engine/foreign-codecs.ts';
import { planChange } from '../engine/registry-change.ts';
import { createSensorThings } from '../engine/sensor-things.ts';
import { DatastreamRegistrar } from '../ingest/datastream-registrar.ts';
import type { DownlinkOrder } from '../model/downlink.ts';
import { HubError } from '../model/errors.ts';
import type { Observation } from '../model/observation.ts';
import type { Codecs, Commands, Downlinks, Job, PartState, ReplayRequest, SensorThings } from '../model/ports.ts';
import { type EntityKind, registrySchemas, type Thing } from '../model/registry.ts';
import { HOUR, MINUTE } from '../model/time.ts';
import type { TokenRole } from '../store/accounts.ts';
import { type EmbeddedStores, openStores } from '../store/embedded/stores.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { apiConfigSchema } from './api-config.ts';
import { buildApp } from './app.ts';
import { TokenKeeper } from './auth/tokens.ts';
import type { ApiDeps } from './deps.ts';
import type { Trace } from './trace-port.ts';

/** The time at which tests happen. */
export const NOW = Date.UTC(2026, 2, 2, 12);
export const LOCAL_CREDENTIAL = 'local-credential-of-the-test';
export const DEV_EUI = '24e124710b000001';

const profile: DeviceProfile = {
  id: 'milesight/em400-tld',
  vendor: 'milesight',
  model: 'em400-tld',
  name: { de: 'Füllstandssensor', en: 'Fill level sensor' },
  version: '1',
  datasheet: 'https://example.org/em400-tld.pdf',
  fPorts: [85],
  reportingIntervalS: 3600,
  stateHorizonS: 0,
  maxUplinksPerHour: 60,
  parameters: {},
  fields: { distance: { role: 'observation', property: 'fill_level', unit: '%' } },
};

export const testCatalogue: Catalogue = {
  get: (id) => testCatalogue.list().find((entry) => entry.profile.id === id),
  list: () => [{ profile, codec: { decodeUplink: () => ({ records: [], warnings: [] }) } }],
};

/** Commands over the real rules of the registry; jobs are only kept. */
export const createTestCommands = (registry: RegistryIndex) => {
  const jobs = new Map<string, Job>();
  const given: string[] = [];
  const replay = async (request: ReplayRequest): Promise<Job> => {
    const diff = { unchanged: 3, changed: 1, added: 0, gone: 0, largest: [] };
    const id = `job-${jobs.size + 1}`;
    const job: Job = { id, request, state: 'queued', done: 0, total: 4, diff, createdAt: NOW };
    jobs.set(id, job);
    return job;
  };
  const commands: Commands = {
    applyEntities: async (entities, { dryRun }) => {
      const { changes, report } = planChange(entities, { registry, catalogue: testCatalogue });
      if (!dryRun) registry.apply(changes);
      return [...report];
    },
    adopt: async (devEui, request) => {
      given.push(`adopt ${devEui} ${request.profile} ${request.from ?? ''}`);
      return replay({ scope: { device: devEui }, since: 0, dryRun: false, reason: 'adopted' });
    },
    retryDeadLetter: async (position) => {
      given.push(`retry ${position}`);
      return 'decoded';
    },
    replay,
    job: async (id) => jobs.get(id),
    jobs: async () => [...jobs.values()],
    cancelJob: async (id) => {
      const job = jobs.get(id);
      if (!job) throw new HubError('HUB_NOT_FOUND', `There is no job ${id}`);
      jobs.set(id, { ...job, state: 'cancelled' });
    },
    backup: async (file) => {
      given.push(`backup ${file}`);
      return { bytes: 1, head: 1 };
    },
  };
  return { commands, given, jobs };
};

/** Orders that are kept, and go nowhere. */
const createTestDownlinks = (registry: RegistryIndex): Downlinks => {
  const orders: DownlinkOrder[] = [];
  return {
    order: async (devEui, request, { by, dryRun }) => {
      registry.require('device', devEui);
      const order: DownlinkOrder = {
        id: `order-${orders.length + 1}`,
        device: devEui,
        network: 'north',
        fPort: 'fPort' in request ? request.fPort : 85,
        hex: 'hex' in request ? request.hex : 'ff10ff',
        ...('data' in request && { data: request.data }),
        confirmed: request.confirmed,
        state: 'queued',
        history: [{ state: 'queued', at: NOW, by }],
      };
      if (!dryRun) orders.unshift(order);
      return { order, message: { network: 'north', topic: 'down', body: '{}' } };
    },
    get: async (id) => orders.find((order) => order.id === id),
    list: async ({ before, device, limit }) =>
      orders
        .filter((order) => device === undefined || order.device === device)
        .slice(before === undefined ? 0 : orders.findIndex(({ id }) => id === before) + 1)
        .slice(0, limit),
  };
};

/** The real thing, but for the replays: of those only the jobs are kept. */
const createTestCodecs = (
  { codecs }: EmbeddedStores,
  { catalogue, replay }: { catalogue: CatalogueIndex; replay: (request: ReplayRequest) => Promise<Job> },
): Codecs => {
  const { putCodec, activateCodec, codecVersions, codecVersion } = createCodecCommands({
    codecs,
    catalogue,
    shelf: new CodecShelf({ codecs, catalogue }),
    replays: { request: async (request) => ({ ...(await replay(request)), pass: 'compare', position: 0, start: 0 }) },
    clock: () => NOW,
    elapsedMs: () => performance.now(),
    together: (work) => work(),
    onProfile: () => undefined,
  });
  return { put: putCodec, activate: activateCodec, versions: codecVersions, version: codecVersion };
};

/** Entities as the hub keeps them; observations without a journal. */
const createTestSensorThings = (
  stores: EmbeddedStores,
  { registry, clock }: { registry: RegistryIndex; clock: () => number },
): SensorThings => {
  const { observations, details, rollups, database, sequences, registry: registryStore } = stores;
  let position = 1_000_000;
  return {
    ...createSensorThings({
      registry,
      registryStore,
      observations,
      rollups,
      details,
      // Tests put datastreams into the registry themselves: the keys of these are taken.
      registrar: {
        get nextKey() {
          return new DatastreamRegistrar(registry).nextKey;
        },
        passOver: () => undefined,
      },
      sequences,
      together: (work) => database.together(work),
      onRegistryChanged: () => undefined,
    }),
    observe: async (changes) => {
      for (const change of changes) {
        if ('remove' in change) {
          const { datastream, phenomenonTime } = change.remove;
          await observations.remove([{ datastream, time: phenomenonTime }]);
          await details.remove([change.remove]);
        } else {
          const { detail, ...put } = change.put;
          const now = clock();
          await observations.append([
            { ...put, tests: 0, position: ++position, record: 0, receivedAt: now, storedAt: now },
          ]);
          await (detail ? details.put([{ ...put, detail }]) : details.remove([put]));
        }
      }
    },
  };
};

export interface TestOptions {
  readonly states?: readonly PartState[];
  readonly consoleDir?: string;
  readonly config?: Partial<ApiDeps['config']>;
  readonly trace?: (position: number) => Promise<Trace | undefined>;
  readonly wrap?: (deps: ApiDeps) => Partial<ApiDeps>;
}

/** A hub's API over real stores in memory. */
export const createTestApi = async (options: TestOptions = {}) => {
  const stores = openStores({ file: ':memory:', timeZone: 'Europe/Berlin' });
  const registry = new RegistryIndex();
  const live = new MemoryLiveLog({ epoch: 'test', capacity: 100 });
  const { commands, given, jobs } = createTestCommands(registry);
  const catalogue = new CatalogueIndex(testCatalogue);
  const time = { now: NOW };
  const clock = () => time.now;
  const base: ApiDeps = {
    registry,
    observations: stores.observations,
    details: stores.details,
    events: stores.events,
    journal: stores.journal,
    accounts: stores.accounts,
    live,
    commands,
    downlinks: createTestDownlinks(registry),
    sensorThings: createTestSensorThings(stores, { registry, clock }),
    codecs: createTestCodecs(stores, { catalogue, replay: (request) => commands.replay(request) }),
    states: () => options.states ?? [{ part: 'journal', ready: true, detail: 'fine', since: NOW }],
    networks: [{ id: 'north', kind: 'chirpstack-v4', transports: ['mqtt'] }],
    metrics: new Registry(),
    trace: options.trace ?? (async () => undefined),
    catalogue,
    config: {
      ...apiConfigSchema.parse({}),
      timeZone: 'Europe/Berlin',
      version: '0.0.0',
      demo: false,
      ...options.config,
    },
    localCredential: LOCAL_CREDENTIAL,
    logger: pino({ level: 'silent' }),
    clock,
    consoleDir: options.consoleDir,
  };
  const deps: ApiDeps = { ...base, ...options.wrap?.(base) };
  const app = await buildApp(deps);
  const keys = new Map<string, number>();

  const put = (kind: EntityKind, entry: unknown): void =>
    registry.apply([{ kind, put: registrySchemas[kind].parse(entry) } as never]);

  /** Registers a datastream of a thing and stores values, the newest `ageMs` old and an hour apart. */
  const measure = async (thing: string, property: string, values: readonly (number | null)[], ageMs = MINUTE) => {
    const id = `${thing}.${property}`;
    const key = keys.get(id) ?? keys.size + 1;
    if (!keys.has(id)) put('datastream', { id, key, thing, property, unit: '%' });
    keys.set(id, key);
    const observations = values.map((value, i) =>
      observationOf({
        datastream: key,
        value,
        phenomenonTime: NOW - ageMs - (values.length - 1 - i) * HOUR,
        position: i + 1,
      }),
    );
    await stores.observations.append(observations);
    return observations;
  };

  /** Headers with a new token. */
  const token = async (role: TokenRole, municipality?: string): Promise<Record<string, string>> => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/tokens',
      headers: { authorization: `Bearer ${LOCAL_CREDENTIAL}` },
      payload: { role, name: role, ...(municipality !== undefined && { municipality }) },
    });
    return { authorization: `Bearer ${answer.json<{ token: string }>().token}` };
  };

  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url: `/api/v1${url}`, headers });
  return { app, deps, stores, registry, live, given, jobs, time, put, measure, token, get, keys };
};
export type TestApi = Awaited<ReturnType<typeof createTestApi>>;

export const observationOf = (changes: Partial<Observation> & Pick<Observation, 'datastream'>): Observation => {
  const { phenomenonTime = NOW - MINUTE } = changes;
  return {
    phenomenonTime,
    value: 1,
    flag: changes.value === null ? 9 : 1,
    tests: 0,
    position: 1,
    record: 0,
    receivedAt: phenomenonTime + 1_000,
    storedAt: phenomenonTime + 2_000,
    codec: 'milesight/em400-tld@1',
    deployment: 'd1',
    ...changes,
  };
};

const thing = (id: string, site: string, kind: Thing['kind']) => ({ id, name: `Thing ${id}`, kind, site });

/**
 * A region with an open gauge in Laboe, a delayed meter in Stein, and private containers in Laboe and Stein; one device at
 * the container in Laboe.
 */
export const fillRegion = async (api: TestApi): Promise<void> => {
  const { put, measure } = api;
  put('municipality', { id: 'ploen', name: 'Kreis Plön', key: '01057' });
  put('municipality', { id: 'laboe', name: 'Laboe', key: '01057043', parent: 'ploen' });
  put('municipality', { id: 'stein', name: 'Stein', key: '01057079', parent: 'ploen' });
  put('municipality', { id: 'wendtorf', name: 'Wendtorf', key: '01057088', parent: 'ploen' });
  const point = (longitude: number, latitude: number) => ({ type: 'Point', coordinates: [longitude, latitude] });
  put('site', { id: 'laboe-harbour', name: 'Hafen', municipality: 'laboe', geometry: point(10.22, 54.4) });
  put('site', { id: 'laboe-depot', name: 'Bauhof', municipality: 'laboe', geometry: point(10.23, 54.41) });
  put('site', { id: 'stein-hall', name: 'Halle', municipality: 'stein', geometry: point(10.28, 54.42) });
  put('site', { id: 'wendtorf-quay', name: 'Kai', municipality: 'wendtorf', geometry: point(10.29, 54.42) });
  put('thing', thing('gauge-1', 'laboe-harbour', 'gauge'));
  put('thing', thing('slot-laboe', 'laboe-depot', 'container_slot'));
  put('thing', thing('slot-wendtorf', 'wendtorf-quay', 'container_slot'));
  put('thing', thing('meter-1', 'stein-hall', 'meter'));
  put('thing', { id: `device-${DEV_EUI}`, name: 'Sensor 1', kind: 'device' });
  put('device', { id: DEV_EUI, profile: 'milesight/em400-tld', name: 'Sensor 1' });
  put('deployment', { id: 'd1', device: DEV_EUI, thing: 'slot-laboe', from: '2026-01-01T00:00:00Z' });
  const dataset = (id: string, publisher: string, more: object) => ({
    id,
    title: { de: id, en: id },
    description: { de: id, en: id },
    publisher,
    licence: 'dl-de/by-2-0',
    ...more,
  });
  put(
    'dataset',
    dataset('levels', 'laboe', { visibility: 'open', members: { kinds: ['gauge'], properties: ['water_level'] } }),
  );
  put(
    'dataset',
    dataset('energy', 'stein', { visibility: 'delayed', delayMinutes: 90, members: { kinds: ['meter'] } }),
  );
  put('dataset', dataset('waste', 'laboe', { visibility: 'private', members: { kinds: ['container_slot'] } }));
  await measure('gauge-1', 'water_level', [0.1, 0.2, 0.3]);
  await measure('gauge-1', 'air_temperature', [4, 5, 6]);
  await measure('slot-laboe', 'fill_level', [10, 20, 30]);
  await measure('slot-wendtorf', 'fill_level', [70, 80, 90]);
  await measure('meter-1', 'energy', [1, 2, 3]);
  await measure(`device-${DEV_EUI}`, 'battery_level', [98]);
};

/** Tokens for tests that need no app. */
export const createTestKeeper = (clock: () => number) => {
  const { accounts } = openStores({ file: ':memory:', timeZone: 'Europe/Berlin' });
  return { accounts, keeper: new TokenKeeper({ accounts, clock, local: LOCAL_CREDENTIAL }) };
};
