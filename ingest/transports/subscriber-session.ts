import type { Duplex } from 'node:stream';
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { asHubError, HubError } from '../../model/errors.ts';
import type { Intake } from '../../model/ports.ts';
import { Backpressure } from './backpressure.ts';
import { MAX_TOPIC_LENGTH } from './broker-access.ts';
import { PublisherAcks } from './publisher-acks.ts';

export interface SessionOptions {
  readonly url: string;
  readonly client: IClientOptions;
  readonly network: string;
  readonly topics: readonly string[];
  readonly qos: 0 | 1;
  readonly maxInFlight: number;
  readonly intake: Intake;
  readonly onReady: () => void;
  readonly onMessages: (result: string, count: number) => void;
}

/** Bytes that may wait for the journal; above it the connection is not read. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;
const STOP_WITHIN_MS = 2_000;

interface Packet {
  readonly cmd: string;
}
type Send = (packet: Packet, done?: () => void, ...rest: unknown[]) => void;

/**
 * One connection to a broker, from connect to end. Nothing outlives it: an acknowledgement belongs to the connection
 * that its message came by, and after a reconnect the broker sends again what was not acknowledged.
 *
 * mqtt.js hands over one message at a time and sends its PUBACK when `handleMessage` calls back. Waiting there for the
 * journal would make each message pay for a commit of its own. So `handleMessage` calls back at once while there is room,
 * the PUBACK that mqtt.js would then send is held back, and ours is written when the message is durable. Without room the
 * callback waits: mqtt.js stops reading the socket, and the broker stops sending.
 */
export class SubscriberSession {
  readonly #options: SessionOptions;
  readonly #client: MqttClient;
  readonly #stream: Duplex;
  readonly #acks: PublisherAcks;
  readonly #backpressure: Backpressure;
  readonly #wake = () => this.#proceed();
  readonly #ended = Promise.withResolvers<HubError>();
  #inFlight = 0;
  #held: (() => void) | undefined;
  #reason: HubError | undefined;
  #stopping = false;

  constructor(options: SessionOptions) {
    const { url, client: clientOptions, maxInFlight, intake } = options;
    this.#options = options;
    this.#backpressure = new Backpressure(intake, { perConnection: maxInFlight, bytes: MAX_BUFFERED_BYTES });
    this.#client = connect(url, { ...clientOptions, reconnectPeriod: 0, resubscribe: false, log: () => undefined });
    this.#stream = this.#client.stream as unknown as Duplex;
    this.#acks = new PublisherAcks(this.#stream, (count) => options.onMessages('accepted', count));
    holdBackAcks(this.#client);
    hearUplinks(this.#client);
    this.#client.handleMessage = (packet, done) => this.#receive(packet, done);
    this.#client.on('connect', () => this.#subscribe());
    this.#client.on('error', (error) => this.#end(error));
    this.#client.on('close', () => this.#end(new Error('the connection was closed')));
  }

  /** Resolves with the reason when the connection is over. */
  get ended(): Promise<HubError> {
    return this.#ended.promise;
  }

  /** Hands a downlink to the broker; resolves once the broker has acknowledged it. */
  publish(topic: string, payload: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.publish(topic, Buffer.from(payload), { qos: 1 }, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Takes no more messages, acknowledges those on their way into the journal and says good-bye. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const until = Date.now() + STOP_WITHIN_MS;
    while (this.#inFlight > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setImmediate(resolve));
    const timer = setTimeout(() => this.#end(new Error('the broker did not end the connection')), STOP_WITHIN_MS);
    await new Promise<void>((resolve) => this.#client.end(!this.#client.connected, () => resolve()));
    clearTimeout(timer);
    this.#end(new Error('stopped'));
  }

  #subscribe(): void {
    const { topics, qos, onReady } = this.#options;
    this.#client.subscribe([...topics], { qos }, (error, granted) => {
      const refused = granted?.filter((grant) => grant.qos > 2).map((grant) => grant.topic) ?? [];
      if (error || refused.length > 0) this.#end(error ?? new Error(`the broker refused ${refused.join(', ')}`));
      else onReady();
    });
  }

  #receive(packet: IPublishPacket, done: () => void): void {
    if (this.#reason || this.#stopping) {
      // Not acknowledged: the broker sends it again on the next connection.
      if (this.#reason) done();
      return;
    }
    const body = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    this.#inFlight++;
    this.#backpressure.taken(body.length);
    // The journal remembers every topic; one cut off here is none of any network server and becomes a dead letter.
    const topic = packet.topic.slice(0, MAX_TOPIC_LENGTH);
    this.#options.intake.receive(this.#options.network, topic, body).then(
      () => {
        this.#settled(body.length);
        if (packet.qos === 1 && packet.messageId !== undefined) this.#acks.add(packet.messageId);
        else this.#options.onMessages('accepted', 1);
      },
      (thrown: unknown) => {
        this.#settled(body.length);
        const error = asHubError(thrown);
        this.#options.onMessages(error.code, 1);
        this.#end(error);
      },
    );
    this.#held = done;
    this.#proceed();
  }

  #settled(bytes: number): void {
    this.#inFlight--;
    this.#backpressure.settled(bytes);
    if (this.#held) this.#proceed();
  }

  /** Asks for the next message if there is room for it. */
  #proceed(): void {
    const done = this.#held;
    if (!done) return;
    if (!this.#reason && this.#backpressure.room(this.#inFlight, this.#wake) === 0) return;
    this.#held = undefined;
    done();
  }

  #end(error: Error): void {
    if (this.#reason) return;
    this.#reason = asReason(error);
    this.#backpressure.leave(this.#wake);
    this.#stream.destroy();
    this.#client.end(true);
    this.#ended.resolve(this.#reason);
  }
}

/** Codes of OpenSSL (X509_V_ERR_*, without that prefix) and of node:tls. */
const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|ERROR_IN_CERT)/;

const asReason = (error: Error & { readonly code?: unknown }): HubError => {
  if (error instanceof HubError) return error;
  const code = String(error.code);
  return TLS_CODE.test(code)
    ? new HubError('HUB_TLS_REFUSED', `${code}: ${error.message}`, { cause: error })
    : new HubError('HUB_UNAVAILABLE', error.message, { cause: error });
};

/** `_sendPacket` is the one place through which mqtt.js 5 sends; subscriber.test.ts fails should that change. */
const holdBackAcks = (client: MqttClient): void => {
  const inner = client as unknown as { _sendPacket: Send };
  const send = inner._sendPacket.bind(client);
  inner._sendPacket = (packet, done, ...rest) => {
    if (packet.cmd === 'puback') done?.();
    else send(packet, done, ...rest);
  };
};

/**
 * On a full line the answer to a ping stands behind all uplinks, so that mqtt.js, which waits for nothing else, would give
 * up the busiest connections. Whatever came since the ping proves that the line lives.
 */
const hearUplinks = (client: MqttClient): void => {
  let isHeard = false;
  client.on('packetreceive', () => {
    isHeard = true;
  });
  client.on('packetsend', ({ cmd }) => {
    if (cmd === 'pingreq') isHeard = false;
  });
  const giveUp = client.onKeepaliveTimeout.bind(client);
  client.onKeepaliveTimeout = () => {
    if (!isHeard) {
      giveUp();
      return;
    }
    client.reschedulePing(true);
    client.sendPing();
  };
};
