import type { Duplex } from 'node:stream';

/** A client that does not read its acknowledgements is given up at this many bytes. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/**
 * Gathers the PUBACKs (MQTT 3.1.1 §3.4, the same bytes in MQTT 5 for success) of messages that became durable together
 * and writes them as one piece: one system call per commit rather than one per message.
 */
export class PublisherAcks {
  readonly #connection: Duplex;
  readonly #flushed: (count: number) => void;
  #ids: number[] = [];

  constructor(connection: Duplex, flushed: (count: number) => void) {
    this.#connection = connection;
    this.#flushed = flushed;
  }

  add(messageId: number): void {
    // Runs after every promise that the commit resolved has had its turn.
    if (this.#ids.length === 0) process.nextTick(() => this.#flush());
    this.#ids.push(messageId);
  }

  #flush(): void {
    const ids = this.#ids;
    this.#ids = [];
    if (this.#connection.destroyed || !this.#connection.writable) return;
    const bytes = Buffer.allocUnsafe(ids.length * 4);
    for (const [i, id] of ids.entries()) {
      bytes.writeUInt16BE(0x4002, i * 4);
      bytes.writeUInt16BE(id, i * 4 + 2);
    }
    this.#connection.write(bytes);
    this.#flushed(ids.length);
    if (this.#connection.writableLength > MAX_UNREAD_BYTES) {
      this.#connection.destroy(new Error('The client does not read its acknowledgements'));
    }
  }
}
