import type { IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AuthenticateError, Client, ConnectPacket, PublishPacket } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { asHubError, HubError } from '../../model/errors.ts';
import type { Intake, Lifecycle, PartState, PublicFeed } from '../../model/ports.ts';
import type { EpochMs } from '../../model/time.ts';
import { Backpressure } from './backpressure.ts';
import { refusalOf } from './broker-access.ts';
import { BrokerConnection } from './broker-connection.ts';
import { type LogIn, type LogInOptions, LogIns } from './broker-log-in.ts';
import { BrokerReaders } from './broker-readers.ts';
import { receiversOf } from './downlink-receivers.ts';
import { asAedesClient, guardParser, IngestAedes } from './ingest-aedes.ts';
import { LogBudget } from './log-budget.ts';
import type { BrokerConfig } from './transport-config.ts';

export interface EmbeddedBrokerOptions extends Omit<LogInOptions, 'hasReaderPlace'> {
  readonly config: BrokerConfig;
  readonly intake: Intake;
  /** What those who come without a log-in may read; without it nobody may. */
  readonly feed?: PublicFeed | undefined;
  readonly clock: () => EpochMs;
}

type LoggedIn = (error: AuthenticateError | null, success: boolean) => void;

/** Bytes that a socket may hold before they are read, so that many messages are handled at once. */
const READ_AHEAD_BYTES = 1024 * 1024;
/** Bytes that a WebSocket may bring before its log-in: it collects whole messages, however much of one is still to come. */
const MAX_BYTES_BEFORE_LOG_IN = 2 * READ_AHEAD_BYTES;
/** Of one connection; a network server needs one or two. */
const MAX_SUBSCRIPTIONS = 100;
const MAX_SUBSCRIPTIONS_OF_READER = 20;
/** What a QoS 2 message needs no longer once it is in the journal. */
const NOTHING = Buffer.alloc(0);
const LOG_LINES_PER_MINUTE = 20;
const STOP_WITHIN_MS = 2_000;

/**
 * MQTT 3.1, 3.1.1 and 5 broker for network servers. A network publishes its event topics, each message is acknowledged
 * once it is durable in the journal, and reads its downlink topics; no message of one client ever reaches another.
 * Whoever comes without a log-in may, if the operator wishes, read the topics of the public feed and nothing else.
 */
export class EmbeddedBroker implements Lifecycle {
  readonly #options: EmbeddedBrokerOptions;
  readonly #backpressure: Backpressure;
  readonly #logIns: LogIns;
  readonly #readers: BrokerReaders | undefined;
  readonly #logBudget: LogBudget;
  readonly #aedes: IngestAedes;
  readonly #server: Server;
  readonly #webSockets: WebSocketServer;
  readonly #streams = new Set<Duplex>();
  readonly #connections = new WeakMap<object, BrokerConnection>();
  #waiting = 0;
  #listening = false;

