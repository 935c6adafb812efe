import type { IClientOptions } from 'mqtt';
import type { Logger } from 'pino';
import type { Counters, Intake, Lifecycle, PartState } from '../../model/ports.ts';
import type { EpochMs } from '../../model/time.ts';
import { readCertificates } from './certificates.ts';
import { SubscriberSession } from './subscriber-session.ts';
import type { SubscriberConfig } from './transport-config.ts';

export interface SubscriberOptions {
  readonly config: SubscriberConfig;
  /** Topic filters of the network, used where the configuration names none. */
  readonly topics: readonly string[];
  readonly intake: Intake;
  readonly logger: Logger;
  readonly counters: Counters;
  readonly clock: () => EpochMs;
  /** 0 to 1, for the jitter of pauses. */
  readonly random: () => number;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that held this long was a good one: the next pause is short again. */
const GOOD_AFTER_MS = 60_000;

/**
 * Takes the messages of a network from an external broker: persistent session, QoS 1, acknowledged once durable. A lost
 * connection is made again after a growing pause, for as long as the hub runs.
 */
export class Subscriber implements Lifecycle {
  readonly #options: SubscriberOptions;
  #session: SubscriberSession | undefined;
  #running: Promise<void> | undefined;
  #stop = Promise.withResolvers<void>();
  #stopped = false;
  #state: Omit<PartState, 'part'> = { ready: false, detail: 'not started' };

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  /** Throws HUB_CONFIG_INVALID where a certificate file cannot be used; does not wait for the broker. */
  async start(): Promise<void> {
    const client = await clientOptionsOf(this.#options.config);
    this.#stopped = false;
    this.#stop = Promise.withResolvers();
    this.#setState(false, 'connecting');
    this.#running = this.#run(client);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#session?.stop();
    this.#stop.resolve();
    await this.#running;
    this.#setState(false, 'stopped');
  }

  /** Hands a downlink to the broker; false while there is no connection. */
  async publish(topic: string, payload: Uint8Array): Promise<boolean> {
    if (!this.#state.ready || !this.#session) return false;
    await this.#session.publish(topic, payload);
    return true;
  }

  get state(): PartState {
    return { part: `subscriber-${this.#options.config.network}`, ...this.#state };
  }

  async #run(client: IClientOptions): Promise<void> {
    const { config, logger, counters, clock } = this.#options;
    const count = (result: string) =>
      counters.add('plietsch_transport_connections_total', { transport: 'subscriber', result });
    for (let failures = 0; !this.#stopped; failures++) {
      const startedAt = clock();
      this.#session = this.#connect(client);
      const reason = await this.#session.ended;
      if (this.#stopped) return;
      if (clock() - startedAt > GOOD_AFTER_MS) failures = 0;
      const pauseMs = this.#pause(failures);
      count('lost');
      this.#setState(false, `${reason.code}: ${reason.message}`);
      logger.warn(
        { network: config.network, code: reason.code, reason: reason.message, pauseMs },
        'no connection to the MQTT broker',
      );
      await this.#rest(pauseMs);
    }
  }

  async #rest(pauseMs: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, pauseMs);
    await Promise.race([this.#stop.promise, over.promise]);
    clearTimeout(timer);
  }

  #connect(client: IClientOptions): SubscriberSession {
    const { config, topics, intake, logger, counters } = this.#options;
    return new SubscriberSession({
      url: config.url,
      client,
      network: config.network,
      topics: config.topics ?? topics,
      qos: config.qos,
      maxInFlight: config.maxInFlight,
      intake,
      onReady: () => {
        counters.add('plietsch_transport_connections_total', { transport: 'subscriber', result: 'subscribed' });
        this.#setState(true, 'subscribed');
        logger.info({ network: config.network }, 'subscribed at the MQTT broker');
      },
      onMessages: (result, messages) =>
        counters.add('plietsch_transport_messages_total', { transport: 'subscriber', result }, messages),
    });
  }

  /** Doubles from the shortest to the longest; a random half keeps many hubs from coming back all at once. */
  #pause(failures: number): number {
    const { reconnectMinMs, reconnectMaxMs } = this.#options.config;
    const full = Math.min(reconnectMaxMs, reconnectMinMs * 2 ** Math.min(failures, 20));
    return Math.round(full * (0.5 + this.#options.random() / 2));
  }

  #setState(ready: boolean, detail: string): void {
    this.#state = { ready, detail, since: this.#options.clock() };
  }
}

const clientOptionsOf = async (config: SubscriberConfig): Promise<IClientOptions> => {
  const { clientId, username, password, keepaliveS } = config;
  const certificates = await readCertificates(`subscribers, ${config.network}`, config);
  return {
    // A persistent session in MQTT 3.1.1 has no expiry: the broker keeps what comes while the hub is away.
    protocolVersion: 4,
    clean: false,
    clientId,
    keepalive: keepaliveS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...certificates,
  };
};
