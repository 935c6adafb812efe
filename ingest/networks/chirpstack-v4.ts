import { HubError } from '../../model/errors.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Ignored, NetworkEvent, NetworkLog, Reception, Uplink } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';
import { parseProtobuf } from './chirpstack-v4-protobuf.ts';
import { chirpstackStatusOf } from './dev-status.ts';
import {
  type Draft,
  decodedOf,
  devAddrOf,
  devEuiOf,
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
import {
  addBandwidth,
  addFrequency,
  addPosition,
  addSignal,
  addSpreading,
  jsonList,
  locationOf,
  receptionsOf,
} from './radio.ts';
import { noTime, timeOf } from './times.ts';

/**
 * ChirpStack 4, JSON and Protocol Buffers (`json` of its [integration.mqtt]); each message tells which it is. Fields:
 * api/proto/integration/integration.proto and api/proto/gw/gw.proto of chirpstack/chirpstack. The MQTT topic may carry a
 * prefix; its end is `device/{devEui}/event/{event}`.
 */

const events = ['up', 'join', 'status', 'ack', 'txack', 'log', 'location', 'integration'] as const;
type Event = (typeof events)[number];

const isEvent = (text: string): text is Event => (events as readonly string[]).includes(text);

interface Head {
  readonly devEui: string;
  readonly receivedAt: EpochMs;
  readonly messageId?: string;
  readonly deviceName?: string;
}

const parse = (topic: string | undefined, body: Uint8Array, arrivedAt?: EpochMs): NetworkEvent | Ignored => {
  const named = readTopic(topic);
  const envelope = isJsonText(body) ? parseBody(body) : parseProtobuf(body, named.event);
  const info = objectOf(envelope, 'deviceInfo');
  if (!info) throw invalid('deviceInfo is missing');
  const devEui = devEuiOf(info.devEui);
  if (named.devEui !== undefined && named.devEui !== devEui) {
    throw new HubError('HUB_ENVELOPE_TOPIC', 'The DevEUI of the topic is not that of the body');
  }
  const event = named.event ?? eventByShape(envelope);
  if (event === 'up') return readUplink(envelope, info, devEui);
  const receivedAt = timeOf(envelope.time) ?? (envelope.time === undefined ? arrivedAt : undefined);
  if (event === 'integration') {
    return {
      kind: 'ignored',
      reason: 'event of another integration',
      devEui,
      ...(receivedAt !== undefined && { receivedAt }),
    };
  }
  if (receivedAt === undefined) throw noTime();
  return readEvent[event](envelope, { ...headOf(envelope, info), devEui, receivedAt });
};

const readTopic = (topic: string | undefined): { event?: Event; devEui?: string } => {
  if (topic === undefined) return {};
  if (topic.startsWith('?')) return readQuery(topic);
  const levels = topic.split('/');
  const [device, devEui, marker, event] = levels.slice(-4);
  if (device !== 'device' || marker !== 'event' || !devEui || event === undefined || !isEvent(event)) {
    throw new HubError('HUB_ENVELOPE_TOPIC', 'The topic does not end in device/{devEui}/event/{event}');
  }
  return { event, devEui: devEui.toLowerCase() };
};

/** ChirpStack's HTTP integration names the event in the query of the request. */
const readQuery = (topic: string): { event?: Event } => {
  const event = new URLSearchParams(topic).get('event');
  if (event === null) return {};
  if (!isEvent(event)) throw new HubError('HUB_ENVELOPE_TOPIC', 'The query names no event of ChirpStack');
  return { event };
};

/** Without a topic the members tell; those that are given even when zero are asked for first. */
const eventByShape = (envelope: Json): Event => {
  const has = (...names: string[]) => names.some((name) => envelope[name] !== undefined);
  if (has('rxInfo', 'data', 'fPort', 'fCnt')) return 'up';
  if (has('integrationName', 'eventType')) return 'integration';
  if (has('gatewayId', 'downlinkId')) return 'txack';
  if (has('queueItemId', 'acknowledged')) return 'ack';
  if (has('location')) return 'location';
  if (has('level', 'code', 'description')) return 'log';
  if (has('margin', 'batteryLevel', 'batteryLevelUnavailable', 'externalPowerSource')) return 'status';
  if (has('devAddr')) return 'join';
  throw invalid('No event of ChirpStack has these members');
};

const headOf = (envelope: Json, info: Json): Pick<Head, 'messageId' | 'deviceName'> => {
  const messageId = textOf(envelope, 'deduplicationId', 100);
  const deviceName = textOf(info, 'deviceName');
  return { ...(messageId !== undefined && { messageId }), ...(deviceName !== undefined && { deviceName }) };
};

const readUplink = (envelope: Json, info: Json, devEui: string): Uplink | Ignored => {
  const receivedAt = uplinkTime(envelope);
  if (isSet(envelope.joinServerContext)) throw new HubError('HUB_ENVELOPE_ENCRYPTED');
  const fCnt = fCntOf(envelope, 'fCnt');
  const fPort = fPortOf(envelope, 'fPort');
  const bytes = payloadOf(envelope, 'data');
  if (!bytes) return { kind: 'ignored', reason: 'frame without application payload', devEui, receivedAt };
  const uplink: Draft<Uplink> = {
    kind: 'uplink',
    devEui,
    receivedAt,
    fCnt,
    fPort,
    bytes,
    receptions: receptionsOf(envelope.rxInfo, receptionOf),
  };
  const messageId = textOf(envelope, 'deduplicationId', 100);
  if (messageId !== undefined) uplink.messageId = messageId;
  const deviceName = textOf(info, 'deviceName');
  if (deviceName !== undefined) uplink.deviceName = deviceName;
  const devAddr = devAddrOf(envelope.devAddr);
  if (devAddr !== undefined) uplink.devAddr = devAddr;
  if (typeof envelope.confirmed === 'boolean') uplink.confirmed = envelope.confirmed;
  const decoded = decodedOf(envelope, 'object');
  if (decoded) uplink.decoded = decoded;
  addRadio(uplink, objectOf(envelope, 'txInfo'));
  return uplink;
};

const isSet = (value: unknown): boolean => isJson(value) && Object.keys(value).length > 0;

/** ChirpStack's own verdict first; should a gateway's broken clock be behind it, then the server's, then any gateway's. */
const uplinkTime = (envelope: Json): EpochMs => {
  const time = timeOf(envelope.time);
  if (time !== undefined) return time;
  const hearings = jsonList(envelope.rxInfo);
  for (const name of ['nsTime', 'gwTime', 'time']) {
    for (const hearing of hearings) {
      const heardAt = timeOf(hearing[name]);
      if (heardAt !== undefined) return heardAt;
    }
  }
  throw noTime();
};

/** Up to 4.4 a gateway's time was `time`, since then it is `gwTime`. */
const receptionOf = (hearing: Json): Reception | undefined => {
  const gatewayId = textOf(hearing, 'gatewayId', 64);
  if (gatewayId === undefined) return undefined;
  const reception: Draft<Reception> = { gatewayId };
  addSignal(reception, hearing);
  addPosition(reception, hearing);
  const time = timeOf(hearing.gwTime ?? hearing.time);
  if (time !== undefined) reception.time = time;
  return reception;
};

const addRadio = (uplink: Draft<Uplink>, radio: Json | undefined): void => {
  if (!radio) return;
  addFrequency(uplink, radio.frequency);
  const modulation = objectOf(radio, 'modulation');
  const lora = modulation && objectOf(modulation, 'lora');
  if (!lora) return;
  addSpreading(uplink, lora.spreadingFactor);
  addBandwidth(uplink, lora.bandwidth);
};

type Reader = (envelope: Json, head: Head) => NetworkEvent | Ignored;

const downlinkOf = (envelope: Json): { downlinkId?: string; fCntDown: number } => {
  const downlinkId = textOf(envelope, 'queueItemId', 100);
  return { ...(downlinkId !== undefined && { downlinkId }), fCntDown: fCntOf(envelope, 'fCntDown') };
};

const levels: Readonly<Record<string, NetworkLog['level']>> = { INFO: 'info', WARNING: 'warning', ERROR: 'error' };

const readLog: Reader = (envelope, head) => {
  const level = levels[textOf(envelope, 'level') ?? 'INFO'];
  if (!level) throw invalid('level is none of INFO, WARNING, ERROR');
  const description = textOf(envelope, 'description', 1000);
  return {
    kind: 'log',
    ...head,
    level,
    code: textOf(envelope, 'code', 100) ?? 'UNKNOWN',
    ...(description !== undefined && { description }),
  };
};

const readEvent: Readonly<Record<Exclude<Event, 'up' | 'integration'>, Reader>> = {
  join: (envelope, head) => {
    const devAddr = devAddrOf(envelope.devAddr);
    return { kind: 'join', ...head, ...(devAddr !== undefined && { devAddr }) };
  },
  status: (envelope, head) => chirpstackStatusOf(envelope, head),
  ack: (envelope, head) => ({
    kind: 'ack',
    ...head,
    acknowledged: envelope.acknowledged === true,
    ...downlinkOf(envelope),
  }),
  txack: (envelope, head) => {
    const gatewayId = textOf(envelope, 'gatewayId', 64);
    return { kind: 'txack', ...head, ...downlinkOf(envelope), ...(gatewayId !== undefined && { gatewayId }) };
  },
  log: readLog,
  location: (envelope, head) => locationOf(objectOf(envelope, 'location'), head),
};

export const chirpstackV4: NetworkAdapter = {
  kind: 'chirpstack-v4',
  eventTopics: ['application/+/device/+/event/+'],
  // ChirpStack itself subscribes with a wildcard in the place of the command.
  downlinkTopics: ['application/+/device/+/command/+'],
  parse,
};