  constructor(options: EmbeddedBrokerOptions) {
    const { config, intake, clock, feed } = options;
    this.#options = options;
    const { maxReaders, maxReadersPerAddress: maxPerAddress } = config;
    const readers =
      feed && new BrokerReaders({ feed, maxReaders, maxPerAddress, onEnded: (reason) => this.#refused(reason) });
    this.#readers = readers;
    this.#logIns = new LogIns({ ...options, hasReaderPlace: readers && ((client) => readers.enter(client)) });
    this.#logBudget = new LogBudget({ perMinute: LOG_LINES_PER_MINUTE, clock });
    this.#backpressure = new Backpressure(intake, {
      perConnection: config.maxInFlight,
      bytes: config.maxBufferedBytes,
    });
    this.#aedes = new IngestAedes({
      connectTimeout: config.connectTimeoutMs,
      // LogIns bounds it for every version of MQTT.
      maxClientsIdLength: Number.POSITIVE_INFINITY,
      preConnect: (client, packet, done) => done(null, this.#prepare(client, packet)),
      authenticate: (client, user, password, done) => void this.#logIn(client, { user, password }, done),
      authorizePublish: (client, packet, done) => void this.#receive(client, packet, done),
      authorizeSubscribe: (client, subscription, done) =>
        done(null, this.#maySubscribe(client, subscription.topic) ? subscription : null),
    });
    this.#aedes.on('subscribe', (subscriptions, client) => readers?.subscribed(client, subscriptions));
    this.#aedes.on('ack', (_packet, client) => readers?.acknowledged(client));
    this.#aedes.on('clientError', (client: Client, error: Error) => this.#logEnd(client, error));
    this.#aedes.on('connectionError', (client: Client, error: Error) => this.#logEnd(client, error));
    this.#server = createServer(
      { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000, highWaterMark: READ_AHEAD_BYTES },
      (socket) => this.#accept(socket),
    );
    this.#webSockets = new WebSocketServer({
      noServer: true,
      maxPayload: config.maxPacketBytes,
      perMessageDeflate: false,
      handleProtocols: (protocols) => ['mqtt', 'mqttv3.1'].find((name) => protocols.has(name)) ?? false,
    });
  }

  async start(): Promise<void> {
    const { host, port } = this.#options.config;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#server.on('error', (error) => this.#options.logger.error({ err: error }, 'MQTT broker'));
    await this.#aedes.listen();
    this.#listening = true;
  }

  /** Waits a moment for messages on their way into the journal, so that they are still acknowledged. */
  async stop(): Promise<void> {
    this.#listening = false;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    const until = Date.now() + STOP_WITHIN_MS;
    while (this.#waiting > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setImmediate(resolve));
    for (const stream of this.#streams) stream.destroy();
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
    this.#webSockets.close();
    await closed;
  }

  /** TCP port that is listened on. Throws HUB_UNAVAILABLE before start(). */
  get port(): number {
    const address = this.#server.address() as AddressInfo | null;
    if (!address) throw new HubError('HUB_UNAVAILABLE', 'The embedded broker does not listen');
    return address.port;
  }

  get state(): PartState {
    const readers = this.#readers ? `, ${this.#readers.size} of them readers` : '';
    const detail = this.#listening ? `${this.#streams.size} connections${readers}` : 'not listening';
    return { part: 'mqtt-broker', ready: this.#listening, detail };
  }

  /** Takes over an HTTP upgrade request for MQTT over WebSocket (MQTT 3.1.1 §6). */
  readonly handleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (!this.#listening) {
      socket.destroy();
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = this.#accept(createWebSocketStream(webSocket, { readableHighWaterMark: READ_AHEAD_BYTES }));
      let bytes = 0;
      const count = (piece: Buffer): void => {
        bytes += piece.length;
        if (connection?.access) socket.off('data', count);
        else if (bytes > MAX_BYTES_BEFORE_LOG_IN) {
          this.#refused('packetTooLarge');
          socket.off('data', count).destroy();
        }
      };
      socket.on('data', count);
    });
  };

  /**
   * Hands a downlink to the clients of a network that subscribed to its topic, to one of each shared group. Resolves with
   * their number; nothing is kept for clients that are away.
   */
  async publish(network: string, topic: string, payload: Uint8Array): Promise<number> {
    const receivers = receiversOf(this.#clientsOf(network), topic);
    const message: PublishPacket = {
      cmd: 'publish',
      topic,
      payload: Buffer.from(payload),
      qos: 1,
      dup: false,
      retain: false,
    };
    await Promise.all(
      receivers.map((client) => new Promise<void>((resolve) => client.publish(message, () => resolve()))),
    );
    return receivers.length;
  }

  #clientsOf(network: string): Client[] {
    const clients = Object.values((this.#aedes as unknown as { clients: Record<string, Client> }).clients);
    return clients.filter((client) => client.connected && this.#connectionOf(client)?.access?.network === network);
  }

  #accept(stream: Duplex): BrokerConnection | undefined {
    const { config, counters } = this.#options;
    if (!this.#listening || this.#streams.size >= config.maxConnections) {
      this.#refused('tooManyConnections');
      stream.on('error', () => undefined).destroy();
      return undefined;
    }
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
    const connection = new BrokerConnection(stream, {
      backpressure: this.#backpressure,
      maxPacketBytes: config.maxPacketBytes,
      maxInFlight: config.maxInFlight,
      onAcknowledged: (count) =>
        counters.add('plietsch_transport_messages_total', { transport: 'broker', result: 'accepted' }, count),
      onFrameError: (error) => this.#refused(error.reason),
    });
    const client = asAedesClient(this.#aedes.handle(stream as Socket));
    guardParser(client);
    this.#connections.set(client, connection);
    counters.add('plietsch_transport_connections_total', { transport: 'broker', result: 'opened' });
    return connection;
  }

  #prepare(client: Client, packet: ConnectPacket): boolean {
    const connection = this.#connectionOf(client);
    if (connection) this.#logIns.prepare(client, packet, connection);
    return connection !== undefined;
  }

  #connectionOf(client: Client | null): BrokerConnection | undefined {
    return client ? this.#connections.get(client) : undefined;
  }

  async #logIn(client: Client, login: LogIn, done: LoggedIn): Promise<void> {
    const connection = this.#connectionOf(client);
    const refusal = connection && (await this.#logIns.check(client, login, connection));
    done(refusal ?? null, connection !== undefined && !refusal);
  }

  /** aedes goes on after `done()`, and ends the connection after `done(error)`: then the sender will send again. */
  async #receive(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): Promise<void> {
    const connection = this.#connectionOf(client);
    const access = connection?.access;
    const network = access?.network;
    const refusal = access ? refusalOf(access, packet) : 'logIn';
    if (!connection || network === undefined || refusal) {
      this.#refused(refusal ?? 'logIn');
      done(new Error(`Publish refused: ${refusal}, topic ${packet.topic.slice(0, 200)}`));
      return;
    }
    const body = packet.payload as Buffer;
    this.#waiting++;
    // With what stands before the body, which holds memory as well.
    const bytes = packet.length ?? body.length;
    connection.taken(bytes);
    const failure = await this.#journal(network, packet.topic, body);
    this.#waiting--;
    connection.settled(bytes);
    if (!failure) this.#acknowledge(connection, packet);
    done(failure);
  }

  /** The reason why the message is not in the journal. */
  async #journal(network: string, topic: string, body: Buffer): Promise<Error | undefined> {
    try {
      await this.#options.intake.receive(network, topic, body);
      return undefined;
    } catch (thrown) {
      const { code } = asHubError(thrown);
      this.#options.counters.add('plietsch_transport_messages_total', { transport: 'broker', result: code });
      return new Error(`${code}: not in the journal, not acknowledged`, { cause: thrown });
    }
  }

  /** PUBACKs are written here, many at once; aedes is left to believe that there is none to send. */
  #acknowledge(connection: BrokerConnection, packet: PublishPacket): void {
    if (packet.qos === 1 && packet.messageId !== undefined) {
      packet.qos = 0;
      connection.acks.add(packet.messageId);
    } else {
      // aedes keeps a QoS 2 packet until its PUBREL.
      packet.payload = NOTHING;
      this.#options.counters.add('plietsch_transport_messages_total', { transport: 'broker', result: 'accepted' });
    }
  }

  #maySubscribe(client: Client, filter: string): boolean {
    const { subscriptions } = asAedesClient(client);
    const access = this.#connectionOf(client)?.access;
    const most = access?.network === undefined ? MAX_SUBSCRIPTIONS_OF_READER : MAX_SUBSCRIPTIONS;
    const isFull = !(filter in subscriptions) && Object.keys(subscriptions).length >= most;
    const allowed = access?.maySubscribe(filter) ?? false;
    if (allowed && !isFull) return true;
    const reason = allowed ? 'subscriptions' : 'subscribe';
    this.#refused(reason);
    this.#warn({ client: client.id, filter: filter.slice(0, 200), reason }, 'MQTT subscription refused');
    return false;
  }

  #refused(reason: string): void {
    this.#options.counters.add('plietsch_broker_refused_total', { reason });
  }

  #logEnd(client: Client, error: Error): void {
    const network = this.#connectionOf(client)?.access?.network;
    this.#warn({ client: client.id?.slice(0, 200), network, reason: error.message }, 'MQTT connection ended');
  }

  #warn(fields: object, message: string): void {
    const line = this.#logBudget.take();
    if (line) this.#options.logger.warn({ ...fields, ...(line.leftOut > 0 && line) }, message);
  }
}
