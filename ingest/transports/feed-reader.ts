import type { Duplex } from 'node:stream';
import mqttPacket from 'mqtt-packet';
import type { FeedMessage } from '../../model/ports.ts';

/** Messages that may wait for a reader; what it asked to catch up with does not count. */
const MAX_WAITING = 1_000;
/** Unacknowledged messages of QoS 1. */
const MAX_IN_FLIGHT = 20;
/** Messages that are written before others of the thread have their turn. */
const MESSAGES_A_TURN = 100;
const MAX_PACKET_ID = 65_535;

export interface FeedItem {
  readonly message: FeedMessage;
  readonly qos: 0 | 1;
  /** Its packet of QoS 0. */
  readonly bytes: Uint8Array;
}

interface CatchUp {
  readonly messages: Iterator<FeedMessage>;
  readonly qos: 0 | 1;
}

/**
 * Writes the public feed to one client of the embedded broker as fast as the client takes it. A session ends with its
 * connection, so that nothing need ever be sent again: QoS 1 bounds how much is on the way.
 */
export class FeedReader {
  readonly #out: Duplex;
  readonly #onSlow: () => void;
  readonly #waiting: FeedItem[] = [];
  readonly #catchUps = new Map<string, CatchUp>();
  #inFlight = 0;
  #packetId = 0;
  #isScheduled = false;

  constructor({ out, onSlow }: { out: Duplex; onSlow: () => void }) {
    this.#out = out;
    this.#onSlow = onSlow;
    out.on('drain', () => this.#write());
  }

  take(item: FeedItem): void {
    if (this.#out.destroyed) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.#onSlow();
      this.#waiting.length = 0;
      this.#catchUps.clear();
      this.#out.destroy();
      return;
    }
    this.#waiting.push(item);
    this.#schedule();
  }

  /** What a filter holds, taken one by one as there is room; asking again while it is on its way changes nothing. */
  catchUp(filter: string, { messages, qos }: { messages: Iterable<FeedMessage>; qos: 0 | 1 }): void {
    if (!this.#catchUps.has(filter)) this.#catchUps.set(filter, { messages: messages[Symbol.iterator](), qos });
    this.#schedule();
  }

  acknowledged(): void {
    if (this.#inFlight > 0) this.#inFlight--;
    this.#schedule();
  }

  /** Later in this turn of the thread, for all that came together, and after the answer to a SUBSCRIBE. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#write();
    });
  }

  #write(): void {
    if (this.#out.destroyed) return;
    this.#out.cork();
    let written = 0;
    while (written < MESSAGES_A_TURN && this.#hasRoom() && this.#next()) written++;
    this.#out.uncork();
    if (written === MESSAGES_A_TURN) this.#schedule();
  }

  #hasRoom(): boolean {
    return !this.#out.writableNeedDrain && this.#inFlight < MAX_IN_FLIGHT;
  }

  /** Writes one message, news before what is caught up with; false where there is none. */
  #next(): boolean {
    const item = this.#waiting.shift();
    if (item) {
      this.#out.write(item.qos === 0 ? item.bytes : this.#packet(item.message, { qos: 1, retain: false }));
      return true;
    }
    for (const [filter, { messages, qos }] of this.#catchUps) {
      const { value, done } = messages.next();
      if (!done) {
        this.#out.write(this.#packet(value, { qos, retain: true }));
        return true;
      }
      this.#catchUps.delete(filter);
    }
    return false;
  }

  #packet({ topic, payload }: FeedMessage, { qos, retain }: { qos: 0 | 1; retain: boolean }): Buffer {
    if (qos === 1) {
      this.#inFlight++;
      this.#packetId = (this.#packetId % MAX_PACKET_ID) + 1;
    }
    return mqttPacket.generate({
      cmd: 'publish',
      topic,
      payload: Buffer.from(payload),
      qos,
      retain,
      dup: false,
      ...(qos === 1 && { messageId: this.#packetId }),
    });
  }
}
