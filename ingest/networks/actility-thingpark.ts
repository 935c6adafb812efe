import type { EpochMs } from '../../model/time.ts';
import type { Ignored, Location, NetworkEvent, NetworkLog, Reception, Uplink } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';
import { statusOf } from './dev-status.ts';
import {
  anyFCntOf,
  anyFPortOf,
  anyNumber,
  type Draft,
  decodedOf,
  devAddrOf,
  devEuiOf,
  hexPayloadOf,
  invalid,
  isJson,
  type Json,
  objectOf,
  parseBody,
  textOf,
} from './fields.ts';
import { addFrequencyMhz, addSpreading, jsonList, positionFrom, receptionFrom } from './radio.ts';
import { firstTime } from './times.ts';

/**
 * Actility ThingPark Wireless, Enterprise and IoT Flow (ThingPark X). A message has one root member that names its kind;
 * the classic tunnel interface writes every number as text, the others as numbers. Source: LRC-AS tunnel interface,
 * actility/thingpark-integrations (1_tpNS-AS) and actility/tpx-iot-flow-doc (docs/Message).
 */

interface Head {
  readonly devEui: string;
  readonly receivedAt: EpochMs;
  readonly deviceName?: string;
}

type Reader = (content: Json, arrivedAt: EpochMs | undefined) => NetworkEvent | Ignored;

const parse = (_topic: string | undefined, body: Uint8Array, arrivedAt?: EpochMs): NetworkEvent | Ignored => {
  const envelope = parseBody(body);
  for (const [root, read] of readers) {
    const content = envelope[root];
    if (isJson(content)) return read(content, arrivedAt);
  }
  // IoT Flow with sendMetadata=true leaves out the root; ThingPark Location's own feed has another shape.
  if (envelope.DevEUI !== undefined && envelope.FCntUp !== undefined) return readUplink(envelope, arrivedAt);
  if (envelope.deviceEUI !== undefined && Array.isArray(envelope.coordinates)) return readFeed(envelope, arrivedAt);
  throw invalid('No message of ThingPark has these members');
};

/** Times are ISO 8601 with an offset; that of an alarm is called otherwise. */
const headOf = (content: Json, arrivedAt: EpochMs | undefined): Head => {
  const times = [content.Time, content.DevLocTime, content.LastUpdateTime, content.CreationTime];
  const customer = objectOf(content, 'CustomerData');
  const deviceName = customer && textOf(customer, 'name');
  return {
    devEui: devEuiOf(content.DevEUI),
    receivedAt: firstTime(times, arrivedAt),
    ...(deviceName !== undefined && { deviceName }),
  };
};

const MTYPE_CONFIRMED_UP = 4;

/** An uplink has a time of its own: with `Late` it was heard long before it arrived. */
const readUplink: Reader = (content) => {
  const { devEui, receivedAt, deviceName } = headOf(content, undefined);
  if (content.rawJoinRequest !== undefined) return { kind: 'ignored', reason: 'join request', devEui, receivedAt };
  const fCnt = anyFCntOf(content, 'FCntUp');
  const fPort = anyFPortOf(content, 'FPort');
  const bytes = hexPayloadOf(content, 'payload_hex');
  if (!bytes || fPort === 0) {
    return { kind: 'ignored', reason: 'frame without application payload', devEui, receivedAt };
  }
  const uplink: Draft<Uplink> = {
    kind: 'uplink',
    devEui,
    receivedAt,
    fCnt,
    fPort,
    bytes,
    receptions: hearingsOf(content),
  };
  if (deviceName !== undefined) uplink.deviceName = deviceName;
  const devAddr = devAddrOf(content.DevAddr);
  if (devAddr !== undefined) uplink.devAddr = devAddr;
  const mType = anyNumber(content.MType, [0, 7]);
  if (mType !== undefined) uplink.confirmed = mType === MTYPE_CONFIRMED_UP;
  const decoded = decodedOf(content, 'payload') ?? decodedOf(content, 'points');
  if (decoded) uplink.decoded = decoded;
  addFrequencyMhz(uplink, content.Frequency);
  addSpreading(uplink, content.SpFact);
  return uplink;
};

/** The best gateway stands in the message itself, with its position; it and some others in Lrrs.Lrr. */
const hearingsOf = (content: Json): readonly Reception[] => {
  const { Lrr } = objectOf(content, 'Lrrs') ?? {};
  // What was XML once has an object where there is one only.
  const hearings = jsonList(isJson(Lrr) ? [Lrr] : Lrr);
  const heard = hearings.length > 0 ? hearings : [content];
  const receptions: Reception[] = [];
  for (const { Lrrid, LrrRSSI, LrrSNR } of heard) {
    const isBest = Lrrid === content.Lrrid;
    const reception = receptionFrom({
      gatewayId: Lrrid,
      rssi: LrrRSSI,
      snr: LrrSNR,
      ...(isBest && { latitude: content.LrrLAT, longitude: content.LrrLON }),
    });
    if (reception) receptions.push(reception);
  }
  return receptions;
};

