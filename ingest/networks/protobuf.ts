import protobuf from 'protobufjs/minimal.js';
import { HubError } from '../../model/errors.ts';
import type { Json } from './fields.ts';

/**
 * Reads protobuf messages into the members that the JSON of the same server has, so that one adapter reads both. Only the
 * members named in a shape are read; zeros are left out, as everywhere in proto3. Field by field with protobufjs' Reader:
 * its reflection would generate code at run time.
 */

const { Reader } = protobuf;
type Reader = protobuf.Reader;

const scalars = [
  'string',
  'uint32',
  'int32',
  'bool',
  'float',
  'double',
  'bytes',
  'hex',
  'timestamp',
  'struct',
] as const;
type Scalar = (typeof scalars)[number];

/** Members by field number: name and what is there. `hex` are bytes that JSON writes as hexadecimal digits. */
export interface Shape {
  readonly [field: number]: readonly [
    name: string,
    type: Scalar | { readonly one: Shape } | { readonly many: Shape } | { readonly names: readonly string[] },
  ];
}

/** Wire types, protobuf encoding §Message Structure. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

const wireTypes: Readonly<Record<Scalar, number>> = {
  string: LENGTH,
  uint32: VARINT,
  int32: VARINT,
  bool: VARINT,
  float: FIXED32,
  double: FIXED64,
  bytes: LENGTH,
  hex: LENGTH,
  timestamp: LENGTH,
  struct: LENGTH,
};

const MAX_DEPTH = 32;
/** A frame has some hearings and a decoded object some members; more is no message of a network server. */
const MAX_MEMBERS = 10_000;

/** Throws HUB_ENVELOPE_NOT_JSON where the bytes are no such message. */
export const decodeProtobuf = (body: Uint8Array, shape: Shape): Json => {
  try {
    if (body.length === 0) throw new RangeError('empty');
    const reader = Reader.create(body);
    return readMessage(reader, body.length, shape);
  } catch (cause) {
    throw new HubError('HUB_ENVELOPE_NOT_JSON', 'The body is neither JSON nor such a protobuf message', { cause });
  }
};

/** A JSON object or list, rather than a protobuf message: no message begins with the tags that `{` and `[` would be. */
export const isJsonText = (body: Uint8Array): boolean => {
  let at = 0;
  while (isBlank(body[at])) at++;
  return body[at] === 0x7b || body[at] === 0x5b;
};

const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

const readMessage = (reader: Reader, end: number, shape: Shape): Json => {
  const message: Record<string, unknown> = {};
  eachField(reader, end, (field, wireType) => {
    const member = shape[field];
    if (!member) return reader.skipType(wireType);
    const [name, type] = member;
    if (typeof type === 'string') message[name] = readScalar(reader, type, wireType);
    else if ('one' in type) message[name] = readMessage(reader, endOf(reader, wireType), type.one);
    else if ('names' in type) message[name] = type.names[readScalar(reader, 'uint32', wireType) as number];
    else addTo(message, name, readMessage(reader, endOf(reader, wireType), type.many));
  });
  return message;
};

const addTo = (message: Record<string, unknown>, name: string, item: Json): void => {
  const list = message[name];
  if (Array.isArray(list)) list.push(item);
  else message[name] = [item];
};

const eachField = (reader: Reader, end: number, read: (field: number, wireType: number) => unknown): void => {
  for (let count = 0; reader.pos < end; count++) {
    if (count > MAX_MEMBERS) throw new RangeError('too many members');
    const tag = reader.uint32();
    read(tag >>> 3, tag & 7);
  }
  if (reader.pos !== end) throw new RangeError('a member is longer than its message');
};

/** Where the length-delimited field that begins here ends. */
const endOf = (reader: Reader, wireType: number): number => {
  if (wireType !== LENGTH) throw new RangeError('unexpected wire type');
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('a member is longer than its message');
  return end;
};

