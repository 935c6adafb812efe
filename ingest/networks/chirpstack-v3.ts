import { HubError } from '../../model/errors.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Ignored, NetworkEvent, Uplink } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';
import { parseProtobuf } from './chirpstack-v3-protobuf.ts';
import { addRadio, anyEuiOf, base64Of, receptionOf } from './chirpstack-v3-radio.ts';
import { chirpstackStatusOf } from './dev-status.ts';
import {
  type Draft,
  decodedOf,
  devAddrOf,
  fCntOf,
  fPortOf,
  invalid,
  isJson,
  type Json,
  objectOf,
  parseBody,
  payloadOf,
  textOf,
} from './fields.ts';
import { isJsonText } from './protobuf.ts';
import { jsonList, locationOf, receptionsOf } from './radio.ts';
import { firstTime, timeOf } from './times.ts';

/**
 * ChirpStack 3 with each of its marshalers, told apart by the message: `json` (protobuf's JSON: EUIs in base64, decoded
 * object as text), `json_v3` (EUIs in hexadecimal, decoded object as object) and `protobuf`. Source:
 * internal/integration/marshaler and models of brocaar/chirpstack-application-server.
 *
 * `json_v3` has no time of its own: where no gateway has a clock either, an uplink is as old as its arrival.
 */

const events = ['up', 'join', 'status', 'ack', 'txack', 'error', 'location', 'integration'] as const;
type Event = (typeof events)[number];

const isEvent = (text: string | undefined): text is Event => (events as readonly (string | undefined)[]).includes(text);

interface Head {
  readonly devEui: string;
  readonly receivedAt: EpochMs;
  readonly deviceName?: string;
}

const parse = (topic: string | undefined, body: Uint8Array, arrivedAt?: EpochMs): NetworkEvent | Ignored => {
  const named = readTopic(topic);
  const { event, envelope } = readBody(body, named.event);
  const devEui = anyEuiOf(envelope.devEUI);
  if (devEui === undefined) throw new HubError('HUB_ENVELOPE_NO_DEVICE');
  if (named.devEui !== undefined && named.devEui !== devEui) {
    throw new HubError('HUB_ENVELOPE_TOPIC', 'The DevEUI of the topic is not that of the body');
  }
  const receivedAt = heardAt(envelope) ?? firstTime([envelope.publishedAt], arrivedAt);
  const deviceName = textOf(envelope, 'deviceName');
  const head = { devEui, receivedAt, ...(deviceName !== undefined && { deviceName }) };
  return readEvent[event](envelope, head);
};

/** By the first gateway whose clock makes sense; that of another says nothing about the server's. */
const heardAt = (envelope: Json): EpochMs | undefined => {
  for (const { time } of jsonList(envelope.rxInfo)) {
    const plausible = timeOf(time);
    if (plausible !== undefined) return plausible;
  }
  return undefined;
};

const readBody = (body: Uint8Array, named: Event | undefined): { event: Event; envelope: Json } => {
  if (!isJsonText(body)) {
    const { event, envelope } = parseProtobuf(body, named);
    return { event: isEvent(event) ? event : 'up', envelope };
  }
  const document = parseBody(body);
  // The web console writes an event as { type, payload }.
  const inner = document.devEUI === undefined ? objectOf(document, 'payload') : undefined;
  const envelope = inner ?? document;
  const written = inner && textOf(document, 'type', 20);
  return { event: named ?? (isEvent(written) ? written : eventByShape(envelope)), envelope };
};

/** application/{id}/device/{devEUI}/event/{event}, or …/rx of the versions before 3.11. */
const readTopic = (topic: string | undefined): { event?: Event; devEui?: string } => {
  if (topic === undefined) return {};
  if (topic.startsWith('?')) return readQuery(topic);
  const levels = topic.split('/');
  const at = levels.findLastIndex((level) => level === 'device' || level === 'node');
  const [, devEui, ...rest] = at < 0 ? [] : levels.slice(at);
  const event = rest[0] === 'event' ? rest[1] : rest[0] === 'rx' ? 'up' : rest[0];
  if (!devEui || !isEvent(event)) {
    throw new HubError('HUB_ENVELOPE_TOPIC', 'The topic does not end in device/{devEUI}/event/{event}');
  }
  return { event, devEui: devEui.toLowerCase() };
};