const logOf = (
  head: Head,
  { level, code, description }: Pick<NetworkLog, 'level' | 'code' | 'description'>,
): NetworkLog => ({
  kind: 'log',
  ...head,
  level,
  code,
  ...(description !== undefined && { description }),
});

/** DeliveryStatus 1: a gateway sent it, whether or not the device heard it. */
const readSent: Reader = (content, arrivedAt) => {
  const head = headOf(content, arrivedAt);
  if (anyNumber(content.DeliveryStatus, [0, 1e6]) !== 1) {
    const causes = [1, 2, 3].map((slot) => textOf(content, `DeliveryFailedCause${slot}`, 10)).filter((cause) => cause);
    return logOf(head, { level: 'error', code: 'downlink_not_sent', description: `causes ${causes.join(', ')}` });
  }
  const downlinkId = textOf(content, 'CorrelationID', 100);
  const gatewayId = textOf(content, 'Lrrid', 64);
  return {
    kind: 'txack',
    ...head,
    fCntDown: anyFCntOf(content, 'FCntDn'),
    ...(downlinkId !== undefined && { downlinkId }),
    ...(gatewayId !== undefined && { gatewayId }),
  };
};

const readRejected: Reader = (content, arrivedAt) => {
  const description = textOf(content, 'DownlinkRejectionCause', 1000);
  return logOf(headOf(content, arrivedAt), {
    level: 'error',
    code: 'downlink_rejected',
    ...(description !== undefined && { description }),
  });
};

const readLocation: Reader = (content, arrivedAt) => {
  const head = headOf(content, arrivedAt);
  const position = positionFrom(content.DevLAT, content.DevLON);
  if (!position) throw invalid('DevEUI_location has no position');
  return placeOf({ kind: 'location', ...head, ...position }, content.DevAlt, content.DevLocRadius);
};

const placeOf = (location: Draft<Location>, altitude: unknown, radius: unknown): Location => {
  const altitudeM = anyNumber(altitude, [-1e3, 1e5]);
  if (altitudeM !== undefined) location.altitudeM = altitudeM;
  const accuracyM = anyNumber(radius, [0, 1e7]);
  if (accuracyM !== undefined) location.accuracyM = accuracyM;
  return location;
};

/** ThingPark Location: GeoJSON's order, longitude first. */
const readFeed: Reader = (content, arrivedAt) => {
  const coordinates = content.coordinates as readonly unknown[];
  const position = positionFrom(coordinates[1], coordinates[0]);
  if (!position) throw invalid('coordinates hold no position');
  const devEui = devEuiOf(content.deviceEUI);
  const receivedAt = firstTime([content.time], arrivedAt);
  return placeOf({ kind: 'location', devEui, receivedAt, ...position }, undefined, content.horizontalAccuracy);
};

const readNotification: Reader = (content, arrivedAt) => {
  const head = headOf(content, arrivedAt);
  const type = textOf(content, 'Type', 100);
  if (type === 'join') {
    const devAddr = devAddrOf(content.DevAddr);
    return { kind: 'join', ...head, ...(devAddr !== undefined && { devAddr }) };
  }
  if (type === 'devstatusans') return statusOf(head, content.Var1, content.Var2);
  if (type === undefined) throw invalid('Type is missing');
  const description = textOf(content, 'Var1', 1000);
  return logOf(head, { level: 'info', code: type, ...(description !== undefined && { description }) });
};

const readAlarm: Reader = (content, arrivedAt) => {
  const id = anyNumber(content.ID, [0, 1e6]);
  const state = anyNumber(content.State, [0, 100]);
  return logOf(headOf(content, arrivedAt), {
    level: 'warning',
    code: `alarm_${id ?? 'unknown'}`,
    ...(state !== undefined && { description: `state ${state}` }),
  });
};

const ignore =
  (reason: string): Reader =>
  () => ({ kind: 'ignored', reason });

const readers: readonly (readonly [root: string, read: Reader])[] = [
  ['DevEUI_uplink', readUplink],
  ['DevEUI_downlink_Sent', readSent],
  ['DevEUI_downlink_Rejected', readRejected],
  ['DevEUI_location', readLocation],
  ['DevEUI_notification', readNotification],
  ['DevEUI_alarm', readAlarm],
  ['DevEUI_multicast_summary', ignore('report on a multicast')],
  ['DevEUI_downlink', ignore('request of a downlink')],
  ['BS_alarm', ignore('alarm of a gateway')],
];

export const actilityThingpark: NetworkAdapter = {
  kind: 'actility-thingpark',
  // The operator sets the patterns of a connection; these are those of ThingPark's own example.
  eventTopics: ['mqtt/things/+/uplink'],
  downlinkTopics: ['mqtt/things/+/downlink'],
  parse,
};
