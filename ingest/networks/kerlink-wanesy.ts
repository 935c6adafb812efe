import { HubError } from '../../model/errors.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Ignored, NetworkEvent, Reception, Uplink } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';
import {
  anyFCntOf,
  anyFPortOf,
  type Draft,
  devAddrOf,
  devEuiOf,
  hexPayloadOf,
  invalid,
  type Json,
  objectOf,
  parseBody,
  payloadOf,
  textOf,
} from './fields.ts';
import { addDataRate, addFrequencyMhz, receptionFrom, receptionsOf } from './radio.ts';
import { firstTime, unixTimeOf } from './times.ts';

/**
 * Kerlink Wanesy Management Center 3, push messages `dataUp` (payload, radio or network detail). Source: Kerlink's API
 * migration guide, and dataUp documents as its REST interface lists them. What `dataDownEvent` holds was never seen: it is
 * kept as a log of the device.
 */

const parse = (topic: string | undefined, body: Uint8Array, arrivedAt?: EpochMs): NetworkEvent | Ignored => {
  const envelope = parseBody(body);
  const device = objectOf(envelope, 'endDevice');
  if (!device) throw invalid('endDevice is missing');
  const devEui = devEuiOf(device.devEui);
  const isUplink = envelope.fCntUp !== undefined || envelope.payload !== undefined;
  if (!isUplink || topic?.endsWith('/dataDownEvent')) return readDownlink(envelope, devEui, arrivedAt);
  return readUplink(envelope, device, devEui);
};

const readUplink = (envelope: Json, device: Json, devEui: string): Uplink | Ignored => {
  // The server's clock; a gateway that kept the frame while it was cut off says when it heard it.
  const receivedAt = firstTime([envelope.gwRecvTime, envelope.recvTime], undefined, unixTimeOf);
  const fCnt = anyFCntOf(envelope, 'fCntUp');
  const fPort = anyFPortOf(envelope, 'fPort');
  const bytes = isBase64(envelope) ? payloadOf(envelope, 'payload') : hexPayloadOf(envelope, 'payload');
  if (!bytes) return { kind: 'ignored', reason: 'frame without application payload', devEui, receivedAt };
  if (envelope.encrypted === true) throw new HubError('HUB_ENVELOPE_ENCRYPTED');
  const uplink: Draft<Uplink> = {
    kind: 'uplink',
    devEui,
    receivedAt,
    fCnt,
    fPort,
    bytes,
    receptions: hearingsOf(envelope),
  };
  const messageId = textOf(envelope, 'id', 100);
  if (messageId !== undefined) uplink.messageId = messageId;
  const devAddr = devAddrOf(device.devAddr);
  if (devAddr !== undefined) uplink.devAddr = devAddr;
  const deviceName = textOf(device, 'name');
  if (deviceName !== undefined) uplink.deviceName = deviceName;
  if (typeof envelope.confirmed === 'boolean') uplink.confirmed = envelope.confirmed;
  addFrequencyMhz(uplink, envelope.ulFrequency);
  addDataRate(uplink, envelope.dataRate);
  return uplink;
};

/** HEXA (the default) or BASE64, as set with the push configuration. */
const isBase64 = (envelope: Json): boolean => textOf(envelope, 'encodingType', 20)?.toUpperCase() === 'BASE64';

const hearingsOf = (envelope: Json): readonly Reception[] => {
  if (Array.isArray(envelope.gwInfo)) return receptionsOf(envelope.gwInfo, receptionOf);
  const only = receptionFrom({ gatewayId: undefined, rssi: envelope.rssi, snr: envelope.snr });
  return only ? [only] : [];
};

const receptionOf = ({ gwEui, rssi, snr, latitude, longitude, gwRecvTime }: Json): Reception | undefined =>
  receptionFrom({ gatewayId: gwEui, rssi, snr, latitude, longitude, time: unixTimeOf(gwRecvTime) });

const readDownlink = (envelope: Json, devEui: string, arrivedAt: EpochMs | undefined): NetworkEvent => {
  const receivedAt = firstTime([envelope.recvTime, envelope.sentTime], arrivedAt, unixTimeOf);
  const description = textOf(envelope, 'deliveryStatus') ?? textOf(envelope, 'status');
  return {
    kind: 'log',
    devEui,
    receivedAt,
    level: 'info',
    code: 'dataDownEvent',
    ...(description !== undefined && { description }),
  };
};

export const kerlinkWanesy: NetworkAdapter = {
  kind: 'kerlink-wanesy',
  // The operator names the topics of a push configuration.
  eventTopics: ['wanesy/dataUp', 'wanesy/dataUp/#', 'wanesy/dataDownEvent', 'wanesy/dataDownEvent/#'],
  // Downlinks go over Wanesy's REST interface.
  downlinkTopics: [],
  parse,
};