const readScalar = (reader: Reader, type: Scalar, wireType: number): unknown => {
  if (wireType !== wireTypes[type]) throw new RangeError('unexpected wire type');
  switch (type) {
    case 'string':
      return reader.string();
    case 'uint32':
      return reader.uint32();
    case 'int32':
      return reader.int32();
    case 'bool':
      return reader.bool();
    case 'float':
      // The shortest decimal that names this single, as JSON has it.
      return Number(reader.float().toPrecision(7));
    case 'double':
      return reader.double();
    case 'bytes':
      return reader.bytes();
    case 'hex':
      return Buffer.from(reader.bytes()).toString('hex');
    case 'timestamp':
      return readTimestamp(reader, endOf(reader, wireType));
    case 'struct':
      return readDecoded(reader, endOf(reader, wireType));
  }
};

/** protobufjs answers a number where no library of 64 bit integers is there; seconds fit into either. */
const wholeOf = (value: unknown): number => {
  if (typeof value === 'number') return value;
  const { high, low } = value as { high: number; low: number };
  return high * 2 ** 32 + (low >>> 0);
};

/** google.protobuf.Timestamp as RFC 3339. */
const readTimestamp = (reader: Reader, end: number): string => {
  let seconds = 0;
  let nanos = 0;
  eachField(reader, end, (field, wireType) => {
    if (field === 1 && wireType === VARINT) seconds = wholeOf(reader.int64());
    else if (field === 2 && wireType === VARINT) nanos = reader.int32();
    else reader.skipType(wireType);
  });
  return new Date(seconds * 1000 + Math.floor(nanos / 1e6)).toISOString();
};

/** What the server decoded is worth less than the frame: it is left out where it is broken or nested beyond reason. */
const readDecoded = (reader: Reader, end: number): Json | undefined => {
  try {
    return readStruct(reader, end, MAX_DEPTH);
  } catch {
    reader.pos = end;
    return undefined;
  }
};

/** google.protobuf.Struct as an object. Entries are collected first: a key may be `__proto__`. */
const readStruct = (reader: Reader, end: number, depth: number): Json => {
  const entries: [string, unknown][] = [];
  eachField(reader, end, (field, wireType) => {
    if (field === 1) entries.push(readEntry(reader, endOf(reader, wireType), depth));
    else reader.skipType(wireType);
  });
  return Object.fromEntries(entries);
};

const readEntry = (reader: Reader, end: number, depth: number): [string, unknown] => {
  let key = '';
  let value: unknown = null;
  eachField(reader, end, (field, wireType) => {
    if (field === 1) key = readScalar(reader, 'string', wireType) as string;
    else if (field === 2) value = readValue(reader, endOf(reader, wireType), depth);
    else reader.skipType(wireType);
  });
  return [key, value];
};

/** google.protobuf.Value: null, number, text, truth, object or list. */
const readValue = (reader: Reader, end: number, depth: number): unknown => {
  if (depth === 0) throw new RangeError('nested too deeply');
  let value: unknown = null;
  eachField(reader, end, (field, wireType) => {
    if (field === 2) value = readScalar(reader, 'double', wireType);
    else if (field === 3) value = readScalar(reader, 'string', wireType);
    else if (field === 4) value = readScalar(reader, 'bool', wireType);
    else if (field === 5) value = readStruct(reader, endOf(reader, wireType), depth - 1);
    else if (field === 6) value = readList(reader, endOf(reader, wireType), depth - 1);
    else reader.skipType(wireType);
  });
  return value;
};

const readList = (reader: Reader, end: number, depth: number): unknown[] => {
  const list: unknown[] = [];
  eachField(reader, end, (field, wireType) => {
    if (field === 1) list.push(readValue(reader, endOf(reader, wireType), depth));
    else reader.skipType(wireType);
  });
  return list;
};

/** As decodeProtobuf, for bytes of which nobody has said what they are; undefined where they are no such message. */
export const tryProtobuf = (body: Uint8Array, shape: Shape): Json | undefined => {
  try {
    return decodeProtobuf(body, shape);
  } catch {
    return undefined;
  }
};
