import type { EpochMs } from '../../model/time.ts';
import type { Ignored, NetworkEvent, Reception, Uplink } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';
import {
  anyFCntOf,
  anyFPortOf,
  type Draft,
  devEuiOf,
  hexPayloadOf,
  invalid,
  isJson,
  type Json,
  parseJson,
  soleOf,
  textOf,
} from './fields.ts';
import { addFrequency, addSpreading, receptionFrom, receptionsOf } from './radio.ts';
import { firstTime } from './times.ts';

/**
 * Netmore Connect (blink). UNVERIFIED: no captured message was seen, only the shortened examples in the readme of
 * netmoregroup/netmore-mqtt-sample. Uplinks come in a list; over MQTT each is wrapped as { n: 'raw', v: uplink }, and
 * topics with `dp` carry data points that Netmore decoded.
 */

const parse = (_topic: string | undefined, body: Uint8Array, _arrivedAt?: EpochMs): NetworkEvent | Ignored => {
  const document = parseJson(body);
  if (isDataPoints(document)) return { kind: 'ignored', reason: 'data points that Netmore decoded' };
  const item = soleOf(document);
  const envelope = item.n === 'raw' && isJson(item.v) ? item.v : item;
  const devEui = devEuiOf(envelope.devEui);
  const receivedAt = firstTime([envelope.timestamp], undefined);
  const type = textOf(envelope, 'messageType', 50) ?? 'payload';
  if (type !== 'payload') return { kind: 'ignored', reason: `${type}: nothing that the hub needs`, devEui, receivedAt };
  return readUplink(envelope, devEui, receivedAt);
};

/** { data: [{ t, n, u, v }] } in version 2 of the interface, [{ t, n, u, v }] in version 1. */
const isDataPoints = (document: unknown): boolean => {
  const points = isJson(document) && document.devEui !== undefined ? document.data : document;
  return Array.isArray(points) && points.length > 0 && points.every((point) => isJson(point) && isPoint(point));
};

const isPoint = ({ n, t, v }: Json): boolean =>
  typeof n === 'string' && n !== 'raw' && t !== undefined && v !== undefined;

const readUplink = (envelope: Json, devEui: string, receivedAt: EpochMs): Uplink | Ignored => {
  const fCnt = anyFCntOf(envelope, 'fCntUp');
  const fPort = anyFPortOf(envelope, 'fPort');
  if (envelope.payload === undefined && envelope.fCntUp === undefined)
    throw invalid('No uplink of Netmore has these members');
  const bytes = hexPayloadOf(envelope, 'payload');
  if (!bytes) return { kind: 'ignored', reason: 'frame without application payload', devEui, receivedAt };
  const uplink: Draft<Uplink> = {
    kind: 'uplink',
    devEui,
    receivedAt,
    fCnt,
    fPort,
    bytes,
    receptions: hearingsOf(envelope),
  };
  addFrequency(uplink, envelope.freq);
  addSpreading(uplink, envelope.spreadingFactor);
  return uplink;
};

/** All gateways in `gateways`, or else the best one in the message itself. */
const hearingsOf = (envelope: Json): readonly Reception[] => {
  const all = receptionsOf(envelope.gateways, receptionOf);
  const best = all.length > 0 ? undefined : receptionOf(envelope);
  return best ? [best] : all;
};

const receptionOf = ({ gatewayIdentifier, gwEui, rssi, snr, latitude, longitude }: Json): Reception | undefined =>
  receptionFrom({ gatewayId: gatewayIdentifier ?? gwEui, rssi, snr, latitude, longitude });

export const netmore: NetworkAdapter = {
  kind: 'netmore',
  eventTopics: ['client/+/deviceGroups/+/netmore/raw', 'client/+/edge/+/netmore/raw', 'client/+/edge/+/netmore/raw/#'],
  // Downlinks go over Netmore's own interface.
  downlinkTopics: [],
  parse,
};
