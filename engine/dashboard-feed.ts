import type { Registry } from 'prom-client';
import type { PartState } from '../model/ports.ts';
import { type EpochMs, HOUR, SECOND } from '../model/time.ts';
import { InfluxConnection } from '../store/influxdb/connection.ts';
import type { InfluxSettings } from '../store/influxdb/influx-settings.ts';
import { InfluxMirror, type Sample } from '../store/influxdb/mirror.ts';
import type { RegistryIndex } from '../store/registry-index.ts';

const EVERY_MS = 15 * SECOND;

interface FeedDeps {
  readonly influxdb: InfluxSettings;
  readonly registry: RegistryIndex;
  readonly metrics: Registry;
  readonly clock: () => EpochMs;
}

/**
 * Writes what dashboards show beside observations into InfluxDB: the hub's own metrics, names and places of things,
 * deployments. What could not be written is written the next time; nothing is queued.
 */
export class DashboardFeed {
  readonly #deps: FeedDeps;
  readonly #connection: InfluxConnection;
  readonly #mirror: InfluxMirror;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #namesOf: { readonly version: number; readonly hour: number } | undefined;
  #deploymentsOf: number | undefined;
  #state: PartState = { part: 'dashboards', ready: true, detail: 'Nothing was written yet' };

  constructor(deps: FeedDeps) {
    this.#deps = deps;
    this.#connection = new InfluxConnection(deps.influxdb);
    this.#mirror = new InfluxMirror(this.#connection);
  }

  /** Dashboards may lag behind; that is no reason for the hub not to be ready. */
  get state(): PartState {
    return this.#state;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#step(), EVERY_MS);
    this.#timer.unref();
    void this.#step();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#connection.close();
  }

  async #step(): Promise<void> {
    // A slow server is not to be asked twice at once.
    if (this.#running) return;
    this.#running = true;
    try {
      await this.#write(this.#deps.clock());
      this.#state = { part: 'dashboards', ready: true, detail: 'Metrics and names are written for the dashboards' };
    } catch (thrown) {
      this.#state = { part: 'dashboards', ready: true, detail: `Not written: ${(thrown as Error).message}` };
    } finally {
      this.#running = false;
    }
  }

  async #write(now: EpochMs): Promise<void> {
    const { registry, metrics } = this.#deps;
    const { version } = registry;
    const hour = Math.floor(now / HOUR);
    if (this.#namesOf?.version !== version || this.#namesOf.hour !== hour) {
      await this.#mirror.things(registry, now);
      this.#namesOf = { version, hour };
    }
    if (this.#deploymentsOf !== version) {
      await this.#mirror.deployments(registry);
      this.#deploymentsOf = version;
    }
    await this.#mirror.metrics(await samplesOf(metrics), now);
  }
}

/** Every sample as the metrics endpoint shows it. */
const samplesOf = async (metrics: Registry): Promise<Sample[]> => {
  const families = await metrics.getMetricsAsJSON();
  return families.flatMap(({ name, values }) =>
    values.map(({ value, labels, ...rest }): Sample => {
      const { metricName } = rest as { metricName?: string };
      const texts = Object.entries(labels).map(([label, text]) => [label, String(text)]);
      return { metric: metricName ?? name, labels: Object.fromEntries(texts) as Record<string, string>, value };
    }),
  );
};
