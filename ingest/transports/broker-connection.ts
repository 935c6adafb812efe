import type { Duplex } from 'node:stream';
import type { Backpressure } from './backpressure.ts';
import type { ClientAccess } from './broker-access.ts';
import { FrameError, FrameReader } from './frame-reader.ts';
import { Mqtt5Writer, unsubscribesIn } from './mqtt5.ts';
import { PublisherAcks } from './publisher-acks.ts';

/** Readers send subscriptions and acknowledgements. */
const READER_PACKET_BYTES = 16 * 1024;

export interface ConnectionOptions {
  readonly backpressure: Backpressure;
  readonly maxPacketBytes: number;
  readonly maxInFlight: number;
  readonly onAcknowledged: (count: number) => void;
  readonly onFrameError: (error: FrameError) => void;
}

/**
 * One connection of the embedded broker. aedes reads from and writes to the stream itself; what it reads is cut here
 * into as many whole packets as may be in flight, what it writes to an MQTT 5 client is rewritten here.
 */
export class BrokerConnection {
  readonly acks: PublisherAcks;
  readonly #stream: Duplex;
  readonly #options: ConnectionOptions;
  readonly #frames: FrameReader;
  /** aedes reads on when the stream says that there is something. */
  readonly #wake = () => this.#stream.emit('readable');
  #access: ClientAccess | undefined;
  #mqtt5: Mqtt5Writer | undefined;
  #inFlight = 0;
  #unfinishedBytes = 0;

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream;
    this.#options = options;
    const read = stream.read.bind(stream);
    this.#frames = new FrameReader(() => read() as Buffer | null);
    this.acks = new PublisherAcks(stream, options.onAcknowledged);
    // Node itself calls read(0) to get the flow going; it takes nothing.
    stream.read = (size?: number) => (size === 0 ? read(0) : this.#read());
    stream.once('close', () => {
      options.backpressure.leave(this.#wake);
      options.backpressure.unfinished(this.#unfinishedBytes, 0);
      this.#unfinishedBytes = 0;
    });
  }

  /** Of the client that was let in; undefined before. */
  get access(): ClientAccess | undefined {
    return this.#access;
  }

  admit(access: ClientAccess): void {
    this.#access = access;
    const { maxPacketBytes } = this.#options;
    this.#frames.limit = access.network === undefined ? Math.min(READER_PACKET_BYTES, maxPacketBytes) : maxPacketBytes;
  }

  /** Notes a message of so many bytes that waits for the journal. */
  taken(bytes: number): void {
    this.#inFlight++;
    this.#options.backpressure.taken(bytes);
  }

  settled(bytes: number): void {
    this.#inFlight--;
    this.#options.backpressure.settled(bytes);
  }

  /** From now on this client is written to in MQTT 5. */
  speakMqtt5(assignedClientId?: string): void {
    const writer = new Mqtt5Writer({
      maxPacketBytes: this.#options.maxPacketBytes,
      receiveMaximum: this.#options.maxInFlight,
      retains: () => this.#access !== undefined && this.#access.network === undefined,
      ...(assignedClientId !== undefined && { assignedClientId }),
    });
    this.#mqtt5 = writer;
    const write = this.#stream.write.bind(this.#stream) as (piece: Uint8Array) => boolean;
    this.#stream.write = (piece: Uint8Array | string) => {
      const whole = writer.rewrite(typeof piece === 'string' ? Buffer.from(piece) : piece);
      return whole.length === 0 || write(whole);
    };
  }

  #read(): Buffer | null {
    // The first packet alone: what follows must not be parsed before it is known who speaks, and in which version.
    const room = this.#access ? this.#options.backpressure.room(this.#inFlight, this.#wake) : 1;
    if (room === 0) return null;
    try {
      const frames = this.#frames.take(room);
      this.#noteUnfinished(frames ? 0 : this.#frames.heldBytes);
      if (frames && this.#mqtt5) for (const count of unsubscribesIn(frames)) this.#mqtt5.noteUnsubscribe(count);
      return frames;
    } catch (thrown) {
      if (!(thrown instanceof FrameError)) throw thrown;
      this.#options.onFrameError(thrown);
      this.#stream.destroy(thrown);
      return null;
    }
  }

  /** Throws FrameError where the packets that all connections have begun are too many bytes. */
  #noteUnfinished(bytes: number): void {
    if (bytes === this.#unfinishedBytes) return;
    const hasRoom = this.#options.backpressure.unfinished(this.#unfinishedBytes, bytes);
    this.#unfinishedBytes = bytes;
    if (!hasRoom) throw new FrameError('overloaded', 'Packets that were begun hold too much memory');
  }
}
