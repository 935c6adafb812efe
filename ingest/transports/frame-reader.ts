import type { Buffer as Bytes } from 'node:buffer';

const PUBLISH = 3;
/** Largest packet other than PUBLISH: before its log-in a client may send no more at once, CONNECT needs no more. */
const MAX_CONTROL_BYTES = 64 * 1024;
/** Pieces of a packet that are held as they came; many small ones take far more memory than their bytes. */
const MAX_PARTS = 1024;
const MIN_MEAN_PART_BYTES = 64;
const NOTHING = Buffer.alloc(0);

/** A peer that does not speak MQTT as it is written, or sends more than it may. */
export class FrameError extends Error {
  declare readonly reason: 'malformed' | 'packetTooLarge' | 'overloaded';

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
  /** Largest PUBLISH that is accepted, in bytes. */
  limit = MAX_CONTROL_BYTES;
  readonly #source: () => Bytes | null;
  #held: Bytes = NOTHING;
  #parts: Bytes[] = [];
  #partsLength = 0;
  /** Bytes that must be there before another packet can be whole. */
  #needed = 2;

  constructor(source: () => Bytes | null) {
    this.#source = source;
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
      if (this.#parts.length > Math.max(MAX_PARTS, this.#partsLength / MIN_MEAN_PART_BYTES)) {
        this.#parts = [Buffer.concat(this.#parts)];
      }
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
    // An empty rest must not keep the memory of what was in front of it.
    this.#held = end === this.#held.length ? NOTHING : this.#held.subarray(end);
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
      if (byte < 0x80) return this.#checked(1 + i + length, this.#held[at] ?? 0);
    }
    throw new FrameError('malformed', 'The remaining length has more than four bytes');
  }

  #checked(size: number, head: number): number {
    const limit = head >> 4 === PUBLISH ? this.limit : Math.min(this.limit, MAX_CONTROL_BYTES);
    if (size <= limit) return size;
    throw new FrameError('packetTooLarge', `A packet of ${size} bytes; the limit is ${limit}`);
  }
}
