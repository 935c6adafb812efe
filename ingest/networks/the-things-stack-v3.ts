import { HubError } from '../../model/errors.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Ignored, NetworkEvent, NetworkLog, Reception, Uplink } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';
import {
  type Draft,
  decodedOf,
  devAddrOf,
  devEuiOf,
  euiOf,
  fCntOf,
  fPortOf,
  invalid,
  isEui,
  isJson,
  type Json,
  objectOf,
  parseBody,
  payloadOf,
  textOf,
} from './fields.ts';
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
 * The Things Stack 3 (Community, Cloud, Enterprise, open source), JSON. Members that are empty or zero are left out.
 * Source: lorawan-stack-docs, integrations/data-formats and integrations/mqtt; `ApplicationUp` of api/messages.proto.
 */

/** End of the topic, by the member that carries the event. */
const suffixes = {
  uplink_message: 'up',
  uplink_normalized: 'up/normalized',
  join_accept: 'join',
  downlink_queued: 'down/queued',
  downlink_sent: 'down/sent',
  downlink_ack: 'down/ack',
  downlink_nack: 'down/nack',
  downlink_failed: 'down/failed',
  downlink_queue_invalidated: 'down/invalidated',
  location_solved: 'location/solved',
  service_data: 'service/data',
} as const;
type Member = keyof typeof suffixes;
const members = Object.keys(suffixes) as Member[];

interface Message {
  readonly envelope: Json;
  readonly ids: Json;
  /** The member that carries the event. */
  readonly content: Json;
}

interface Head {
  readonly devEui: string;
  readonly receivedAt: EpochMs;
  readonly deviceName?: string;
}

const parse = (topic: string | undefined, body: Uint8Array, arrivedAt?: EpochMs): NetworkEvent | Ignored => {
  const named = readTopic(topic);
  const envelope = parseBody(body);
  const ids = objectOf(envelope, 'end_device_ids');
  if (!ids) throw invalid('end_device_ids is missing');
  const member = memberOf(envelope);
  checkTopic(named, member, ids);
  const message = { envelope, ids, content: objectOf(envelope, member) ?? {} };
  if (member === 'uplink_message') return readUplink(message);
  if (member === 'uplink_normalized') return { kind: 'ignored', reason: 'normalised copy of an uplink' };
  return readEvent[member](message, headOf(message, arrivedAt));
};

interface Named {
  readonly suffix: string;
  readonly deviceId: string;
}

/** v3/{application}@{tenant}/devices/{device}/{suffix}; a query of a webhook says nothing here. */
const readTopic = (topic: string | undefined): Named | undefined => {
  if (topic === undefined || topic.startsWith('?')) return undefined;
  const levels = topic.split('/');
  const start = levels.indexOf('v3');
  const [, application, devices, deviceId, ...rest] = levels.slice(start);
  const suffix = rest.join('/');
  const known = (Object.values(suffixes) as string[]).includes(suffix);
  if (start < 0 || !application || devices !== 'devices' || !deviceId || !known) {
    throw new HubError('HUB_ENVELOPE_TOPIC', 'The topic is not v3/{application}/devices/{device}/{event}');
  }
  return { suffix, deviceId };
};

const memberOf = (envelope: Json): Member => {
  for (const member of members) if (isJson(envelope[member])) return member;
  throw invalid('No event of The Things Stack has these members');
};

const checkTopic = (named: Named | undefined, member: Member, ids: Json): void => {
  if (!named) return;
  if (named.suffix !== suffixes[member]) throw new HubError('HUB_ENVELOPE_TOPIC', 'The topic names another event');
  const hexInTopic = /^eui-([0-9a-f]{16})$/i.exec(named.deviceId)?.[1];
  const hexInBody = isEui(ids.dev_eui) ? ids.dev_eui.toLowerCase() : undefined;
  const sameDevice =
    ids.device_id === undefined
      ? hexInTopic === undefined || hexInBody === undefined || hexInTopic.toLowerCase() === hexInBody
      : ids.device_id === named.deviceId;
  if (!sameDevice) throw new HubError('HUB_ENVELOPE_TOPIC', 'The device of the topic is not that of the body');
};

const readUplink = ({ envelope, ids, content }: Message): Uplink | Ignored => {
  const devEui = devEuiOf(ids.dev_eui);
  const receivedAt = uplinkTime(envelope, content);
  // Present only where the application server was told not to decrypt (skip_payload_crypto).
  if (isJson(content.app_s_key)) throw new HubError('HUB_ENVELOPE_ENCRYPTED');
  const fCnt = fCntOf(content, 'f_cnt');
  const fPort = fPortOf(content, 'f_port');
  const bytes = payloadOf(content, 'frm_payload');
  if (!bytes) return { kind: 'ignored', reason: 'frame without application payload', devEui, receivedAt };
  const uplink: Draft<Uplink> = {
    kind: 'uplink',
    devEui,
    receivedAt,
    fCnt,
    fPort,
    bytes,
    receptions: receptionsOf(content.rx_metadata, receptionOf),
  };
  const session = textOf(content, 'session_key_id', 100);
  if (session !== undefined) uplink.messageId = `${session}:${fCnt}`;
  const deviceName = textOf(ids, 'device_id');
  if (deviceName !== undefined) uplink.deviceName = deviceName;
  const devAddr = devAddrOf(ids.dev_addr);
  if (devAddr !== undefined) uplink.devAddr = devAddr;
  uplink.confirmed = content.confirmed === true;
  const decoded = decodedOf(content, 'decoded_payload');
  if (decoded) uplink.decoded = decoded;
  addRadio(uplink, objectOf(content, 'settings'));
  return uplink;
};

