import { HubError } from '../../model/errors.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Ignored, NetworkEvent, Uplink } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';
import {
  anyFCntOf,
  anyFPortOf,
  type Draft,
  devAddrOf,
  devEuiOf,
  euiOf,
  hexPayloadOf,
  invalid,
  isJson,
  type Json,
  parseJson,
  payloadOf,
  soleOf,
  textOf,
} from './fields.ts';
import { addDataRate, addFrequencyMhz, receptionFrom } from './radio.ts';
import { firstTime } from './times.ts';

/**
 * The network server inside MultiTech's Conduit gateways: `lora/{deveui}/up` of its own broker, and what its LoRaWAN
 * application forwards as `lorawan/…/{deveui}/up`. Source: multitech.net, LoRa Network Server MQTT Messages;
 * MultiTechSystems/multitechsystems.github.io. The end of the topic names the event; joins carry no DevEUI of their own.
 */

const parse = (topic: string | undefined, body: Uint8Array, arrivedAt?: EpochMs): NetworkEvent | Ignored => {
  const named = readTopic(topic);
  if (named.event !== undefined && gatewayEvents.has(named.event)) {
    return { kind: 'ignored', reason: `${named.event}: message of the gateway` };
  }
  const document = parseJson(body);
  const envelope = named.event === 'moved' && !isJson(document) ? {} : soleOf(document);
  const devEui = devEuiOf(envelope.deveui ?? named.devEui);
  if (named.devEui !== undefined && named.devEui !== devEui) {
    throw new HubError('HUB_ENVELOPE_TOPIC', 'The DevEUI of the topic is not that of the body');
  }
  const event = named.event ?? (isFrame(envelope) ? 'up' : undefined);
  if (event === undefined) throw invalid('No message of a Conduit has these members');
  const receivedAt = firstTime([envelope.time], arrivedAt);
  return readEvent(event, envelope, { devEui, receivedAt });
};

interface Named {
  readonly event?: string;
  readonly devEui?: string;
}

/** lora/{deveui}/{event}, lorawan/{app or gateway}/{deveui}/{event}, or a topic of the operator's that ends so. */
const readTopic = (topic: string | undefined): Named => {
  if (topic === undefined || topic.startsWith('?')) return {};
  const levels = topic.split('/');
  const event = levels.at(-1);
  const devEui = euiOf(levels.at(-2));
  if (event === undefined || !(known.has(event) || gatewayEvents.has(event))) {
    throw new HubError('HUB_ENVELOPE_TOPIC', 'The topic does not end in an event of a Conduit');
  }
  return { event, ...(devEui !== undefined && { devEui }) };
};

const gatewayEvents = new Set([
  'init',
  'close',
  'connected',
  'disconnected',
  'disconnect',
  'api_res',
  'lora_res',
  'log_res',
]);
const known = new Set(['up', 'joined', 'moved', 'packet_sent', 'packet_ack', 'packet_missed', 'packet_recv']);

/** A downlink has payload and port too, but nothing of how it was received. */
const isFrame = (envelope: Json): boolean =>
  ['data', 'port'].some((name) => envelope[name] !== undefined) &&
  ['fcnt', 'seqn', 'gweui', 'time'].some((name) => envelope[name] !== undefined);

const readEvent = (
  event: string,
  envelope: Json,
  head: { devEui: string; receivedAt: EpochMs },
): NetworkEvent | Ignored => {
  const deviceName = textOf(envelope, 'name');
  const named = { ...head, ...(deviceName !== undefined && { deviceName }) };
  const devAddr = devAddrOf(envelope.devaddr);
  switch (event) {
    case 'up':
      return readUplink(envelope, named);
    case 'joined':
      return { kind: 'join', ...named, ...(devAddr !== undefined && { devAddr }) };
    case 'packet_sent':
      return { kind: 'txack', ...named, fCntDown: anyFCntOf(envelope, 'fcnt') };
    case 'packet_ack':
      return { kind: 'ack', ...named, acknowledged: true, fCntDown: anyFCntOf(envelope, 'fcnt') };
    case 'packet_missed':
      return { kind: 'log', ...named, level: 'warning', code: 'packet_missed' };
    default:
      return { kind: 'ignored', reason: `${event}: nothing that the hub needs`, ...head };
  }
};

const readUplink = (
  envelope: Json,
  { devEui, receivedAt, deviceName }: { devEui: string; receivedAt: EpochMs; deviceName?: string },
): Uplink | Ignored => {
  const fCnt = anyFCntOf(envelope, 'fcnt');
  const fPort = anyFPortOf(envelope, 'port');
  const bytes = bytesOf(envelope);
  if (!bytes || fPort === 0) {
    return { kind: 'ignored', reason: 'frame without application payload', devEui, receivedAt };
  }
  const heard = receptionFrom({ gatewayId: envelope.gweui, rssi: envelope.rssi, snr: envelope.lsnr });
  const receptions = heard ? [heard] : [];
  const uplink: Draft<Uplink> = { kind: 'uplink', devEui, receivedAt, fCnt, fPort, bytes, receptions };
  if (deviceName !== undefined) uplink.deviceName = deviceName;
  const devAddr = devAddrOf(envelope.devaddr);
  if (devAddr !== undefined) uplink.devAddr = devAddr;
  const confirmed = isConfirmed(envelope.mhdr);
  if (confirmed !== undefined) uplink.confirmed = confirmed;
  addFrequencyMhz(uplink, envelope.freq);
  addDataRate(uplink, envelope.datr);
  return uplink;
};

/**
 * Base64, or hexadecimal digits with the option encodeHex. Text such as 01755c03 is both; `size`, the number of bytes,
 * tells which it is.
 */
const bytesOf = (envelope: Json): Uint8Array | undefined => {
  const { data, size } = envelope;
  const isHex = typeof data === 'string' && data !== '' && size === data.length / 2 && /^[0-9a-fA-F]+$/.test(data);
  return isHex ? hexPayloadOf(envelope, 'data') : payloadOf(envelope, 'data');
};

/** The header as it was sent begins with the message type: 4 is confirmed data up (LoRaWAN L2 1.0.4 §4.2.1). */
const isConfirmed = (header: unknown): boolean | undefined => {
  const first = typeof header === 'string' ? /^[0-9a-fA-F]{2}/.exec(header)?.[0] : undefined;
  return first === undefined ? undefined : Number.parseInt(first, 16) >> 5 === 4;
};

export const multitechConduit: NetworkAdapter = {
  kind: 'multitech-conduit',
  eventTopics: [
    ...['up', 'joined', 'moved', 'packet_sent', 'packet_ack', 'packet_missed'].map((event) => `lora/+/${event}`),
    'lora/+/+/up',
    'lora/+/+/moved',
    ...['up', 'joined', 'moved'].flatMap((event) => [`lorawan/+/+/${event}`, `lorawan/+/+/+/${event}`]),
    ...['init', 'close', 'connected', 'disconnected'].flatMap((event) => [
      `lorawan/+/${event}`,
      `lorawan/+/+/${event}`,
    ]),
  ],
  downlinkTopics: [
    'lora/+/down',
    'lora/+/clear',
    'lorawan/+/down',
    'lorawan/+/+/down',
    'lorawan/+/clear',
    'lorawan/+/+/clear',
  ],
  parse,
};
