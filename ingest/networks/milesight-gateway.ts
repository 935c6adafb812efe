import type { EpochMs } from '../../model/time.ts';
import type { Ignored, NetworkEvent, NetworkLog, Uplink } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';
import { addRadio, receptionOf } from './chirpstack-v3-radio.ts';
import {
  type Draft,
  decodedOf,
  devAddrOf,
  devEuiOf,
  euiOf,
  fCntOf,
  fPortOf,
  invalid,
  type Json,
  objectOf,
  parseBody,
  payloadOf,
  textOf,
} from './fields.ts';
import { jsonList, receptionsOf } from './radio.ts';
import { firstTime, timeOf } from './times.ts';

/**
 * The network server inside Milesight's gateways (UG56, UG63, UG65, UG67, UG85), over MQTT or HTTP. Source: Milesight
 * support article 73000600064, application guide of the Building IoT Gateway (Uplink Data, Notification). Blocks of
 * metadata may be switched off, the DevEUI too: then the topic has to carry it (`$deveui`).
 *
 * A payload codec in the gateway adds what it decoded as members of the message. Where it leaves out `data`, there is no
 * frame to keep: set the gateway to send the payload as well.
 */

interface Head {
  readonly devEui: string;
  readonly receivedAt: EpochMs;
  readonly deviceName?: string;
}

const parse = (topic: string | undefined, body: Uint8Array, arrivedAt?: EpochMs): NetworkEvent | Ignored => {
  const envelope = parseBody(body);
  const devEui = devEuiOf(envelope.devEUI ?? euiOfTopic(topic));
  const hearings = jsonList(envelope.rxInfo);
  const times = [envelope.time, envelope.gatewayTime, ...hearings.map(({ time }) => time)];
  const receivedAt = firstTime(times, arrivedAt, writtenTimeOf);
  const deviceName = textOf(envelope, 'deviceName');
  const head = { devEui, receivedAt, ...(deviceName !== undefined && { deviceName }) };
  if (isFrame(envelope)) return readUplink(envelope, head);
  return readNotification(envelope, head);
};

/** The topic is the operator's; a level that is an EUI is the device. */
const euiOfTopic = (topic: string | undefined): string | undefined => {
  if (topic === undefined || topic.startsWith('?')) return undefined;
  return topic.split('/').findLast((level) => euiOf(level) !== undefined);
};

/** Milesight's own examples have the date as 2020-0327. */
const writtenTimeOf = (value: unknown): EpochMs | undefined =>
  timeOf(typeof value === 'string' ? value.replace(/^(\d{4}-\d\d)(\d\dT)/, '$1-$2') : value);

const isFrame = (envelope: Json): boolean =>
  ['data', 'fPort', 'rxInfo', 'fCnt'].some((name) => envelope[name] !== undefined);

const readUplink = (envelope: Json, { devEui, receivedAt, deviceName }: Head): Uplink | Ignored => {
  const fCnt = fCntOf(envelope, 'fCnt');
  const fPort = fPortOf(envelope, 'fPort');
  const bytes = payloadOf(envelope, 'data');
  const decoded = decodedOf(envelope, 'object') ?? decodedOf({ rest: withoutMetadata(envelope) }, 'rest');
  const hasDecoded = decoded !== undefined && Object.keys(decoded).length > 0;
  if (!bytes) {
    if (hasDecoded) throw invalid('The gateway sent what it decoded and left out the payload (data)');
    return { kind: 'ignored', reason: 'frame without application payload', devEui, receivedAt };
  }
  const receptions = receptionsOf(envelope.rxInfo, receptionOf);
  const uplink: Draft<Uplink> = { kind: 'uplink', devEui, receivedAt, fCnt, fPort, bytes, receptions };
  if (deviceName !== undefined) uplink.deviceName = deviceName;
  const devAddr = devAddrOf(envelope.devAddr);
  if (devAddr !== undefined) uplink.devAddr = devAddr;
  if (hasDecoded) uplink.decoded = decoded;
  addRadio(uplink, objectOf(envelope, 'txInfo'));
  return uplink;
};

/** What the gateway itself writes; every other member comes from its codec. */
const metadata: ReadonlySet<string> = new Set([
  'adr',
  'applicationID',
  'applicationName',
  'batch',
  'cellularIP',
  'confirmed',
  'data',
  'devAddr',
  'devEUI',
  'deviceID',
  'deviceName',
  'fCnt',
  'fPort',
  'gatewayMAC',
  'gatewaySN',
  'gatewayTime',
  'hostname',
  'metadata',
  'object',
  'rxInfo',
  'tags',
  'time',
  'timestamp',
  'txInfo',
]);

const withoutMetadata = (envelope: Json): Json =>
  Object.fromEntries(Object.entries(envelope).filter(([name]) => !metadata.has(name)));

const readNotification = (envelope: Json, head: Head): NetworkEvent | Ignored => {
  if (typeof envelope.acknowledged === 'boolean') {
    return { kind: 'ack', ...head, acknowledged: envelope.acknowledged, fCntDown: fCntOf(envelope, 'fcnt') };
  }
  const error = textOf(envelope, 'error', 1000);
  if (error !== undefined) return logOf(head, 'error', 'error', error);
  const status = textOf(envelope, 'status', 50);
  if (status !== undefined) return logOf(head, status === 'offline' ? 'warning' : 'info', status);
  const devAddr = devAddrOf(envelope.devAddr);
  if (devAddr !== undefined) return { kind: 'join', ...head, devAddr };
  throw invalid('No message of a Milesight gateway has these members');
};

const logOf = (head: Head, level: NetworkLog['level'], ...[code, description]: [string, string?]): NetworkLog => ({
  kind: 'log',
  ...head,
  level,
  code,
  ...(description !== undefined && { description }),
});

export const milesightGateway: NetworkAdapter = {
  kind: 'milesight-gateway',
  // The operator names the topics; /milesight/uplink/$deveui is Milesight's example.
  eventTopics: ['/milesight/uplink/#', '/milesight/event/#', 'milesight/uplink/#', 'milesight/event/#'],
  // The third is what a gateway reads where no topic is set.
  downlinkTopics: ['/milesight/downlink/#', 'milesight/downlink/#', 'application/+/device/+/tx'],
  parse,
};
