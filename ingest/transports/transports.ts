import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Counters, Intake, Lifecycle, PartState, PublicFeed } from '../../model/ports.ts';
import { adapterOf } from '../networks/adapters.ts';
import type { NetworkConfig } from '../networks/network-config.ts';
import { createAccess } from './broker-access.ts';
import { type Credentials, createCredentials } from './credentials.ts';
import { EmbeddedBroker } from './embedded-broker.ts';
import { FeedPublisher } from './feed-publisher.ts';
import { Subscriber } from './subscriber.ts';
import type { BrokerConfig, PublicFeedConfig, SubscriberConfig, WebhookConfig } from './transport-config.ts';
import { webhook } from './webhook.ts';

export interface TransportsOptions {
  readonly config: {
    readonly mqtt: BrokerConfig;
    readonly subscribers: readonly SubscriberConfig[];
    readonly webhook: WebhookConfig;
    readonly publicFeed?: PublicFeedConfig;
  };
  /** What everybody may read by MQTT. */
  readonly feed?: PublicFeed;
  readonly networks: readonly NetworkConfig[];
  readonly intake: Intake;
  readonly logger: Logger;
  readonly counters: Counters;
}

/** Every way by which messages reach the hub, as configured. */
export interface Transports extends Lifecycle {
  /** Adds webhooks and MQTT over WebSocket to the HTTP server; before it listens. */
  attach(app: FastifyInstance): Promise<void>;
  /** Port of the embedded broker; undefined if it is switched off. */
  readonly mqttPort: number | undefined;
  states(): PartState[];
  /** Hands a downlink to a network: to its clients at the embedded broker and to its own broker; answers how many took it. */
  publish(network: string, topic: string, payload: Uint8Array): Promise<number>;
}

export const WEB_SOCKET_PATH = '/mqtt';

export const createTransports = (options: TransportsOptions): Transports => {
  const { config, networks } = options;
  const credentials = createCredentials(networks);
  const broker = config.mqtt.enabled ? createBroker(options, credentials) : undefined;
  const subscribers = config.subscribers.map((subscriber) => createSubscriber(options, subscriber));
  const publisher = createPublisher(options);
  const clients = [...subscribers, ...(publisher ? [publisher] : [])];
  return {
    attach: async (app) => {
      if (config.webhook.enabled)
        await app.register(webhook, { prefix: '/ingest', ...webhookOptions(options, credentials) });
      if (broker && config.mqtt.webSocket) attachWebSocket(app, broker);
    },
    start: async () => {
      await broker?.start();
      await Promise.all(clients.map((client) => client.start()));
    },
    stop: async () => {
      await Promise.all([...clients, ...(broker ? [broker] : [])].map((part) => part.stop()));
    },
    get mqttPort() {
      return broker?.port;
    },
    states: () => [...(broker ? [broker] : []), ...clients].map(({ state }) => state),
    publish: async (network, topic, payload) => {
      const own = subscribers.filter((_, i) => config.subscribers[i]?.network === network);
      const taken = await Promise.all(own.map((subscriber) => subscriber.publish(topic, payload)));
      return ((await broker?.publish(network, topic, payload)) ?? 0) + taken.filter(Boolean).length;
    },
  };
};

const createBroker = (
  { config, networks, feed, ...rest }: TransportsOptions,
  { verifyMqtt }: Credentials,
): EmbeddedBroker => {
  const access = new Map(
    networks.flatMap((network) => {
      const adapter = adapterOf(network);
      return adapter ? [[network.id, createAccess(network.id, adapter, network.topics)] as const] : [];
    }),
  );
  return new EmbeddedBroker({
    ...rest,
    config: config.mqtt,
    access,
    verify: verifyMqtt,
    clock: Date.now,
    feed: config.mqtt.publicReaders ? feed : undefined,
  });
};

const createPublisher = ({ config, feed, logger, counters }: TransportsOptions): FeedPublisher | undefined => {
  const url = config.publicFeed?.url;
  return config.publicFeed && url !== undefined && feed
    ? new FeedPublisher({ config: { ...config.publicFeed, url }, feed, logger, counters, clock: Date.now })
    : undefined;
};

const createSubscriber = ({ networks, ...rest }: TransportsOptions, config: SubscriberConfig): Subscriber => {
  const network = networks.find(({ id }) => id === config.network);
  const topics = network?.topics?.events ?? (network && adapterOf(network)?.eventTopics) ?? [];
  return new Subscriber({ ...rest, config, topics, clock: Date.now, random: Math.random });
};

const webhookOptions = ({ config, ...rest }: TransportsOptions, { knowsWebhook, verifyWebhook }: Credentials) => ({
  config: config.webhook,
  intake: rest.intake,
  logger: rest.logger,
  counters: rest.counters,
  knows: knowsWebhook,
  verify: verifyWebhook,
  clock: Date.now,
});

const attachWebSocket = (app: FastifyInstance, broker: EmbeddedBroker): void => {
  app.server.on('upgrade', (request, socket, head) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === WEB_SOCKET_PATH) broker.handleUpgrade(request, socket, head);
    else socket.destroy();
  });
};
