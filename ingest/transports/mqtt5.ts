/**
 * MQTT 5 for a broker that writes MQTT 3.1.1 (aedes 1.2 refuses protocol level 5, which ChirpStack 4 speaks). What
 * clients send is parsed as MQTT 5 by mqtt-packet; here the few packets whose form differs are rewritten on their way
 * out. PUBACK, PUBREC, PUBREL, PUBCOMP and PINGRESP are the same in both where they report success.
 * Sections are those of the OASIS standard, MQTT Version 5.0.
 */

const CONNACK = 2;
const PUBLISH = 3;
const SUBACK = 9;
const UNSUBSCRIBE = 10;
const UNSUBACK = 11;

/** Return code of a MQTT 3.1.1 CONNACK to reason code, §3.2.2.2. */
const connectReasons: Readonly<Record<number, number>> = { 1: 0x84, 2: 0x85, 3: 0x88, 4: 0x86, 5: 0x87 };

export interface Mqtt5Limits {
  readonly maxPacketBytes: number;
  /** How many unacknowledged messages a client may have on the way, §3.2.2.3.3. */
  readonly receiveMaximum: number;
  /** Whether this client is sent retained messages, §3.2.2.3.5; asked once it is known who it is. */
  readonly retains?: () => boolean;
  /** Set where the client left its id to the broker, §3.2.2.3.7. */
  readonly assignedClientId?: string;
}

export const remainingLength = (length: number): number[] => {
  const bytes: number[] = [];
  let rest = length;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return bytes;
};

const packet = (head: number, ...parts: (Uint8Array | readonly number[])[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([head, ...remainingLength(body.length)]), body]);
};

const uint32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
const uint16 = (value: number): number[] => [value >>> 8, value & 0xff];

const connectProperties = ({ maxPacketBytes, receiveMaximum, retains, assignedClientId }: Mqtt5Limits): number[] => {
  const id = assignedClientId === undefined ? undefined : Buffer.from(assignedClientId);
  const noExpiry = [0x11, ...uint32(0)];
  const receive = [0x21, ...uint16(receiveMaximum)];
  const noRetained = retains?.() ? [] : [0x25, 0];
  const largest = [0x27, ...uint32(maxPacketBytes)];
  const noSubscriptionIds = [0x29, 0];
  const assigned = id ? [0x12, ...uint16(id.length), ...id] : [];
  return [...noExpiry, ...receive, ...noRetained, ...largest, ...noSubscriptionIds, ...assigned];
};

/** Rewrites the MQTT 3.1.1 packets of one connection, which may come in pieces, to MQTT 5. */
export class Mqtt5Writer {
  readonly #limits: Mqtt5Limits;
  readonly #unsubscribed: number[] = [];
  #pending: Buffer = Buffer.alloc(0);

  constructor(limits: Mqtt5Limits) {
    this.#limits = limits;
  }

  /** An UNSUBACK of MQTT 5 answers each filter of its UNSUBSCRIBE: their number is taken on the way in. */
  noteUnsubscribe(filters: number): void {
    this.#unsubscribed.push(filters);
  }

  rewrite(piece: Uint8Array): Buffer {
    this.#pending = this.#pending.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#pending, piece]);
    const out: Buffer[] = [];
    for (let size = this.#wholePacket(); size > 0; size = this.#wholePacket()) {
      out.push(this.#rewritePacket(this.#pending.subarray(0, size)));
      this.#pending = this.#pending.subarray(size);
    }
    return Buffer.concat(out);
  }

  #wholePacket(): number {
    let length = 0;
    for (let i = 1; i <= 4; i++) {
      const byte = this.#pending[i];
      if (byte === undefined) return 0;
      length += (byte & 0x7f) * 128 ** (i - 1);
      if (byte < 0x80) return this.#pending.length >= 1 + i + length ? 1 + i + length : 0;
    }
    return 0;
  }

  #rewritePacket(whole: Buffer): Buffer {
    const head = whole[0] ?? 0;
    const start = whole.findIndex((byte, i) => i > 0 && byte < 0x80) + 1;
    const body = whole.subarray(start);
    switch (head >> 4) {
      case CONNACK:
        return this.#connack(head, body);
      case PUBLISH: {
        const topicEnd = 2 + body.readUInt16BE(0);
        const end = topicEnd + ((head & 0x06) > 0 ? 2 : 0);
        return packet(head, body.subarray(0, end), [0], body.subarray(end));
      }
      case SUBACK:
        return packet(head, body.subarray(0, 2), [0], body.subarray(2));
      case UNSUBACK:
        return packet(head, body.subarray(0, 2), [0], new Uint8Array(this.#unsubscribed.shift() ?? 1));
      default:
        return whole;
    }
  }

  #connack(head: number, body: Buffer): Buffer {
    const [session = 0, code = 0] = body;
    const reason = code === 0 ? 0 : (connectReasons[code] ?? 0x80);
    const properties = reason === 0 ? connectProperties(this.#limits) : [];
    return packet(head, [session, reason], remainingLength(properties.length), properties);
  }
}

/** Numbers of filters of the UNSUBSCRIBE packets among whole packets, §3.10.3. */
export const unsubscribesIn = (frames: Buffer): number[] => {
  const counts: number[] = [];
  for (let at = 0; at < frames.length; ) {
    const type = (frames[at] ?? 0) >> 4;
    let [length, width] = [0, 0];
    do {
      width++;
      length += ((frames[at + width] ?? 0) & 0x7f) * 128 ** (width - 1);
    } while ((frames[at + width] ?? 0) >= 0x80);
    const start = at + 1 + width;
    at = start + length;
    if (type === UNSUBSCRIBE) counts.push(countFilters(frames.subarray(start, at)));
  }
  return counts;
};

const countFilters = (body: Buffer): number => {
  let count = 0;
  let at = 2;
  let [properties, width] = [0, 0];
  do {
    properties += ((body[at + width] ?? 0) & 0x7f) * 128 ** width;
    width++;
  } while ((body[at + width - 1] ?? 0) >= 0x80);
  at += width + properties;
  for (; at + 2 <= body.length; count++) at += 2 + body.readUInt16BE(at);
  return count;
};