/** The network server's clock first, then the application server's, then a gateway server's, a gateway's last. */
const uplinkTime = (envelope: Json, content: Json): EpochMs => {
  const time = timeOf(content.received_at) ?? timeOf(envelope.received_at);
  if (time !== undefined) return time;
  const hearings = jsonList(content.rx_metadata);
  for (const name of ['received_at', 'time']) {
    for (const hearing of hearings) {
      const heardAt = timeOf(hearing[name]);
      if (heardAt !== undefined) return heardAt;
    }
  }
  throw noTime();
};

const receptionOf = (hearing: Json): Reception | undefined => {
  const gatewayId = gatewayOf(hearing);
  if (gatewayId === undefined) return undefined;
  const reception: Draft<Reception> = { gatewayId };
  addSignal(reception, hearing);
  addPosition(reception, hearing);
  const time = timeOf(hearing.time);
  if (time !== undefined) reception.time = time;
  return reception;
};

/** Everything that comes by Packet Broker bears the gateway id `packetbroker`; the forwarder's own name is inside. */
const gatewayOf = (hearing: Json): string | undefined => {
  const ids = objectOf(hearing, 'gateway_ids') ?? {};
  const broker = objectOf(hearing, 'packet_broker');
  const forwarder = broker && (textOf(broker, 'forwarder_gateway_id', 64) ?? euiOf(broker.forwarder_gateway_eui));
  return forwarder ?? textOf(ids, 'gateway_id', 64) ?? euiOf(ids.eui);
};

const addRadio = (uplink: Draft<Uplink>, settings: Json | undefined): void => {
  if (!settings) return;
  // 64 bit integers are text in protobuf's JSON
  addFrequency(uplink, settings.frequency);
  const rate = objectOf(settings, 'data_rate');
  const lora = rate && objectOf(rate, 'lora');
  if (!lora) return;
  addSpreading(uplink, lora.spreading_factor);
  addBandwidth(uplink, lora.bandwidth);
};

const headOf = ({ envelope, ids, content }: Message, arrivedAt: EpochMs | undefined): Head => {
  const deviceName = textOf(ids, 'device_id');
  // Some events name the device by its id alone; `eui-{DevEUI}` is the id that the stack itself proposes.
  const proposed = /^eui-([0-9a-f]{16})$/.exec(deviceName ?? '')?.[1];
  const devEui = devEuiOf(ids.dev_eui ?? proposed);
  const timeless = content.received_at === undefined && envelope.received_at === undefined;
  const receivedAt = timeOf(content.received_at) ?? timeOf(envelope.received_at) ?? (timeless ? arrivedAt : undefined);
  if (receivedAt === undefined) throw noTime();
  return { devEui, receivedAt, ...(deviceName !== undefined && { deviceName }) };
};

type Reader = (message: Message, head: Head) => NetworkEvent | Ignored;

/** The correlation id given with the downlink; those that the stack adds begin with a component's name. */
const downlinkOf = (downlink: Json): { downlinkId?: string; fCntDown: number } => {
  const ids = Array.isArray(downlink.correlation_ids) ? downlink.correlation_ids : [];
  const texts = ids.filter((id): id is string => typeof id === 'string' && id !== '');
  const downlinkId = (texts.find((id) => !/^(as|gs|ns|js|rpc|pba):/.test(id)) ?? texts[0])?.slice(0, 100);
  return { ...(downlinkId !== undefined && { downlinkId }), fCntDown: fCntOf(downlink, 'f_cnt') };
};

const logOf = (level: NetworkLog['level'], code: string): Reader => {
  return (_, head) => ({ kind: 'log', ...head, level, code });
};

const readFailed: Reader = ({ content }, head) => {
  const error = objectOf(content, 'error') ?? {};
  const description = textOf(error, 'message_format', 1000);
  const code = textOf(error, 'name', 100) ?? 'downlink_failed';
  return { kind: 'log', ...head, level: 'error', code, ...(description !== undefined && { description }) };
};

const readEvent: Readonly<Record<Exclude<Member, 'uplink_message' | 'uplink_normalized'>, Reader>> = {
  join_accept: ({ ids, content }, head) => {
    const devAddr = devAddrOf(ids.dev_addr);
    const messageId = textOf(content, 'session_key_id', 100);
    return {
      kind: 'join',
      ...head,
      ...(devAddr !== undefined && { devAddr }),
      ...(messageId !== undefined && { messageId }),
    };
  },
  downlink_queued: logOf('info', 'downlink_queued'),
  downlink_queue_invalidated: logOf('warning', 'downlink_queue_invalidated'),
  downlink_sent: ({ content }, head) => ({ kind: 'txack', ...head, ...downlinkOf(content) }),
  downlink_ack: ({ content }, head) => ({ kind: 'ack', ...head, acknowledged: true, ...downlinkOf(content) }),
  downlink_nack: ({ content }, head) => ({ kind: 'ack', ...head, acknowledged: false, ...downlinkOf(content) }),
  downlink_failed: readFailed,
  location_solved: ({ content }, head) => locationOf(objectOf(content, 'location'), head),
  service_data: ({ content }, head) => {
    const description = textOf(content, 'service', 200);
    return {
      kind: 'log',
      ...head,
      level: 'info',
      code: 'service_data',
      ...(description !== undefined && { description }),
    };
  },
};

export const theThingsStackV3: NetworkAdapter = {
  kind: 'the-things-stack-v3',
  eventTopics: Object.values(suffixes).map((suffix) => `v3/+/devices/+/${suffix}`),
  downlinkTopics: ['v3/+/devices/+/down/push', 'v3/+/devices/+/down/replace'],
  parse,
};