/** The HTTP integration names the event in the query of the request. */
const readQuery = (topic: string): { event?: Event } => {
  const event = new URLSearchParams(topic).get('event');
  if (event === null) return {};
  if (!isEvent(event)) throw new HubError('HUB_ENVELOPE_TOPIC', 'The query names no event of ChirpStack 3');
  return { event };
};

const eventByShape = (envelope: Json): Event => {
  const has = (...names: string[]) => names.some((name) => envelope[name] !== undefined);
  if (has('data', 'fPort')) return 'up';
  if (has('integrationName', 'eventType')) return 'integration';
  if (has('acknowledged')) return 'ack';
  if (has('error', 'type')) return 'error';
  if (has('margin', 'batteryLevel')) return 'status';
  if (has('location')) return 'location';
  if (has('devAddr')) return 'join';
  if (has('object')) return 'integration';
  if (has('fCnt', 'gatewayID')) return 'txack';
  throw invalid('No event of ChirpStack 3 has these members');
};

const devAddressOf = (envelope: Json): string | undefined =>
  base64Of(envelope.devAddr, 4) ?? devAddrOf(envelope.devAddr);

type Reader = (envelope: Json, head: Head) => NetworkEvent | Ignored;

const readUplink: Reader = (envelope, { devEui, receivedAt, deviceName }) => {
  const fCnt = fCntOf(envelope, 'fCnt');
  const fPort = fPortOf(envelope, 'fPort');
  const bytes = payloadOf(envelope, 'data');
  if (!bytes) return { kind: 'ignored', reason: 'frame without application payload', devEui, receivedAt };
  const receptions = receptionsOf(envelope.rxInfo, receptionOf);
  const uplink: Draft<Uplink> = { kind: 'uplink', devEui, receivedAt, fCnt, fPort, bytes, receptions };
  if (deviceName !== undefined) uplink.deviceName = deviceName;
  const devAddr = devAddressOf(envelope);
  if (devAddr !== undefined) uplink.devAddr = devAddr;
  if (typeof envelope.confirmedUplink === 'boolean') uplink.confirmed = envelope.confirmedUplink;
  const decoded = decodedOf(envelope, 'object') ?? decodedText(envelope);
  if (decoded) uplink.decoded = decoded;
  addRadio(uplink, objectOf(envelope, 'txInfo'));
  return uplink;
};

/** The decoded object as the `json` marshaler has it: JSON within a text. */
const decodedText = (envelope: Json): Json | undefined => {
  const text = envelope.objectJSON;
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    const object: unknown = JSON.parse(text);
    return isJson(object) ? decodedOf({ object }, 'object') : undefined;
  } catch {
    return undefined;
  }
};

const readEvent: Readonly<Record<Event, Reader>> = {
  up: readUplink,
  join: (envelope, head) => {
    const devAddr = devAddressOf(envelope);
    return { kind: 'join', ...head, ...(devAddr !== undefined && { devAddr }) };
  },
  status: (envelope, head) => chirpstackStatusOf(envelope, head),
  ack: (envelope, head) => ({
    kind: 'ack',
    ...head,
    acknowledged: envelope.acknowledged === true,
    fCntDown: fCntOf(envelope, 'fCnt'),
  }),
  txack: (envelope, head) => {
    const gatewayId = anyEuiOf(envelope.gatewayID);
    return {
      kind: 'txack',
      ...head,
      fCntDown: fCntOf(envelope, 'fCnt'),
      ...(gatewayId !== undefined && { gatewayId }),
    };
  },
  error: (envelope, head) => {
    const description = textOf(envelope, 'error', 1000);
    return {
      kind: 'log',
      ...head,
      level: 'error',
      code: textOf(envelope, 'type', 100) ?? 'UNKNOWN',
      ...(description !== undefined && { description }),
    };
  },
  // Zero stands for an accuracy that nobody knows.
  location: (envelope, head) => locationOf(objectOf(envelope, 'location'), head, 1),
  integration: (_, { devEui, receivedAt }) => ({
    kind: 'ignored',
    reason: 'event of another integration',
    devEui,
    receivedAt,
  }),
};

export const chirpstackV3: NetworkAdapter = {
  kind: 'chirpstack-v3',
  eventTopics: ['application/+/device/+/event/+', 'application/+/device/+/rx', 'application/+/node/+/rx'],
  // The server itself subscribes with wildcards in the places of application and device.
  downlinkTopics: ['application/+/device/+/command/+', 'application/+/device/+/tx', 'application/+/node/+/tx'],
  parse,
};
