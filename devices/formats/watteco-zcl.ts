import type { Codec, CodecResult } from '../codec.ts';
import { payloadError } from './byte-reader.ts';
import type { Fields } from './part.ts';
import { type BatchLayout, decodeBatch } from './watteco-batch.ts';
import { readCauses } from './watteco-causes.ts';
import { type Attribute, type Attributes, attributeKey } from './watteco-clusters.ts';
import { hexOf, type Item, readItems, readRaw, valueSlice } from './watteco-value.ts';

// Standard frames of Watteco (nke) devices, big endian: control byte (bit 0: standard, endpoint in bits 5..7 and 1..2),
// command, cluster u16, then by command. Bit 0 clear: a batch frame, see watteco-batch.ts.
// After support.watteco.com and the "standard" codec of Watteco/Codec-API-LoRaWAN.

export interface WattecoFormat {
  readonly attributes: Attributes;
  /** Attributes that no table lists, e.g. those of the TIC clusters. */
  readonly find?: (cluster: number, attribute: number) => Attribute | undefined;
  /** Names of the inputs by endpoint, for the attributes that several endpoints have. */
  readonly endpoints?: Readonly<Record<string, readonly string[]>>;
  /** How the model packs its batches; the first layout that fits is taken. */
  readonly batches?: readonly BatchLayout[];
}

const REPORT = 0x0a;
const ALARM = 0x8a;
const READ_RESPONSE = 0x01;
const CONFIGURE_RESPONSE = 0x07;
const READ_CONFIGURATION_RESPONSE = 0x09;

export const wattecoCodec = (format: WattecoFormat): Codec => {
  const resolve = attributeResolver(format);
  return {
    decodeUplink({ bytes, receivedAt }) {
      if (bytes.length < 2) throw payloadError(`A frame has at least 2 bytes, not ${bytes.length}`);
      if (((bytes[0] ?? 0) & 1) === 0) return decodeBatch(bytes, format.batches ?? [], receivedAt);
      return decodeStandard(bytes, resolve);
    },
  };
};

type Resolve = (cluster: number, attribute: number, endpoint: number) => Attribute;

/** Finds an attribute with the names of its endpoint; those of the table are kept once found. */
const attributeResolver = ({ attributes, find, endpoints = {} }: WattecoFormat): Resolve => {
  const known = new Map<number, Attribute>();
  const named = (item: Item, endpoint: number): Item => {
    const names = endpoints[item.field];
    if (!names) return item;
    const field = names[endpoint];
    if (field === undefined) throw payloadError(`Endpoint ${endpoint} of this model has no ${item.field}`);
    return { ...item, field };
  };
  return (cluster, attribute, endpoint) => {
    const key = attributeKey(cluster, attribute);
    const found = known.get(key * 32 + endpoint);
    if (found) return found;
    const plain = attributes[key] ?? find?.(cluster, attribute);
    if (!plain)
      throw payloadError(`This model has no attribute ${hexOf(attribute, 4)} of cluster ${hexOf(cluster, 4)}`);
    const resolved = plain.items ? { ...plain, items: plain.items.map((item) => named(item, endpoint)) } : plain;
    if (attributes[key]) known.set(key * 32 + endpoint, resolved);
    return resolved;
  };
};

const u16At = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

const needs = (bytes: Uint8Array, size: number): void => {
  if (bytes.length < size) throw payloadError(`The frame ends early: ${bytes.length} bytes, at least ${size} expected`);
};

const decodeStandard = (bytes: Uint8Array, resolve: Resolve): CodecResult => {
  const control = bytes[0] ?? 0;
  const endpoint = ((control & 0xe0) >> 5) | ((control & 0x06) << 2);
  const command = bytes[1] ?? 0;
  switch (command) {
    case REPORT:
    case ALARM:
      return decodeReport(bytes, endpoint, resolve);
    case READ_RESPONSE:
      return decodeReadResponse(bytes, endpoint, resolve);
    case CONFIGURE_RESPONSE:
    case READ_CONFIGURATION_RESPONSE:
      return decodeConfiguration(bytes, endpoint);
    default:
      throw payloadError(`No command ${hexOf(command, 2)}`);
  }
};

const decodeReport = (bytes: Uint8Array, endpoint: number, resolve: Resolve): CodecResult => {
  needs(bytes, 8);
  const fields: Fields = {};
  const attribute = resolve(u16At(bytes, 2), u16At(bytes, 4), endpoint);
  const { end, items } = readValue(bytes, 7, attribute, fields);
  if (bytes[1] === ALARM) fields.alarm = true;
  if (end >= bytes.length) return { records: [{ fields }], warnings: [] };
  const rest = readCauses({ bytes, at: end, items, indexed: bytes[6] === BYTE_STRING }, fields);
  return { records: [{ fields }], warnings: rest === undefined ? [] : [rest] };
};

