import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import { createAccess } from './api/access.ts';
import { buildApp } from './api/app.ts';
import { everybody } from './api/auth/principal.ts';
import { LivePublicFeed } from './api/live/public-feed.ts';
import type { Config } from './config.ts';
import { Demo, demoNetworks } from './demo.ts';
import { MemoryLiveLog } from './derive/live-log.ts';
import { type Catalogue, loadCatalogue } from './devices/catalogue.ts';
import { CatalogueIndex } from './devices/catalogue-index.ts';
import { profileOnly } from './devices/foreign.ts';
import { Engine } from './engine/client.ts';
import { DashboardFeed } from './engine/dashboard-feed.ts';
import { lockDataFolder } from './engine/data-lock.ts';
import { DiskWatch } from './engine/disk.ts';
import { DownlinkSender } from './engine/downlink-sender.ts';
import { unpackStored } from './engine/packing.ts';
import { STORED_COLUMNS, type StatsMessage } from './engine/protocol.ts';
import { type HubCall, type RunFile, removeRunFile, writeRunFile } from './engine/run-file.ts';
import { createTrace } from './engine/trace.ts';
import { adaptersOf } from './ingest/networks/adapters.ts';
import { createTransports, type Transports } from './ingest/transports/transports.ts';
import { createMetrics } from './metrics.ts';
import { asHubError, HubError } from './model/errors.ts';
import type { PartState } from './model/ports.ts';
import { hideTokens } from './model/secrets.ts';
import packageJson from './package.json' with { type: 'json' };
import { DATABASE_FILE } from './store/embedded/database.ts';
import { influxSettings } from './store/influxdb/influx-config.ts';
import type { InfluxSettings } from './store/influxdb/influx-settings.ts';

/** Events that a live subscriber may have missed and still gets. */
const LIVE_EVENTS = 20_000;
const DISK_EVERY_MS = 30_000;
/** After a start, downlinks that were written down and not sent wait this long for the network servers to connect. */
const RESUME_DOWNLINKS_MS = 20_000;

export interface Hub {
  /** Opens the stores and builds everything, but listens to nobody: for commands without a running hub. */
  open(): Promise<void>;
  /** Opens, listens and takes in uplinks. */
  start(): Promise<RunFile>;
  stop(): Promise<void>;
  /** Calls the API in process with the local credential. */
  readonly call: HubCall;
}

export interface HubOptions {
  /** The hub cannot go on; the process is to end. */
  readonly onFailure?: (error: Error) => void;
  /** Anything below FULL breaks the promise of the acknowledgement: only for the test that proves that promise. */
  readonly synchronous?: 'FULL' | 'NORMAL' | 'OFF';
}

/** Builds the hub from its configuration: config → stores → registry → ingest → use cases → api. */
export const createHub = (config: Config, options: HubOptions = {}): Hub => new RunningHub(config, options);

class RunningHub implements Hub {
  readonly #config: Config;
  readonly #networks: Config['networks'];
  readonly #logger: Logger;
  readonly #credential = randomBytes(32).toString('base64url');
  readonly #metrics = createMetrics(packageJson.version);
  readonly #live = new MemoryLiveLog({ epoch: Date.now().toString(36), capacity: LIVE_EVENTS });
  readonly #engine: Engine;
  readonly #downlinks: DownlinkSender;
  readonly #disk: DiskWatch;
  readonly #influxdb: InfluxSettings | undefined;
  readonly #onFailure: (error: Error) => void;
  #unlock: (() => void) | undefined;
  #app: FastifyInstance | undefined;
  #catalogue: CatalogueIndex | undefined;
  #transports: Transports | undefined;
  #demo: Demo | undefined;
  #feed: DashboardFeed | undefined;
  #publicFeed: LivePublicFeed | undefined;
  #stats: StatsMessage | undefined;
  #diskTimer: NodeJS.Timeout | undefined;
  #resumeTimer: NodeJS.Timeout | undefined;
  #diskState: PartState | undefined;

