import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadEnvironment } from '../compile-cache.ts';
import type { DeviceProfile } from '../devices/catalogue.ts';
import { SENSOR_THINGS, writingOf } from '../ingest/networks/sensor-things.ts';
import { HubError } from '../model/errors.ts';
import type { Observation } from '../model/observation.ts';
import type { Codecs, Commands, Intake, Receipt, SensorThings } from '../model/ports.ts';
import type { EpochMs } from '../model/time.ts';
import type { AccountStore } from '../store/accounts.ts';
import type { DetailReader } from '../store/details.ts';
import type { EventReader } from '../store/events.ts';
import type { JournalReader } from '../store/journal.ts';
import type { ObservationReader, RangeQuery } from '../store/observations.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { IntakeQueue } from './intake-queue.ts';
import { type PackedRows, type packBuckets, unpackBuckets, unpackRows } from './packing.ts';
import type { EngineSettings, FromEngine, StatsMessage } from './protocol.ts';
import { type ResultMessage, RpcClient } from './rpc.ts';
import { Writings } from './writings.ts';

/** Rows that one call to the reader thread brings. */
const RANGE_CHUNK = 2_000;

export interface EngineOptions {
  readonly settings: EngineSettings;
  readonly maxWaiting: number;
  readonly clock: () => EpochMs;
  /** Packed observations as they are committed, see engine/packing.ts. */
  readonly onStored: (rows: Float64Array) => void;
  readonly onStats: (stats: StatsMessage) => void;
  /** Profiles of foreign codecs: all of them at the start, later those that are new or changed. */
  readonly onProfiles?: (profiles: readonly DeviceProfile[]) => void;
  /** A thread died: the hub cannot go on. */
  readonly onFailure: (error: Error) => void;
}

