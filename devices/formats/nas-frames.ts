import type { Codec, DownlinkEncoder } from '../codec.ts';
import { payloadError, readU8, remaining } from './byte-reader.ts';
import type { Bytes } from './byte-writer.ts';
import { given, type NasData, type NasPart, type NasReader } from './nas-parts.ts';
import { readAll, writeAll } from './nas-structure.ts';
import type { Fields } from './part.ts';

/** One kind of packet: its name, the byte that it begins with, what follows. */
export interface NasPacket {
  readonly type: string;
  /** undefined: the only packet of its port has none. */
  readonly head: number | undefined;
  readonly parts: readonly NasPart[];
  /** Other names under which a downlink may ask for it. */
  readonly aliases?: readonly string[];
}

export const packet = (type: string, head: number | undefined, ...parts: readonly NasPart[]): NasPacket => ({
  type,
  head,
  parts,
});

/** Packets by fPort. */
export type NasPackets = Readonly<Record<number, readonly NasPacket[]>>;

type Heads = ReadonlyMap<number | undefined, NasPacket>;

const byHead = (packets: readonly NasPacket[]): Heads => new Map(packets.map((entry) => [entry.head, entry]));

const readPacket = (packets: Heads, from: NasReader, into: Fields): void => {
  if (remaining(from) === 0) throw payloadError('The frame is empty');
  const found = packets.get(undefined) ?? packets.get(readU8(from));
  if (!found) {
    const head = from.bytes[from.at - 1] ?? 0;
    throw payloadError(`Packets of this port do not begin with 0x${head.toString(16).padStart(2, '0')}`);
  }
  into.packet_type = found.type;
  readAll(found.parts, from, into);
};

/** A packet is a record; entries of its lists are records behind it. */
export const nasCodec = (packets: NasPackets): Codec => {
  const ports = new Map(Object.entries(packets).map(([fPort, list]) => [Number(fPort), byHead(list)]));
  return {
    decodeUplink: ({ fPort, bytes }) => {
      const port = ports.get(fPort);
      if (!port) throw payloadError(`No packets are known of fPort ${fPort}`);
      const main: Fields = {};
      const reader: NasReader = { bytes, at: 0, records: [main], warnings: [], counts: {} };
      readPacket(port, reader, main);
      if (remaining(reader) > 0)
        throw payloadError(`${remaining(reader)} bytes too many for a ${String(main.packet_type)}`);
      return { records: reader.records.map((fields) => ({ fields })), warnings: reader.warnings };
    },
  };
};

/** Several packets in one, each a record of its own. */
export const chained = (packets: () => readonly NasPacket[]): NasPart => ({
  field: 'payloads',
  read: (from) => {
    const heads = byHead(packets());
    while (remaining(from) > 0) {
      const into: Fields = {};
      from.records.push(into);
      from.counts = {};
      readPacket(heads, from, into);
    }
  },
  write: (out, data) => {
    const list = given(data, 'payloads');
    if (!Array.isArray(list)) throw payloadError('payloads is a list of packets');
    for (const entry of list as NasData[]) writePacket(packets(), out, entry);
  },
});

const writePacket = (packets: readonly NasPacket[], out: Bytes, data: NasData): void => {
  const type = typeof data === 'object' && data !== null ? data.packet_type : undefined;
  const found = packets.find(({ type: name, aliases }) => name === type || aliases?.includes(String(type)));
  if (!found)
    throw payloadError(`No packet "${String(type)}"; known: ${packets.map(({ type: name }) => name).join(', ')}`);
  if (found.head !== undefined) out.push(found.head);
  writeAll(found.parts, out, data);
};

/** The longest payload of LoRaWAN in Europe (RP002-1.0.4, EU863-870, DR7). */
const LONGEST = 242;

/**
 * Packets by their names in nasys/nas-codecs: `packet_type`, and fields either as there (`fade_duration__s`) or as ours
 * (`fade_duration_s`).
 */
export const nasDownlinks = (packets: NasPackets): DownlinkEncoder => ({
  encodeDownlink: (input) => {
    const data = spelled(input) as NasData;
    const ports = Object.entries(packets);
    const port = ports.find(([, list]) =>
      list.some(({ type, aliases }) => type === data.packet_type || aliases?.includes(String(data.packet_type))),
    );
    if (!port) {
      const known = ports.flatMap(([, list]) => list.map(({ type }) => type)).join(', ');
      throw payloadError(`No packet_type "${String(data.packet_type)}"; known: ${known}`);
    }
    const out: Bytes = [];
    writePacket(port[1], out, data);
    if (out.length > LONGEST) throw payloadError(`${out.length} bytes are more than the ${LONGEST} that a frame holds`);
    return { fPort: Number(port[0]), bytes: Uint8Array.from(out) };
  },
});

/** Names as our fields are spelled, in lists and objects too. */
const spelled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.replace(/[^A-Za-z0-9]+/g, '_').toLowerCase(), spelled(inner)]),
  );
};