  constructor(config: Config, { onFailure = () => undefined, synchronous = 'FULL' }: HubOptions) {
    this.#config = config;
    this.#networks = config.demo ? [...config.networks, ...demoNetworks()] : config.networks;
    this.#logger = pino({
      level: config.log.level,
      base: null,
      redact: ['*.password', '*.token', '*.credential', 'req.headers.authorization'],
      // Whatever path it took into a message, an address or a stack.
      hooks: { streamWrite: hideTokens },
    });
    this.#onFailure = onFailure;
    const { store, influxdb } = config.observations;
    this.#influxdb = store === 'influxdb' ? influxSettings(influxdb) : undefined;
    const file = join(config.data, DATABASE_FILE);
    this.#disk = new DiskWatch(file, Date.now);
    this.#engine = new Engine({
      settings: {
        file,
        timeZone: config.timeZone,
        synchronous,
        networks: this.#networks.map(({ id, kind, generic }) => ({ id, kind, generic })),
        maxBodyBytes: config.ingest.maxBodyBytes,
        journalKeepDays: config.journal.keepDays,
        observationsKeepDays: config.observations.keepDays,
        influxdb: this.#influxdb,
      },
      maxWaiting: config.ingest.maxWaiting,
      clock: Date.now,
      onStored: (rows) =>
        this.#live.append({ length: rows.length / STORED_COLUMNS, at: (index) => unpackStored(rows, index) }),
      onProfiles: (profiles) => {
        for (const profile of profiles) this.#catalogue?.put(profileOnly(profile));
      },
      onStats: (stats) => {
        this.#stats = stats;
        this.#metrics.update(stats);
        this.#metrics.setWaiting(this.#engine.intake.waiting);
        this.#metrics.setStates(this.#states());
      },
      onFailure: (error) => {
        this.#logger.fatal({ err: error }, 'a thread of the hub ended');
        this.#onFailure(error);
      },
    });
    this.#downlinks = new DownlinkSender({
      write: (method, ...args) => this.#engine.write(method, ...args),
      publish: async (network, topic, body) => (await this.#transports?.publish(network, topic, body)) ?? 0,
    });
  }

  /** Network servers connect after a restart in their own time. */
  #resumeDownlinks(): void {
    this.#resumeTimer = setTimeout(() => {
      this.#downlinks.resume().catch((err: unknown) => this.#logger.warn({ err }, 'waiting downlinks were not sent'));
    }, RESUME_DOWNLINKS_MS);
    this.#resumeTimer.unref();
  }

  async open(): Promise<void> {
    const { data, demo } = this.#config;
    mkdirSync(data, { recursive: true, mode: 0o700 });
    this.#unlock = lockDataFolder(data);
    this.#catalogue = new CatalogueIndex(await loadCatalogue());
    await this.#engine.start();
    if (demo && (await this.#engine.write<number>('deviceCount')) > 0) {
      throw new HubError(
        'HUB_DEMO_REFUSED',
        `${data} holds real devices: start without the demo (PLIETSCH_DEMO=off), or name another folder by PLIETSCH_DATA`,
      );
    }
    this.#measureDisk();
    this.#app = await this.#buildApp(this.#catalogue);
  }

  async start(): Promise<RunFile> {
    await this.open();
    const { http, data, demo } = this.#config;
    const app = this.#running(this.#app);
    this.#publicFeed = this.#createPublicFeed(this.#running(this.#catalogue));
    await this.#publicFeed?.start();
    this.#transports = createTransports({
      config: this.#config,
      networks: this.#networks,
      intake: this.#engine.intake,
      logger: this.#logger,
      counters: this.#metrics.counters,
      ...(this.#publicFeed && { feed: this.#publicFeed }),
    });
    await this.#transports.attach(app);
    await app.listen({ host: http.host, port: http.port });
    await this.#transports.start();
    const { port } = app.server.address() as AddressInfo;
    const host = http.host.includes(':') ? `[${http.host}]` : http.host;
    const run: RunFile = {
      pid: process.pid,
      httpUrl: `http://${http.host === '0.0.0.0' || http.host === '::' ? '127.0.0.1' : host}:${port}`,
      httpPort: port,
      mqttPort: this.#transports.mqttPort ?? null,
      credential: this.#credential,
    };
    writeRunFile(data, run);
    this.#diskTimer = setInterval(() => this.#measureDisk(), DISK_EVERY_MS);
    this.#diskTimer.unref();
    this.#logger.info({ httpUrl: run.httpUrl, mqttPort: run.mqttPort, data }, 'the hub is running');
    this.#resumeDownlinks();
    this.#startFeed();
    if (demo) await this.#startDemo(run);
    return run;
  }

  /** Only where somebody may read it. */
  #createPublicFeed(catalogue: Catalogue): LivePublicFeed | undefined {
    const { mqtt, publicFeed } = this.#config;
    if (!(mqtt.enabled && mqtt.publicReaders) && publicFeed.url === undefined) return undefined;
    const { registry, observations, details, events, journal } = this.#engine;
    const stores = { registry, observations, details, events, journal };
    // The public follows no uplinks.
    const access = createAccess({ ...stores, catalogue, trace: async () => undefined, clock: Date.now });
    return new LivePublicFeed({
      reader: access(everybody),
      live: this.#live,
      version: () => registry.version,
      onTrouble: (err) => this.#logger.warn({ err }, 'the public MQTT topics could not be brought up to date'),
    });
  }

  #startFeed(): void {
    if (!this.#influxdb) return;
    const { registry } = this.#engine;
    const metrics = this.#metrics.registry;
    this.#feed = new DashboardFeed({ influxdb: this.#influxdb, registry, metrics, clock: Date.now });
    this.#feed.start();
  }

  async stop(): Promise<void> {
    this.#feed?.stop();
    clearInterval(this.#diskTimer);
    clearTimeout(this.#resumeTimer);
    // Each part is stopped whatever became of the one before; then the first that failed is told.
    const failures: unknown[] = [];
    for (const part of [
      () => this.#demo?.stop(),
      () => this.#transports?.stop(),
      () => this.#publicFeed?.stop(),
      () => this.#app?.close(),
      () => this.#engine.stop(),
    ]) {
      await Promise.try(part).catch((thrown: unknown) => failures.push(thrown));
    }
    // Without the lock the folder, and the file in it, are another hub's.
    if (this.#unlock) {
      removeRunFile(this.#config.data);
      this.#unlock();
    }
    if (failures.length > 0) throw failures[0];
  }

  readonly call: HubCall = async (method, path, body) => {
    const response = await this.#running(this.#app).inject({
      method: method as 'GET',
      url: path,
      headers: { authorization: `Bearer ${this.#credential}` },
      ...(body !== undefined && { payload: body as object }),
    });
    return { status: response.statusCode, body: response.body === '' ? undefined : response.json() };
  };

  async #buildApp(catalogue: Catalogue): Promise<FastifyInstance> {
    const { api, timeZone, demo } = this.#config;
    const { journal, observations, details, events, registry, accounts, commands, codecs, sensorThings } = this.#engine;
    const consoleDir = fileURLToPath(new URL('./console/dist', import.meta.url));
    return buildApp({
      registry,
      observations,
      events,
      details,
      journal,
      accounts,
      commands,
      downlinks: this.#downlinks,
      codecs,
      sensorThings,
      live: this.#live,
      states: () => this.#states(),
      networks: this.#networks.map((network) => ({
        id: network.id,
        kind: network.kind,
        transports: [
          ...(network.mqtt ? ['mqtt'] : []),
          ...(network.webhookToken === undefined ? [] : ['webhook']),
          ...(this.#config.subscribers.some((subscriber) => subscriber.network === network.id) ? ['subscriber'] : []),
        ],
      })),
      metrics: this.#metrics.registry,
      trace: createTrace({
        journal,
        observations,
        registry,
        catalogue,
        adapters: adaptersOf(this.#networks),
        decodeForeign: (profile, input) => this.#engine.write('decodeForeign', profile, input),
      }),
      catalogue,
      config: { ...api, timeZone, version: packageJson.version, demo },
      localCredential: this.#credential,
      logger: this.#logger,
      clock: Date.now,
      dumps: { folder: join(this.#config.data, 'dumps'), config: this.#config.dumps },
      consoleDir: existsSync(consoleDir) ? consoleDir : undefined,
    });
  }

  #states(): PartState[] {
    return [
      ...(this.#stats?.states ?? []),
      ...(this.#diskState ? [this.#diskState] : []),
      ...(this.#feed ? [this.#feed.state] : []),
      ...(this.#transports?.states() ?? []),
    ];
  }

  #measureDisk(): void {
    try {
      const forecast = this.#disk.measure();
      this.#metrics.setDisk(forecast);
      const { freeBytes, daysUntilFull } = forecast;
      const free = `${(freeBytes / 2 ** 30).toFixed(1)} GiB free`;
      const detail =
        daysUntilFull === undefined ? free : `${free}, full in ${daysUntilFull.toFixed(1)} days at the present growth`;
      this.#diskState = { part: 'disk', ready: true, detail };
    } catch (thrown) {
      // A folder that went away is for people to see; it must not end the hub from a timer.
      this.#diskState = { part: 'disk', ready: false, detail: `It cannot be measured: ${asHubError(thrown).message}` };
    }
  }

  async #startDemo(run: RunFile): Promise<void> {
    if (run.mqttPort === null)
      throw new HubError('HUB_CONFIG_INVALID', 'The demo region needs the embedded broker: PLIETSCH_MQTT_ENABLED=on');
    this.#demo = new Demo({
      mqttPort: run.mqttPort,
      networks: this.#networks,
      commands: this.#engine.commands,
      file: join(this.#config.data, 'demo.json'),
      logger: this.#logger,
      clock: Date.now,
    });
    await this.#demo.start();
  }

  #running<T>(part: T | undefined): T {
    if (!part) throw new HubError('HUB_UNAVAILABLE', 'The hub is not open');
    return part;
  }
}