/** The two threads that own the embedded stores, as the HTTP and MQTT thread sees them. */
export class Engine {
  readonly registry = new RegistryIndex();
  readonly #options: EngineOptions;
  readonly #writings = new Writings();
  #writer: Worker | undefined;
  #reader: Worker | undefined;
  #writes: RpcClient | undefined;
  #reads: RpcClient | undefined;
  #queue: IntakeQueue | undefined;
  #stopping = false;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { maxWaiting, clock } = this.#options;
    const writer = this.#spawn('writer');
    const started = Promise.withResolvers<void>();
    writer.on('message', (message: FromEngine) => {
      if (message.type === 'started') {
        this.registry.apply(message.changes);
        started.resolve();
      } else this.#fromWriter(message);
    });
    writer.once('error', started.reject);
    this.#writes = new RpcClient(writer);
    this.#queue = new IntakeQueue({
      post: (message, transfer) => writer.postMessage(message, [...transfer]),
      maxWaiting,
      clock,
    });
    this.#writer = writer;
    await started.promise;
    // The reader opens what the writer has created and migrated.
    const reader = this.#spawn('reader');
    this.#reads = new RpcClient(reader);
    reader.on('message', (message: ResultMessage) => this.#reads?.settle(message));
    this.#reader = reader;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const worker of [this.#writer, this.#reader]) {
      // A thread that died by itself has no id any more, and nothing to wait for.
      if (!worker || worker.threadId === -1) continue;
      const exited = once(worker, 'exit');
      worker.postMessage({ type: 'stop' });
      await exited;
    }
    const gone = new HubError('HUB_UNAVAILABLE', 'The hub is stopping');
    this.#writes?.abandon(gone);
    this.#reads?.abandon(gone);
    this.#queue?.abandon(gone);
  }

  get intake(): Intake {
    const queue = this.#running(this.#queue);
    return {
      receive: (network, topic, body): Promise<Receipt> => queue.receive(network, topic, body),
      get waiting() {
        return queue.waiting;
      },
      limit: this.#options.maxWaiting,
    };
  }

  get observations(): ObservationReader {
    const call = <T>(method: string, ...args: readonly unknown[]) =>
      this.#running(this.#reads).call<T>(method, ...args);
    return {
      range: (query) => rangeOver(query, async (part) => unpackRows(await call<PackedRows>('range', part))),
      block: (query) => call('block', query),
      aggregate: async (query) => unpackBuckets(await call<ReturnType<typeof packBuckets>>('aggregate', query)),
      // A list of ten thousand numbers is cloned number by number, a block of them at once.
      latest: async (datastreams) =>
        unpackRows(await call<PackedRows>('latest', datastreams && Float64Array.from(datastreams))),
      at: (datastream, time) => call('at', datastream, time),
      count: (query) => call('count', query),
      ofPositions: (positions) => call('ofPositions', positions),
    };
  }

  get events(): EventReader {
    return { list: (query) => this.#running(this.#reads).call('events', query) };
  }

  get details(): DetailReader {
    return { list: (query) => this.#running(this.#reads).call('details', query) };
  }

  get sensorThings(): SensorThings {
    return {
      create: (entities) => this.write('createStaEntities', entities),
      replace: (entities) => this.write('replaceStaEntities', entities),
      remove: (entities) => this.write('removeStaEntities', entities),
      observe: async (changes, by) => {
        const receipt = await this.intake.receive(SENSOR_THINGS, undefined, writingOf(randomUUID(), by, changes));
        await this.#writings.stored(receipt);
      },
    };
  }

  get journal(): JournalReader {
    const call = <T>(method: string, ...args: readonly unknown[]) =>
      this.#running(this.#reads).call<T>(method, ...args);
    return {
      entry: (position) => call('entry', position),
      read: (after, limit, devEui) => call('read', after, limit, devEui),
      head: () => call('head'),
      books: (query) => call('books', query),
      deadLetters: (query) => call('deadLetters', query),
      unknownDevices: (query) => call('unknownDevices', query),
      outcome: (position) => call('outcome', position),
      receptions: (position) => call('receptions', position),
    };
  }

  get accounts(): AccountStore {
    return {
      tokens: () => this.write('tokens'),
      putToken: (token) => this.write('putToken', token),
      removeToken: (id) => this.write('removeToken', id),
    };
  }

  get commands(): Commands {
    return {
      applyEntities: (entities, options) => this.write('applyEntities', entities, options),
      adopt: (devEui, request) => this.write('adopt', devEui, request),
      retryDeadLetter: (position) => this.write('retryDeadLetter', position),
      replay: (request) => this.write('replay', request),
      job: (id) => this.write('job', id),
      jobs: () => this.write('jobs'),
      cancelJob: (id) => this.write('cancelJob', id),
      backup: (file) => this.write('backup', file),
    };
  }

  get codecs(): Codecs {
    return {
      put: (upload, options) => this.write('putCodec', upload, options),
      versions: (profile) => this.write('codecVersions', profile),
      version: (profile, version) => this.write('codecVersion', profile, version),
      activate: (profile, version, options) => this.write('activateCodec', profile, version, options),
    };
  }

  write<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    return this.#running(this.#writes).call<T>(method, ...args);
  }

  #fromWriter(message: Exclude<FromEngine, { type: 'started' }>): void {
    switch (message.type) {
      case 'receipts':
        this.#queue?.settle(message);
        break;
      case 'result':
        this.#writes?.settle(message);
        break;
      case 'stored':
        this.#options.onStored(message.rows);
        break;
      case 'written':
        this.#writings.settle(message);
        break;
      case 'registry':
        this.registry.apply(message.changes);
        break;
      case 'profiles':
        this.#options.onProfiles?.(message.profiles);
        break;
      case 'stats':
        this.#options.onStats(message);
        break;
    }
  }

  #spawn(name: 'writer' | 'reader'): Worker {
    const worker = new Worker(new URL(`./${name}.ts`, import.meta.url), {
      name: `plietsch-${name}`,
      workerData: this.#options.settings,
      env: threadEnvironment,
      // V8 sizes a heap by the machine's memory; a hub shall stay small on a large one too.
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 },
    });
    worker.on('error', (error) => this.#options.onFailure(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', (code) => {
      if (!this.#stopping) this.#options.onFailure(new Error(`The ${name} thread ended with ${code}`));
    });
    return worker;
  }

  #running<T>(part: T | undefined): T {
    if (!part) throw new HubError('HUB_UNAVAILABLE', 'The hub is not running');
    return part;
  }
}

/** A range in calls of bounded size, each going on behind the last value of the one before. */
async function* rangeOver(
  query: RangeQuery,
  fetch: (part: RangeQuery) => Promise<Observation[]>,
): AsyncGenerator<Observation> {
  let left = query.limit ?? Number.POSITIVE_INFINITY;
  for (const datastream of query.datastreams) {
    let { from, to } = query;
    while (left > 0 && from < to) {
      const limit = Math.min(left, RANGE_CHUNK);
      const rows = await fetch({ ...query, datastreams: [datastream], from, to, limit });
      yield* rows;
      left -= rows.length;
      const last = rows.at(-1);
      if (!last || rows.length < limit) break;
      if (query.order === 'descending') to = last.phenomenonTime;
      else from = last.phenomenonTime + 1;
    }
  }
}
