import { readFile } from 'node:fs/promises';
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { HubError } from '../../model/errors.ts';
import type { Counters, FeedMessage, Lifecycle, PartState, PublicFeed } from '../../model/ports.ts';
import type { EpochMs } from '../../model/time.ts';
import { readCertificates } from './certificates.ts';
import { FeedQueue } from './feed-queue.ts';
import type { PublicFeedConfig } from './transport-config.ts';

export interface FeedPublisherOptions {
  readonly config: PublicFeedConfig & { readonly url: string };
  readonly feed: PublicFeed;
  readonly logger: Logger;
  readonly counters: Counters;
  readonly clock: () => EpochMs;
}

const OWN_PREFIX = 'plietsch/v1';
const CONNECT_TIMEOUT_MS = 10_000;
const KEEPALIVE_S = 30;
/** Messages that the broker has not acknowledged yet. */
const MAX_IN_FLIGHT = 50;
/** How long the broker has for handing over what it holds under our prefix. */
const LISTEN_MS = 5_000;
const STOP_WITHIN_MS = 2_000;

/**
 * Publishes the public feed to another broker, retained. What comes faster than that broker takes it waits by topic, the newest
 * wins. After each connect everything newest is told, and what the broker still holds of topics that are no longer public
 * is taken back.
 */
export class FeedPublisher implements Lifecycle {
  readonly #options: FeedPublisherOptions;
  readonly #queue: FeedQueue;
  #client: MqttClient | undefined;
  #stopListening: (() => void) | undefined;
  /** Topics told on this connection, without the prefix. */
  #told = new Set<string>();
  /** Topics that the broker held at the connect, or that it was told on a connection before. */
  #held = new Set<string>();
  /** The broker sent something of what it holds, or of what we tell it. */
  #mayRead = false;
  #listening: NodeJS.Timeout | undefined;
  #inFlight = 0;
  #state: Omit<PartState, 'part'> = { ready: true, detail: 'not started' };

  constructor(options: FeedPublisherOptions) {
    this.#options = options;
    this.#queue = new FeedQueue(options.feed);
  }

  /** Throws HUB_CONFIG_INVALID where the password or a certificate cannot be used; does not wait for the broker. */
  async start(): Promise<void> {
    const { config, feed } = this.#options;
    const client = connect(config.url, await clientOptionsOf(config));
    this.#client = client;
    client.on('connect', () => this.#begin(client));
    client.on('message', (topic, _payload, packet) => this.#note(topic, packet));
    client.on('error', (error) => this.#away(error.message));
    client.on('close', () => this.#away('no connection to the broker'));
    this.#stopListening = feed.subscribe((messages) => this.#take(messages));
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    clearTimeout(this.#listening);
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    const timer = setTimeout(() => client.end(true), STOP_WITHIN_MS);
    await new Promise<void>((resolve) => client.end(!client.connected, () => resolve()));
    clearTimeout(timer);
  }

  /** A broker of somebody else is no reason for the hub not to be ready. */
  get state(): PartState {
    return { part: 'public-feed', ...this.#state };
  }

  #begin(client: MqttClient): void {
    const { config, counters, logger } = this.#options;
    counters.add('plietsch_transport_connections_total', { transport: 'publicFeed', result: 'connected' });
    logger.info({ part: 'public-feed' }, 'publishing to the MQTT broker');
    this.#setState('publishing');
    // Not every broker lets us read what it holds.
    this.#held = new Set([...this.#held, ...this.#told]);
    this.#told = new Set();
    this.#queue.begin();
    this.#mayRead = false;
    client.subscribe(`${config.prefix}/#`, { qos: 0 }, (error, granted) => {
      if (error || granted?.some(({ qos }) => qos > 2)) this.#cannotRead();
    });
    clearTimeout(this.#listening);
    this.#listening = setTimeout(() => {
      client.unsubscribe(`${config.prefix}/#`);
      this.#listening = undefined;
      // Mosquitto grants what it then says nothing of, not even of what we told it ourselves.
      if (!this.#mayRead && this.#told.size > 0) this.#cannotRead();
      this.#takeBack();
    }, LISTEN_MS);
    this.#listening.unref();
    this.#proceed();
  }

  #cannotRead(): void {
    const { prefix } = this.#options.config;
    this.#setState(`publishing; what the broker holds below ${prefix} could not be compared: no right to read`);
  }

  #away(reason: string): void {
    this.#queue.clear();
    clearTimeout(this.#listening);
    this.#listening = undefined;
    if (this.#state.detail.startsWith('publishing')) {
      this.#options.logger.warn({ part: 'public-feed', reason }, 'no connection to the MQTT broker');
    }
    this.#setState(`not published: ${reason}`);
  }

  #note(topic: string, { retain, payload }: IPublishPacket): void {
    this.#mayRead = true;
    if (retain && payload.length > 0) this.#held.add(OWN_PREFIX + topic.slice(this.#options.config.prefix.length));
  }

  /** Once all was told: topics that the broker holds and that are none of ours any more. */
  #takeBack(): void {
    if (!this.#queue.isCaughtUp || this.#listening || this.#held.size === 0) return;
    this.#queue.takeBack(this.#held.difference(this.#told));
    this.#held.clear();
    this.#proceed();
  }

  #take(messages: readonly FeedMessage[]): void {
    // Without a connection: the next one begins with all that is newest.
    if (!this.#client?.connected) return;
    this.#queue.take(messages);
    this.#proceed();
  }

  #proceed(): void {
    while (this.#client?.connected && this.#inFlight < MAX_IN_FLIGHT) {
      const message = this.#queue.next();
      if (!message) {
        this.#takeBack();
        return;
      }
      const topic = this.#options.config.prefix + message.topic.slice(OWN_PREFIX.length);
      this.#told.add(message.topic);
      this.#publish(topic, { payload: Buffer.from(message.payload), retain: message.isNewest });
    }
  }

  #publish(topic: string, { payload, retain }: { payload: Buffer; retain: boolean }): void {
    this.#inFlight++;
    this.#client?.publish(topic, payload, { qos: 1, retain }, (error) => {
      this.#inFlight--;
      const result = error ? 'failed' : 'published';
      this.#options.counters.add('plietsch_transport_messages_total', { transport: 'publicFeed', result });
      this.#proceed();
    });
  }

  #setState(detail: string): void {
    if (this.#state.detail !== detail) this.#state = { ready: true, detail, since: this.#options.clock() };
  }
}

const clientOptionsOf = async (config: PublicFeedConfig): Promise<IClientOptions> => {
  const { clientId, username, passwordFile, reconnectMs } = config;
  const password = passwordFile === undefined ? undefined : await readPassword(passwordFile);
  return {
    protocolVersion: 4,
    clean: true,
    clientId,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: reconnectMs,
    resubscribe: false,
    queueQoSZero: false,
    log: () => undefined,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(await readCertificates('publicFeed', config)),
  };
};

const readPassword = async (file: string): Promise<string> => {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new HubError('HUB_CONFIG_INVALID', `publicFeed.passwordFile: ${file} cannot be read`, { cause });
  }
};
