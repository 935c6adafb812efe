import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Cron } from 'croner';
import type { Logger } from 'pino';
import { asHubError } from '../../model/errors.ts';
import { DAY, type EpochMs, MINUTE } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import type { DumpFile } from '../catalogue/distribution.ts';
import type { DumpConfig } from './dump-config.ts';
import { type DumpReport, type DumpRequest, makeDumps } from './dump-maker.ts';
import { DumpShelf } from './dump-shelf.ts';

/** After a start the hub has more urgent things to do than a run that was missed. */
const CATCH_UP_MS = MINUTE;
const LAST_RUN = 'last-run';

export interface KeeperOptions {
  readonly folder: string;
  readonly config: DumpConfig;
  readonly timeZone: string;
  /** What the public sees. */
  readonly reader: Reader;
  readonly clock: () => EpochMs;
  readonly logger: Logger;
}

/** Makes the monthly files once a day and when it is asked to, one run after the other. */
export class DumpKeeper {
  readonly shelf: DumpShelf;
  readonly #options: KeeperOptions;
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #schedule: Cron | undefined;
  #catchUp: NodeJS.Timeout | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.shelf = new DumpShelf(options);
  }

  /** Begins the daily runs; the last one is caught up with where the hub was not running then. */
  async start(): Promise<void> {
    const { config, timeZone, clock } = this.#options;
    if (!config.enabled) return;
    const [hour, minute] = config.at.split(':').map(Number);
    this.#schedule = new Cron(
      `${minute} ${hour} * * *`,
      { timezone: timeZone, unref: true },
      () => void this.#runDaily(),
    );
    const now = clock();
    const due = this.#schedule.nextRun(new Date(now - DAY))?.getTime() ?? now;
    if (due > now || (await this.#lastRun()) >= due || this.#stopping.signal.aborted) return;
    this.#catchUp = setTimeout(() => void this.#runDaily(), CATCH_UP_MS);
    this.#catchUp.unref();
  }

  /** Ends a run that is under way; what it has finished stays. */
  async stop(): Promise<void> {
    this.#schedule?.stop();
    clearTimeout(this.#catchUp);
    this.#stopping.abort();
    await this.#running;
  }

  /** Makes files now, after the runs that were asked for before. */
  make(request: DumpRequest): Promise<DumpReport[]> {
    const { reader, timeZone, clock, config } = this.#options;
    const deps = { reader, shelf: this.shelf, timeZone, clock, keepMonths: config.keepMonths };
    const run = this.#running.then(() => Array.fromAsync(makeDumps(deps, request, this.#stopping.signal)));
    this.#running = run.catch(() => undefined);
    return run;
  }

  /** Files of a dataset that may be given out, as the catalogue lists them. */
  async files(dataset: string): Promise<DumpFile[]> {
    const manifests = await this.shelf.manifests(dataset);
    return manifests.flatMap(({ month, createdAt, files }) =>
      files.map(({ name, format, bytes, sha256 }) => ({
        path: `/dumps/${dataset}/${name}`,
        month,
        format,
        bytes,
        sha256,
        createdAt: Date.parse(createdAt),
      })),
    );
  }

  async #runDaily(): Promise<void> {
    const { logger, clock } = this.#options;
    const begin = clock();
    try {
      const reports = await this.make({});
      const made = reports.filter(({ action }) => action === 'made').length;
      await writeFile(this.#lastRunFile(), String(begin), { mode: 0o600 });
      logger.info({ made, months: reports.length, ms: clock() - begin }, 'files of open data are up to date');
    } catch (thrown) {
      // What stood before stands still; the next run tries again.
      if (!this.#stopping.signal.aborted) logger.warn({ err: asHubError(thrown) }, 'files of open data were not made');
    }
  }

  #lastRunFile(): string {
    return join(this.#options.folder, LAST_RUN);
  }

  async #lastRun(): Promise<EpochMs> {
    try {
      return Number(await readFile(this.#lastRunFile(), 'utf8')) || 0;
    } catch {
      return 0;
    }
  }
}
