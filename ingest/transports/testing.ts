import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import mqttPacket, { type IConnectPacket } from 'mqtt-packet';
import pino from 'pino';
import type { WebSocket } from 'ws';
import type { HubError } from '../../model/errors.ts';
import type { Counters, FeedMessage, Intake, PublicFeed, Receipt } from '../../model/ports.ts';
import { chirpstackV4 } from '../networks/chirpstack-v4.ts';
import { theThingsStackV3 } from '../networks/the-things-stack-v3.ts';
import { createAccess } from './broker-access.ts';
import { EmbeddedBroker } from './embedded-broker.ts';
import { brokerConfigSchema } from './transport-config.ts';

export interface Message {
  readonly network: string;
  readonly topic: string | undefined;
  readonly body: Uint8Array;
}

/** An intake in memory that commits when the test says so. */
export class TestIntake implements Intake {
  /** Handed over, whatever became of them. */
  readonly messages: Message[] = [];
  /** Those whose sender may be acknowledged. */
  readonly committed: string[] = [];
  holds = false;
  failure: HubError | undefined;
  limit = 10_000;
  #open: (() => void)[] = [];

  get waiting(): number {
    return this.#open.length;
  }

  async receive(network: string, topic: string | undefined, body: Uint8Array): Promise<Receipt> {
    if (this.failure) throw this.failure;
    this.messages.push({ network, topic, body: Buffer.from(body) });
    const position = this.messages.length;
    if (this.holds) await new Promise<void>((resolve) => this.#open.push(resolve));
    if (this.failure) throw this.failure;
    this.committed.push(Buffer.from(body).toString());
    return { position };
  }

  /** Commits what waits. */
  commit(): void {
    const open = this.#open;
    this.#open = [];
    for (const resolve of open) resolve();
  }

  get bodies(): string[] {
    return this.messages.map(({ body }) => Buffer.from(body).toString());
  }
}

/** Counts by name and labels. */
export class TestCounters implements Counters {
  readonly counts = new Map<string, number>();

  add(name: string, labels: Readonly<Record<string, string>> = {}, by = 1): void {
    const key = [name, ...Object.values(labels)].join(' ');
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }

  refused(reason: string): number {
    return this.counts.get(`plietsch_broker_refused_total ${reason}`) ?? 0;
  }
}

/** A feed whose topics the test sets. */
export class TestFeed implements PublicFeed {
  readonly topics = new Map<string, string>();
  readonly listeners = new Set<(messages: readonly FeedMessage[]) => void>();

  *newest(passes: (topic: string) => boolean): Generator<FeedMessage> {
    for (const [topic, payload] of this.topics) if (passes(topic)) yield feedMessage(topic, payload);
  }

  subscribe(listener: (messages: readonly FeedMessage[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(topic: string, payload: string): void {
    this.topics.set(topic, payload);
    for (const listener of this.listeners) listener([feedMessage(topic, payload)]);
  }
}

const feedMessage = (topic: string, payload: string): FeedMessage => ({
  topic,
  payload: Buffer.from(payload),
  isNewest: true,
});

export const silent = pino({ level: 'silent' });

/** Waits until a condition holds, at most two seconds. */
export const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  if (!holds()) throw new Error('the condition did not come true within two seconds');
};

interface BrokerLogin extends Partial<IClientOptions> {
  readonly user?: string;
  readonly webSocket?: boolean;
}

/** An embedded broker with four networks, whose password is `<name>-secret`, behind TCP and WebSocket. */
export class TestBroker {
  readonly intake = new TestIntake();
  readonly counters = new TestCounters();
  /** Messages of the log. */
  readonly log: string[] = [];
  readonly broker: EmbeddedBroker;
  readonly #http: Server;
  readonly #clients: MqttClient[] = [];
  readonly #sockets: Socket[] = [];

  constructor(settings: object = {}, feed?: PublicFeed) {
    this.broker = new EmbeddedBroker({
      config: brokerConfigSchema.parse({ port: 0, ...settings }),
      intake: this.intake,
      counters: this.counters,
      logger: pino({ level: 'info' }, { write: (line: string) => this.log.push(line) }),
      clock: Date.now,
      feed,
      access: new Map([
        ['kreis', createAccess('kreis', chirpstackV4)],
        ['stadt', createAccess('stadt', chirpstackV4)],
        ['ttn', createAccess('ttn', theThingsStackV3)],
        ['praefix', createAccess('praefix', chirpstackV4, { events: ['p/application/+/device/+/event/+'] })],
      ]),
      verify: (user, password) => (password.toString() === `${user}-secret` ? user : undefined),
    });
    this.#http = createServer().on('upgrade', this.broker.handleUpgrade);
  }

  async start(): Promise<this> {
    await this.broker.start();
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.endAsync(true)));
    for (const socket of this.#sockets.splice(0)) socket.destroy();
    await this.broker.stop();
    this.#http.close();
  }

  get webSocketUrl(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/mqtt`;
  }

  async logIn({ user = 'kreis', webSocket = false, ...options }: BrokerLogin = {}): Promise<MqttClient> {
    const url = webSocket ? this.webSocketUrl : `mqtt://127.0.0.1:${this.broker.port}`;
    const client = await connectAsync(url, {
      username: user,
      password: `${user}-secret`,
      reconnectPeriod: 0,
      ...options,
    });
    client.on('error', () => undefined);
    this.#clients.push(client);
    return client;
  }

  /** A bare TCP connection. */
  connect(): Socket {
    const socket = connect(this.broker.port, '127.0.0.1').on('error', () => undefined);
    this.#sockets.push(socket);
    return socket;
  }

  /** A bare TCP connection of a network that has logged in. */
  async connectAs(user: string, options: Partial<IConnectPacket> = {}): Promise<Socket> {
    const socket = this.connect();
    socket.write(connectPacket(user, options));
    await once(socket, 'data');
    return socket;
  }
}

export const connectPacket = (user: string, options: Partial<IConnectPacket> = {}): Buffer =>
  mqttPacket.generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 0,
    clientId: 'raw',
    username: user,
    password: Buffer.from(`${user}-secret`),
    ...options,
  });

export const closed = (client: MqttClient): Promise<void> => new Promise((resolve) => client.once('close', resolve));

/** Whether a publish is answered, or the connection ends instead. */
export const publishes = async (client: MqttClient, topic: string, options: object = {}): Promise<boolean> =>
  Promise.race([
    client.publishAsync(topic, 'x', { qos: 1, ...options }).then(
      () => true,
      () => false,
    ),
    closed(client).then(() => false),
  ]);

/** Once a connection is over; `once` of node:events would take its reset for a failure of the test. */
export const ended = (socket: Socket | WebSocket): Promise<void> =>
  new Promise((resolve) => {
    if ('closed' in socket && socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
