import { isUtf8 } from 'node:buffer';
import { HubError } from '../../model/errors.ts';
import { type EpochMs, PLAUSIBLE_TIME, parseRfc3339 } from '../../model/time.ts';
import type { DevEui, Reception } from '../../model/uplink.ts';

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
const MAX_RECEPTIONS = 100;
const SIGNAL_DBM = [-250, 50] as const;
const SIGNAL_DB = [-100, 100] as const;

export const invalid = (detail: string): HubError => new HubError('HUB_ENVELOPE_INVALID', detail);

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body as a JSON object. Throws HUB_ENVELOPE_NOT_JSON, or HUB_ENVELOPE_INVALID where it is another JSON value. */
export const parseBody = (body: Uint8Array): Json => {
  if (!isUtf8(body)) throw new HubError('HUB_ENVELOPE_NOT_JSON', 'The body is not UTF-8');
  let value: unknown;
  try {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new HubError('HUB_ENVELOPE_NOT_JSON', undefined, { cause });
  }
  if (!isJson(value)) throw invalid('The body is not a JSON object');
  return value;
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

const integerOf = (parent: Json, name: string, max: number): number => {
  const value = parent[name] ?? 0;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw invalid(`${name} is not a whole number from 0 to ${max}`);
};

/** A frame counter; 0 where it is left out, as protobuf's JSON leaves out zeros. */
export const fCntOf = (parent: Json, name: string): number => integerOf(parent, name, MAX_FCNT);
export const fPortOf = (parent: Json, name: string): number => integerOf(parent, name, 255);

const EUI = /^[0-9a-fA-F]{16}$/;
const DEV_ADDR = /^[0-9a-fA-F]{8}$/;

export const isEui = (text: unknown): text is string => typeof text === 'string' && EUI.test(text);

export const devEuiOf = (value: unknown): DevEui => {
  if (!isEui(value)) throw new HubError('HUB_ENVELOPE_NO_DEVICE');
  return value.toLowerCase();
};

export const devAddrOf = (value: unknown): string | undefined =>
  typeof value === 'string' && DEV_ADDR.test(value) ? value.toLowerCase() : undefined;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Base64 of RFC 4648 §4, padded; undefined where absent or empty. Node's own decoder skips what it does not know. */
export const payloadOf = (parent: Json, name: string): Uint8Array | undefined => {
  const value = parent[name] ?? '';
  if (typeof value !== 'string') throw invalid(`${name} is not text`);
  if (value === '') return undefined;
  if (value.length > Math.ceil(MAX_PAYLOAD_BYTES / 3) * 4) {
    throw invalid(`${name} is longer than the ${MAX_PAYLOAD_BYTES} bytes of a LoRaWAN frame`);
  }
  if (!BASE64.test(value)) throw invalid(`${name} is not base64`);
  return Buffer.from(value, 'base64');
};

/** An RFC 3339 time that no broken clock wrote. */
export const timeOf = (value: unknown): EpochMs | undefined => {
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const time = parseUtc(value) ?? parseRfc3339(value);
  return time !== undefined && time >= PLAUSIBLE_TIME.min && time < PLAUSIBLE_TIME.max ? time : undefined;
};

/**
 * The two spellings of UTC that network servers use, `…Z` and `…+00:00`, twice as fast as by regular expression: several
 * times are read of every message. undefined for everything else, right or wrong.
 */
const parseUtc = (text: string): EpochMs | undefined => {
  const end = text.endsWith('Z') ? text.length - 1 : text.endsWith('+00:00') ? text.length - 6 : 0;
  if (end < 19 || end > 32 || !hasMarks(text)) return undefined;
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (!(month > 0 && month < 13 && day > 0 && day < 32 && hour < 24 && minute < 60 && second < 60)) return undefined;
  const ms = end === 19 ? 0 : text.charCodeAt(19) === 0x2e ? milliseconds(text, end) : Number.NaN;
  const time = Date.UTC(digits(text, 0, 4), month - 1, day, hour, minute, second, ms);
  // Date.UTC makes 2 March of 30 February.
  return (day < 29 && !Number.isNaN(time)) || new Date(time).getUTCDate() === day ? time : undefined;
};

/** `-`, `-`, `T`, `:`, `:` of 2026-03-02T07:15:31. */
const hasMarks = (text: string): boolean =>
  text.charCodeAt(4) === 0x2d &&
  text.charCodeAt(7) === 0x2d &&
  text.charCodeAt(10) === 0x54 &&
  text.charCodeAt(13) === 0x3a &&
  text.charCodeAt(16) === 0x3a;

/** A number of `count` digits; NaN where one is none. */
const digits = (text: string, at: number, count: number): number => {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
};

/** Thousandths of a fraction whose digits stand from 20 to `end`; finer digits are checked and dropped. */
const milliseconds = (text: string, end: number): number => {
  const count = end - 20;
  if (count < 1) return Number.NaN;
  if (count < 4) return digits(text, 20, count) * (count === 3 ? 1 : count === 2 ? 10 : 100);
  return digits(text, 20, 3) + 0 * digits(text, 23, count - 3);
};

/** Throws HUB_ENVELOPE_TIME. */
export const noTime = (): HubError => new HubError('HUB_ENVELOPE_TIME');

/** Degrees; zero members are left out, and both zero means that there is no position. */
export const positionOf = (place: Json | undefined): { latitude: number; longitude: number } | undefined => {
  if (!place) return undefined;
  const latitude = degrees(place, 'latitude', 90);
  const longitude = degrees(place, 'longitude', 180);
  if (latitude === undefined || longitude === undefined || (latitude === 0 && longitude === 0)) return undefined;
  return { latitude, longitude };
};

const degrees = (place: Json, name: string, max: number): number | undefined =>
  place[name] === undefined ? 0 : numberOf(place, name, [-max, max]);

/** Adds signal strength and quality; of a pair of which one is given, the other was a zero that was left out. */
export const addSignal = (reception: Draft<Reception>, hearing: Json): void => {
  if (hearing.rssi === undefined && hearing.snr === undefined) return;
  const rssiDbm = hearing.rssi === undefined ? 0 : numberOf(hearing, 'rssi', SIGNAL_DBM);
  if (rssiDbm !== undefined) reception.rssiDbm = rssiDbm;
  const snrDb = hearing.snr === undefined ? 0 : numberOf(hearing, 'snr', SIGNAL_DB);
  if (snrDb !== undefined) reception.snrDb = snrDb;
};

/** Adds the gateway's position if it has one. */
export const addPosition = (reception: Draft<Reception>, hearing: Json): void => {
  const position = positionOf(objectOf(hearing, 'location'));
  if (!position) return;
  reception.latitude = position.latitude;
  reception.longitude = position.longitude;
};

/** The hearings of a list that nobody vouches for; more gateways than `MAX_RECEPTIONS` hear no frame. */
export const receptionsOf = (list: unknown, read: (hearing: Json) => Reception | undefined): readonly Reception[] => {
  const receptions: Reception[] = [];
  for (const hearing of jsonList(list)) {
    const reception = read(hearing);
    if (reception) receptions.push(reception);
  }
  return receptions;
};

/** The objects among the first `MAX_RECEPTIONS` of a list. */
export const jsonList = (list: unknown): readonly Json[] =>
  Array.isArray(list) ? list.slice(0, MAX_RECEPTIONS).filter(isJson) : [];

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