const BYTE_STRING = 0x41;

interface Value {
  readonly end: number;
  /** The attribute's numbers in the size that they have in this frame. */
  readonly items: readonly Item[];
}

/** Reads the value whose type stands before `at`. */
const readValue = (bytes: Uint8Array, at: number, { items = [], read }: Attribute, fields: Fields): Value => {
  const type = bytes[at - 1] ?? 0;
  const slice = valueSlice(bytes, at, type);
  if (read) {
    read(slice, fields);
    return { end: slice.end, items };
  }
  const [only] = items;
  const sized = items.length === 1 && only ? [asTyped(only, type, slice.end - slice.at)] : items;
  readItems(slice, sized, fields);
  return { end: slice.end, items: sized };
};

/** A number of the size and sign that its type says; some firmware sends another one than the cluster's page. */
const asTyped = (item: Item, type: number, size: number): Item => {
  const signed = item.signed || (type >= 0x28 && type <= 0x2b);
  if (size !== 1 && size !== 2 && size !== 3 && size !== 4) return item;
  return size === item.size && signed === (item.signed ?? false) ? item : { ...item, size, signed };
};

const decodeReadResponse = (bytes: Uint8Array, endpoint: number, resolve: Resolve): CodecResult => {
  needs(bytes, 7);
  const status = bytes[6] ?? 0;
  if (status !== 0) return { records: [{ fields: { ...headOf(bytes, endpoint, 4), status } }], warnings: [] };
  needs(bytes, 9);
  const fields: Fields = {};
  readValue(bytes, 8, resolve(u16At(bytes, 2), u16At(bytes, 4), endpoint), fields);
  return { records: [{ fields }], warnings: [] };
};

const headOf = (bytes: Uint8Array, endpoint: number, attributeAt: number): Fields => ({
  report: 'standard',
  endpoint,
  cmd_id: hexOf(bytes[1] ?? 0, 2),
  clust_id: hexOf(u16At(bytes, 2), 4),
  att_id: hexOf(u16At(bytes, attributeAt), 4),
});

const causeRequests = ['none', 'short', 'long', 'reserved'];

/** Answers to "configure reporting" and "read the configuration of reporting". */
const decodeConfiguration = (bytes: Uint8Array, endpoint: number): CodecResult => {
  needs(bytes, 8);
  const parameters = bytes[5] ?? 0;
  const fields: Fields = {
    ...headOf(bytes, endpoint, 6),
    status: bytes[4] ?? 0,
    new_mode_configuration: (parameters & 0x80) !== 0,
    cause_request: causeRequests[(parameters >> 4) & 3] ?? 'none',
    secured_if_alarm: (parameters & 0x08) !== 0,
    secured: (parameters & 0x04) !== 0,
    no_hearde_port: (parameters & 0x02) !== 0,
    batch: (parameters & 0x01) !== 0,
  };
  if (bytes[1] === CONFIGURE_RESPONSE) return { records: [{ fields }], warnings: [] };
  if (bytes.length >= 13) readIntervals(bytes, fields);
  // Node power descriptor: blocks of mode, source, delta in mV and changed source; the last one counts.
  if (u16At(bytes, 2) === 0x0050 && u16At(bytes, 6) === 0x0006) readPowerReporting(bytes, fields);
  return { records: [{ fields }], warnings: [] };
};

const readIntervals = (bytes: Uint8Array, fields: Fields): void => {
  fields.attribut_type = bytes[8] ?? 0;
  for (const [name, at] of [['min', 9] as const, ['max', 11] as const]) {
    const raw = u16At(bytes, at);
    fields[name] = raw & 0x7fff;
    fields[`${name}_unit`] = (raw & 0x8000) !== 0 ? 'minutes' : 'seconds';
  }
};

const readPowerReporting = (bytes: Uint8Array, fields: Fields): void => {
  const end = Math.min(bytes.length, 14 + (bytes[13] ?? 0));
  for (let at = 14; at + 5 <= end; at += 5) {
    fields.modepower = bytes[at] ?? 0;
    fields.powersource = bytes[at + 1] ?? 0;
    fields.delta = readRaw(bytes, at + 2, { size: 2 });
    fields.changedpowersource = bytes[at + 4] ?? 0;
  }
};
