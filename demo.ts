import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { threadEnvironment } from './compile-cache.ts';
import type { Config } from './config.ts';
import type { Commands } from './model/ports.ts';
import { DAY, type EpochMs } from './model/time.ts';
import { demoRegion } from './simulator/demo-region.ts';
import type { SimulatorWorkerData, SimulatorWorkerMessage } from './simulator/worker.ts';

const SEED = 1;
const HISTORY = 14 * DAY;

type Network = Config['networks'][number];

/** The demo region's two network servers, with passwords that live as long as the process. */
export const demoNetworks = (): Network[] =>
  (
    [
      ['demo-chirpstack', 'chirpstack-v4'],
      ['demo-tts', 'the-things-stack-v3'],
    ] as const
  ).map(([id, kind]) => ({ id, kind, mqtt: { user: id, password: randomBytes(24).toString('base64url') } }));

export interface DemoOptions {
  readonly mqttPort: number;
  readonly networks: readonly Network[];
  readonly commands: Commands;
  /** Where it is remembered how far the simulation has come. */
  readonly file: string;
  readonly logger: Logger;
  readonly clock: () => EpochMs;
}

/** The simulated region: its entries in the registry, its history and its live uplinks from a thread of its own. */
export class Demo {
  readonly #options: DemoOptions;
  #worker: Worker | undefined;
  #phase: SimulatorWorkerMessage['phase'] | undefined;

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { commands, networks, mqttPort, clock } = this.#options;
    const entities = demoRegion({ seed: SEED });
    await commands.applyEntities(entities, { dryRun: false });
    const now = clock();
    const credentials = Object.fromEntries(
      networks.flatMap(({ id, mqtt }) => (mqtt ? [[id, { username: mqtt.user, password: mqtt.password }]] : [])),
    ) as unknown as SimulatorWorkerData['credentials'];
    const workerData: SimulatorWorkerData = {
      url: `mqtt://127.0.0.1:${mqttPort}`,
      credentials,
      seed: SEED,
      // After a long rest only the days that a demo shows are made up for.
      from: Math.max(now - HISTORY, (this.#progress() ?? 0) + 1),
      historyUntil: now,
    };
    this.#worker = new Worker(new URL('./simulator/worker.ts', import.meta.url), {
      name: 'plietsch-simulator',
      workerData,
      env: threadEnvironment,
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.on('message', (message: SimulatorWorkerMessage) => this.#report(message));
    this.#worker.on('error', (error) => this.#options.logger.error({ err: error }, 'the simulator ended'));
  }

  async stop(): Promise<void> {
    if (!this.#worker || this.#worker.threadId === -1) return;
    const exited = once(this.#worker, 'exit');
    this.#worker.postMessage('stop');
    const timer = setTimeout(() => void this.#worker?.terminate(), 3_000);
    await exited;
    clearTimeout(timer);
  }

  #report(message: SimulatorWorkerMessage): void {
    const { logger, file } = this.#options;
    const { phase } = message;
    if (phase !== this.#phase) logger.info({ ...message }, `simulated region: ${phase}`);
    this.#phase = phase;
    if (!('at' in message)) return;
    try {
      writeFileSync(`${file}.partial`, JSON.stringify({ seed: SEED, at: message.at }));
      renameSync(`${file}.partial`, file);
    } catch (error) {
      // A full disk costs the demo its place, not the hub its life: what was simulated is simulated again and is a duplicate.
      logger.warn({ err: error }, 'how far the simulation has come was not written down');
    }
  }

  #progress(): EpochMs | undefined {
    try {
      const { seed, at } = JSON.parse(readFileSync(this.#options.file, 'utf8')) as { seed: number; at: EpochMs };
      return seed === SEED ? at : undefined;
    } catch {
      return undefined;
    }
  }
}
