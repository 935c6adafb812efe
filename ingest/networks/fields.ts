import { isUtf8 } from 'node:buffer';
import { HubError } from '../../model/errors.ts';
import type { DevEui } from '../../model/uplink.ts';

/**
 * Reading fields of JSON that nobody vouches for. Hand-written rather than by schema: this runs for every message, and
 * only the few fields that the hub needs are looked at.
 */

export type Json = Readonly<Record<string, unknown>>;
/** An event under construction. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** LoRaWAN L2 1.0.4 §4.1: a PHYPayload, and so the application's part of it, has at most 255 bytes. */
const MAX_PAYLOAD_BYTES = 255;
const MAX_FCNT = 0xffff_ffff;
/** What a network server decoded is kept only if it is reasonable to hand around. */
const MAX_DEPTH = 32;

export const invalid = (detail: string): HubError => new HubError('HUB_ENVELOPE_INVALID', detail);

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body as a JSON object. Throws HUB_ENVELOPE_NOT_JSON, or HUB_ENVELOPE_INVALID where it is another JSON value. */
export const parseBody = (body: Uint8Array): Json => {
  const value = parseJson(body);
  if (!isJson(value)) throw invalid('The body is not a JSON object');
  return value;
};

/** The body as any JSON value. Throws HUB_ENVELOPE_NOT_JSON. */
export const parseJson = (body: Uint8Array): unknown => {
  if (!isUtf8(body)) throw new HubError('HUB_ENVELOPE_NOT_JSON', 'The body is not UTF-8');
  try {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new HubError('HUB_ENVELOPE_NOT_JSON', undefined, { cause });
  }
};

/**
 * The object itself, or the only one of a list. One message is one journal entry and one event, so that a list of several
 * uplinks is refused rather than cut: the network server is to push them one by one.
 */
export const soleOf = (value: unknown): Json => {
  const items = Array.isArray(value) ? value : [value];
  if (items.length > 1)
    throw invalid(`The message holds ${items.length} uplinks; let the network server send one at a time`);
  const [item] = items;
  if (!isJson(item)) throw invalid('The body is not a JSON object');
  return item;
};

export const objectOf = (parent: Json, name: string): Json | undefined => {
  const value = parent[name];
  return isJson(value) ? value : undefined;
};

/** Text of at most `max` characters, cut there; undefined for anything else and for empty text. */
export const textOf = (parent: Json, name: string, max = 200): string | undefined => {
  const value = parent[name];
  return typeof value === 'string' && value !== '' ? value.slice(0, max) : undefined;
};

/** A number within [min, max]; undefined for anything else. */
export const numberOf = (parent: Json, name: string, [min, max]: readonly [number, number]): number | undefined => {
  const value = parent[name];
  return typeof value === 'number' && value >= min && value <= max ? value : undefined;
};

/** A number, or one in digits, within [min, max]; undefined for anything else. */
export const anyNumber = (value: unknown, [min, max]: readonly [number, number]): number | undefined => {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= min && number <= max ? number : undefined;
};

const DECIMAL = /^[+-]?\d{1,20}(?:\.\d{1,20})?$/;

const integerOf = (parent: Json, name: string, max: number): number => {
  const value = parent[name] ?? 0;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw invalid(`${name} is not a whole number from 0 to ${max}`);
};

/** A frame counter; 0 where it is left out, as protobuf's JSON leaves out zeros. */
export const fCntOf = (parent: Json, name: string): number => integerOf(parent, name, MAX_FCNT);
export const fPortOf = (parent: Json, name: string): number => integerOf(parent, name, 255);

/** The same where the network server writes numbers as text, or some of its versions do. */
export const anyFCntOf = (parent: Json, name: string): number => integerOf(numeric(parent, name), name, MAX_FCNT);
export const anyFPortOf = (parent: Json, name: string): number => integerOf(numeric(parent, name), name, 255);

const numeric = (parent: Json, name: string): Json => {
  const value = parent[name];
  return typeof value === 'string' && /^\d{1,10}$/.test(value) ? { [name]: Number(value) } : parent;
};

const EUI = /^[0-9a-fA-F]{16}$/;
/** 24-e1-24-71-0b-00-00-01 and 24:e1:24:71:0b:00:00:01. */
const SEPARATED_EUI = /^[0-9a-fA-F]{2}(?:[-:][0-9a-fA-F]{2}){7}$/;
const DEV_ADDR = /^[0-9a-fA-F]{8}$/;

export const isEui = (text: unknown): text is string => typeof text === 'string' && EUI.test(text);

/** An EUI-64 in lower case without separators, whatever its spelling. */
export const euiOf = (value: unknown): string | undefined => {
  if (isEui(value)) return value.toLowerCase();
  return typeof value === 'string' && SEPARATED_EUI.test(value) ? value.replace(/[-:]/g, '').toLowerCase() : undefined;
};

export const devEuiOf = (value: unknown): DevEui => {
  const devEui = euiOf(value);
  if (devEui === undefined) throw new HubError('HUB_ENVELOPE_NO_DEVICE');
  return devEui;
};

export const devAddrOf = (value: unknown): string | undefined =>
  typeof value === 'string' && DEV_ADDR.test(value) ? value.toLowerCase() : undefined;

/** Padded or not: protobuf's JSON mapping accepts both. What is cut off within a byte is no base64. */
const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/][AQgw]|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048])?$/;

/**
 * Base64 of RFC 4648 §4, or the bytes of a protobuf message; undefined where absent or empty. Node's own decoder skips
 * what it does not know.
 */
export const payloadOf = (parent: Json, name: string): Uint8Array | undefined => {
  const value = parent[name] ?? '';
  if (value instanceof Uint8Array) return limited(value, name);
  if (typeof value !== 'string') throw invalid(`${name} is not text`);
  if (value === '') return undefined;
  if (value.length > Math.ceil(MAX_PAYLOAD_BYTES / 3) * 4) throw tooLong(name);
  if (!BASE64.test(value)) throw invalid(`${name} is not base64`);
  return Buffer.from(value, 'base64');
};

/** Pairs of hexadecimal digits; undefined where absent or empty. */
export const hexPayloadOf = (parent: Json, name: string): Uint8Array | undefined => {
  const value = parent[name] ?? '';
  if (typeof value !== 'string') throw invalid(`${name} is not text`);
  if (value === '') return undefined;
  if (value.length > MAX_PAYLOAD_BYTES * 2) throw tooLong(name);
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(value)) throw invalid(`${name} is not hexadecimal`);
  return Buffer.from(value, 'hex');
};

const limited = (bytes: Uint8Array, name: string): Uint8Array | undefined => {
  if (bytes.length > MAX_PAYLOAD_BYTES) throw tooLong(name);
  return bytes.length === 0 ? undefined : bytes;
};

const tooLong = (name: string): HubError =>
  invalid(`${name} is longer than the ${MAX_PAYLOAD_BYTES} bytes of a LoRaWAN frame`);

/** What the network server decoded, unless it is nested beyond reason or carries a key that poisons objects. */
export const decodedOf = (parent: Json, name: string): Json | undefined => {
  const value = parent[name];
  return isJson(value) && isHandable(value, MAX_DEPTH) ? value : undefined;
};

const isHandable = (value: object, depth: number): boolean => {
  if (depth === 0) return false;
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return false;
    const member: unknown = (value as Record<string, unknown>)[key];
    if (typeof member === 'object' && member !== null && !isHandable(member, depth - 1)) return false;
  }
  return true;
};
