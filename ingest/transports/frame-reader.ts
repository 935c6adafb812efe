import type { Buffer as Bytes } from 'node:buffer';

/** A peer that does not speak MQTT as it is written, or sends more than it may. */
export class FrameError extends Error {
  declare readonly reason: 'malformed' | 'packetTooLarge';

  constructor(reason: FrameError['reason'], detail: string) {
    super(detail);
    this.name = 'FrameError';
    Object.defineProperty(this, 'reason', { value: reason });
  }
}

/**
 * Cuts a stream into whole MQTT packets (MQTT 3.1.1 §2.2), so that many can be handed on at once and none that is too
 * large is ever collected: Node answers one chunk per `read()`, and a packet handler that asks once per packet batch
 * would otherwise get one chunk of 64 KiB at a time or, over WebSocket, stop.
 */
export class FrameReader {
  /** Largest packet that is accepted, in bytes. */
  limit: number;
  readonly #source: () => Bytes | null;
  #held: Bytes = Buffer.alloc(0);
  #parts: Bytes[] = [];
  #partsLength = 0;
  /** Bytes that must be there before another packet can be whole. */
  #needed = 2;

  constructor(source: () => Bytes | null, limit: number) {
    this.#source = source;
    this.limit = limit;
  }

  /** Bytes that wait here. */
  get heldBytes(): number {
    return this.#held.length + this.#partsLength;
  }

  /** At most `count` whole packets in one piece, or null if there is none. Throws FrameError. */
  take(count: number): Bytes | null {
    return this.#cut(count) ?? (this.#pull() ? this.#cut(count) : null);
  }

  #pull(): boolean {
    const before = this.#partsLength;
    for (let part = this.#source(); part !== null; part = this.#source()) {
      this.#parts.push(part);
      this.#partsLength += part.length;
    }
    return this.#partsLength > before;
  }

  #cut(count: number): Bytes | null {
    if (this.heldBytes < this.#needed) return null;
    if (this.#parts.length > 0) {
      this.#held =
        this.#held.length === 0 && this.#parts.length === 1
          ? (this.#parts[0] as Bytes)
          : Buffer.concat([this.#held, ...this.#parts]);
      this.#parts = [];
      this.#partsLength = 0;
    }
    const end = this.#walk(count);
    if (end === 0) return null;
    const frames = this.#held.subarray(0, end);
    this.#held = this.#held.subarray(end);
    return frames;
  }

  /** End of the last whole packet. */
  #walk(count: number): number {
    let at = 0;
    this.#needed = 2;
    for (let i = 0; i < count; i++) {
      const size = this.#sizeAt(at);
      if (at + size > this.#held.length) {
        this.#needed = size;
        break;
      }
      at += size;
    }
    return at;
  }

  /** Size of the packet at `at`, or more than there is where even its length is not whole. */
  #sizeAt(at: number): number {
    let length = 0;
    for (let i = 1; i <= 4; i++) {
      const byte = this.#held[at + i];
      if (byte === undefined) return i + 1;
      length += (byte & 0x7f) * 128 ** (i - 1);
      if (byte < 0x80) return this.#checked(1 + i + length);
    }
    throw new FrameError('malformed', 'The remaining length has more than four bytes');
  }

  #checked(size: number): number {
    if (size <= this.limit) return size;
    throw new FrameError('packetTooLarge', `A packet of ${size} bytes; the limit is ${this.limit}`);
  }
}
