import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AuthenticateError, Client, ConnectPacket, PublishPacket } from 'aedes';
import type { Logger } from 'pino';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { asHubError, HubError } from '../../model/errors.ts';
import type { Counters, Intake, Lifecycle, PartState } from '../../model/ports.ts';
import { Backpressure } from './backpressure.ts';
import { type NetworkAccess, refusalOf } from './broker-access.ts';
import { BrokerConnection } from './broker-connection.ts';
import { receiversOf } from './downlink-receivers.ts';
import { acceptMqtt5, asAedesClient, guardParser, IngestAedes } from './ingest-aedes.ts';
import type { BrokerConfig } from './transport-config.ts';

export interface EmbeddedBrokerOptions {
  readonly config: BrokerConfig;
  readonly intake: Intake;
  /** What each network may do, by its id. */
  readonly access: ReadonlyMap<string, NetworkAccess>;
  /** The network that this log-in belongs to; compares in constant time. */
  readonly verify: (user: string, password: Buffer) => string | undefined | Promise<string | undefined>;
  readonly logger: Logger;
  readonly counters: Counters;
}

interface Login {
  readonly user: string | undefined;
  readonly password: Buffer | undefined;
}
type LoggedIn = (error: AuthenticateError | null, success: boolean) => void;

/** Bytes that a socket may hold before they are read, so that many messages are handled at once. */
const READ_AHEAD_BYTES = 1024 * 1024;
const MAX_CLIENT_ID = 200;
const STOP_WITHIN_MS = 2_000;

/**
 * MQTT 3.1, 3.1.1 and 5 broker for network servers. A network publishes its event topics, each message is acknowledged
 * once it is durable in the journal, and reads its downlink topics; no message of one client ever reaches another.
 */
export class EmbeddedBroker implements Lifecycle {
  readonly #options: EmbeddedBrokerOptions;
  readonly #backpressure: Backpressure;
  readonly #aedes: IngestAedes;
  readonly #server: Server;
  readonly #webSockets: WebSocketServer;
  readonly #streams = new Set<Duplex>();
  readonly #connections = new WeakMap<object, BrokerConnection>();
  #waiting = 0;
  #listening = false;

  constructor(options: EmbeddedBrokerOptions) {
    const { config, intake } = options;
    this.#options = options;
    this.#backpressure = new Backpressure(intake, {
      perConnection: config.maxInFlight,
      bytes: config.maxBufferedBytes,
    });
    this.#aedes = new IngestAedes({
      connectTimeout: config.connectTimeoutMs,
      maxClientsIdLength: 1_000,
      preConnect: (client, packet, done) => done(null, this.#prepare(client, packet)),
      authenticate: (client, user, password, done) => void this.#logIn(client, { user, password }, done),
      authorizePublish: (client, packet, done) => void this.#receive(client, packet, done),
      authorizeSubscribe: (client, subscription, done) =>
        done(null, this.#maySubscribe(client, subscription.topic) ? subscription : null),
    });
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
    await this.#aedes.listen();
    const { host, port } = this.#options.config;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#server.on('error', (error) => this.#options.logger.error({ err: error }, 'MQTT broker'));
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
    const detail = this.#listening ? `${this.#streams.size} connections` : 'not listening';
    return { part: 'mqtt-broker', ready: this.#listening, detail };
  }

  /** Takes over an HTTP upgrade request for MQTT over WebSocket (MQTT 3.1.1 §6). */
  readonly handleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (!this.#listening) {
      socket.destroy();
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#accept(createWebSocketStream(webSocket, { readableHighWaterMark: READ_AHEAD_BYTES }));
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

  #accept(stream: Duplex): void {
    const { config, counters } = this.#options;
    if (!this.#listening || this.#streams.size >= config.maxConnections) {
      this.#refused('tooManyConnections');
      stream.on('error', () => undefined).destroy();
      return;
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
  }

  #connectionOf(client: Client | null): BrokerConnection | undefined {
    return client ? this.#connections.get(client) : undefined;
  }

  /**
   * Before the log-in: the client id is bound to the user, so that nobody takes over or wipes another's session, and a
   * will is dropped, since nobody could vouch for it.
   */
  #prepare(client: Client, packet: ConnectPacket): boolean {
    const { clientId } = packet;
    if (clientId.length > MAX_CLIENT_ID) {
      this.#refused('clientId');
      return false;
    }
    const ownId = clientId === '' ? randomUUID() : clientId;
    packet.clientId = `${packet.username ?? ''}/${ownId}`;
    if (packet.will) {
      this.#refused('will');
      delete packet.will;
    }
    if (packet.protocolVersion === 5) {
      acceptMqtt5(asAedesClient(client), packet);
      this.#connectionOf(client)?.speakMqtt5(clientId === '' ? ownId : undefined);
    }
    return true;
  }

  async #logIn(client: Client, { user, password }: Login, done: LoggedIn): Promise<void> {
    const network = user === undefined || password === undefined ? undefined : await this.#verify(user, password);
    const access = network === undefined ? undefined : this.#options.access.get(network);
    const result = access ? 'loggedIn' : 'refused';
    this.#options.counters.add('plietsch_transport_connections_total', { transport: 'broker', result });
    if (access) {
      this.#connectionOf(client)?.admit(access);
      done(null, true);
    } else {
      this.#refused('logIn');
      done(Object.assign(new Error('bad user name or password'), { returnCode: 4 }), false);
    }
  }

  async #verify(user: string, password: Buffer): Promise<string | undefined> {
    try {
      return await this.#options.verify(user, password);
    } catch (thrown) {
      this.#options.logger.error({ err: thrown }, 'MQTT log-in could not be checked');
      return undefined;
    }
  }

  /** aedes goes on after `done()`, and ends the connection after `done(error)`: then the sender will send again. */
  async #receive(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): Promise<void> {
    const connection = this.#connectionOf(client);
    const access = connection?.access;
    const refusal = access ? refusalOf(access, packet) : 'logIn';
    if (!connection || !access || refusal) {
      this.#refused(refusal ?? 'logIn');
      done(new Error(`Publish refused: ${refusal}, topic ${packet.topic.slice(0, 200)}`));
      return;
    }
    const body = packet.payload as Buffer;
    this.#waiting++;
    this.#backpressure.taken(body.length);
    const failure = await this.#journal(access.network, packet.topic, body);
    this.#waiting--;
    this.#backpressure.settled(body.length);
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
      this.#options.counters.add('plietsch_transport_messages_total', { transport: 'broker', result: 'accepted' });
    }
  }

  #maySubscribe(client: Client, filter: string): boolean {
    const allowed = this.#connectionOf(client)?.access?.maySubscribe(filter) ?? false;
    if (!allowed) {
      this.#refused('subscribe');
      this.#options.logger.warn({ client: client.id, filter: filter.slice(0, 200) }, 'MQTT subscription refused');
    }
    return allowed;
  }

  #refused(reason: string): void {
    this.#options.counters.add('plietsch_broker_refused_total', { reason });
  }

  #logEnd(client: Client, error: Error): void {
    const network = this.#connectionOf(client)?.access?.network;
    this.#options.logger.warn({ client: client.id, network, reason: error.message }, 'MQTT connection ended');
  }
}
