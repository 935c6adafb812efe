import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';
import type { Login } from './publisher-process.ts';

/** First bytes of the two packets that a publisher is sent; each has four (MQTT 3.1.1 §3.2, §3.4). */
const CONNACK = 0x20;
const PUBACK = 0x40;
const ANSWER_BYTES = 4;

/** MQTT 3.1.1 over a bare socket, so that the publisher costs as little as it can: it only counts acknowledgements. */
export class RawConnection {
  readonly #login: Login;
  readonly #window: number;
  readonly #over = Promise.withResolvers<void>();
  #socket: Socket | undefined;
  #packets: Buffer = Buffer.alloc(0);
  /** Where each prepared packet ends. */
  #ends: readonly number[] = [];
  #sent = 0;
  #acknowledged = 0;
  #halfAnswer: Buffer = Buffer.alloc(0);
  #onProgress: () => void = () => undefined;

  constructor(login: Login, window: number) {
    this.#login = login;
    this.#window = window;
    this.#over.promise.catch(() => undefined);
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Takes the packets that sendAll() is to send. */
  load(packets: readonly Buffer[]): void {
    let end = 0;
    this.#ends = packets.map((packet) => {
      end += packet.length;
      return end;
    });
    this.#packets = Buffer.concat(packets);
  }

  async open(port: number): Promise<void> {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    const { clientId, user, password } = this.#login;
    socket.on('error', (error) => this.#over.reject(error));
    socket.on('close', () => this.#over.reject(new Error(`The broker closed the connection of ${clientId}`)));
    const answer = once(socket, 'data');
    socket.write(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive: 0,
        clientId,
        username: user,
        password: Buffer.from(password),
      }),
    );
    const [bytes] = (await Promise.race([answer, this.#over.promise])) as [Buffer];
    if (bytes[0] !== CONNACK || bytes[3] !== 0) throw new Error(`The broker refused ${clientId}: ${bytes[3]}`);
    socket.on('data', (data: Buffer) => this.#count(data));
  }

  /** Sends what was loaded, never more than the window ahead of the acknowledgements; resolves after the last. */
  async sendAll(): Promise<void> {
    this.#onProgress = () => this.#pump();
    this.#pump();
    await this.#reached(() => this.#ends.length);
  }

  /** Sends one packet at once, whatever is unacknowledged. */
  send(packet: Buffer): void {
    this.#sent++;
    this.#socket?.write(packet);
  }

  /** Resolves when everything that was sent is acknowledged. */
  async drained(): Promise<void> {
    await this.#reached(() => this.#sent);
  }

  #pump(): void {
    const upTo = Math.min(this.#ends.length, this.#acknowledged + this.#window);
    // Some brokers acknowledge one by one; a write for each would make the publisher a load of its own.
    const isWorthAWrite = upTo - this.#sent >= this.#window / 4 || upTo === this.#ends.length;
    if (upTo === this.#sent || !isWorthAWrite) return;
    this.#socket?.write(this.#packets.subarray(this.#ends[this.#sent - 1] ?? 0, this.#ends[upTo - 1]));
    this.#sent = upTo;
  }

  async #reached(target: () => number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const proceed = this.#onProgress;
    this.#onProgress = () => {
      proceed();
      if (this.#acknowledged >= target()) resolve();
    };
    this.#onProgress();
    await Promise.race([promise, this.#over.promise]);
  }

  #count(data: Buffer): void {
    const bytes = this.#halfAnswer.length === 0 ? data : Buffer.concat([this.#halfAnswer, data]);
    const whole = bytes.length - (bytes.length % ANSWER_BYTES);
    for (let i = 0; i < whole; i += ANSWER_BYTES) {
      if (bytes[i] === PUBACK) this.#acknowledged++;
      else this.#over.reject(new Error(`Unexpected packet ${bytes[i]} from the broker`));
    }
    this.#halfAnswer = bytes.subarray(whole);
    this.#onProgress();
  }
}
