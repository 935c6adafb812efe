import { HubError } from '../../model/errors.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Ignored, NetworkEvent, Reception, Uplink } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';
import {
  type Draft,
  devAddrOf,
  devEuiOf,
  fCntOf,
  fPortOf,
  hexPayloadOf,
  invalid,
  type Json,
  parseBody,
  textOf,
} from './fields.ts';
import { addDataRate, addFrequency, receptionFrom, receptionsOf } from './radio.ts';
import { firstTime, timeOf, unixTimeOf } from './times.ts';

/**
 * LORIOT, any output (MQTT, HTTP push, WebSocket). `cmd` names the kind of a message. Source: docs.loriot.io, Uplink Data
 * Message, Gateway Information, Downlink Data Message.
 *
 * With extended verbosity each frame comes twice: `rx` at once, from the first gateway and without its name, and `gw` when
 * all gateways have reported. Both are read as the uplink. The journal sees the same device, counter, port and payload
 * within ten minutes, counts the second as a duplicate and keeps its receptions with the first; where the output sends
 * only one of the two, nothing is missing.
 */

type Reader = (envelope: Json, devEui: string, receivedAt: EpochMs) => NetworkEvent | Ignored;

const parse = (_topic: string | undefined, body: Uint8Array, arrivedAt?: EpochMs): NetworkEvent | Ignored => {
  const envelope = parseBody(body);
  const cmd = textOf(envelope, 'cmd', 20);
  if (cmd === undefined) throw invalid('cmd is missing');
  if (replies.has(cmd)) return { kind: 'ignored', reason: `${cmd}: answer to a request` };
  const read = readers.get(cmd);
  if (!read) throw invalid(`No message of LORIOT that the hub knows has the cmd "${cmd}"`);
  const devEui = devEuiOf(envelope.EUI);
  // Epoch milliseconds of the server; that of a frame kept while the output was away (`offline`) is its own.
  const receivedAt = firstTime([envelope.ts], read === readUplink ? undefined : arrivedAt, unixTimeOf);
  return read(envelope, devEui, receivedAt);
};

const readUplink: Reader = (envelope, devEui, receivedAt) => {
  const fCnt = fCntOf(envelope, 'fcnt');
  const fPort = fPortOf(envelope, 'port');
  const bytes = hexPayloadOf(envelope, 'data');
  if (!bytes) {
    // The server leaves the payload as it was sent where it does not have the device's AppSKey.
    if (textOf(envelope, 'encdata') !== undefined && fPort > 0) throw new HubError('HUB_ENVELOPE_ENCRYPTED');
    return { kind: 'ignored', reason: 'frame without application payload', devEui, receivedAt };
  }
  const receptions = hearingsOf(envelope);
  const uplink: Draft<Uplink> = { kind: 'uplink', devEui, receivedAt, fCnt, fPort, bytes, receptions };
  const devAddr = devAddrOf(envelope.devaddr);
  if (devAddr !== undefined) uplink.devAddr = devAddr;
  if (typeof envelope.confirmed === 'boolean') uplink.confirmed = envelope.confirmed;
  addFrequency(uplink, envelope.freq);
  addDataRate(uplink, envelope.dr);
  return uplink;
};

const hearingsOf = (envelope: Json): readonly Reception[] => {
  if (Array.isArray(envelope.gws)) return receptionsOf(envelope.gws, receptionOf);
  const only = receptionFrom({ gatewayId: undefined, rssi: envelope.rssi, snr: envelope.snr });
  return only ? [only] : [];
};

const receptionOf = ({ gweui, rssi, snr, lat, lon, time, ts }: Json): Reception | undefined =>
  receptionFrom({
    gatewayId: gweui,
    rssi,
    snr,
    latitude: lat,
    longitude: lon,
    time: timeOf(time) ?? unixTimeOf(ts),
  });

const readSent: Reader = (envelope, devEui, receivedAt) => ({
  kind: 'txack',
  devEui,
  receivedAt,
  fCntDown: fCntOf(envelope, 'seqdn'),
});

const readers: ReadonlyMap<string, Reader> = new Map([
  ['rx', readUplink],
  ['gw', readUplink],
  ['txd', readSent],
]);

/** What the server answers to requests, and what may be requested. */
const replies: ReadonlySet<string> = new Set(['tx', 'cq', 'mcast']);

export const loriot: NetworkAdapter = {
  kind: 'loriot',
  // The operator names the topics of an output.
  eventTopics: ['loriot/up', 'loriot/up/#'],
  downlinkTopics: ['loriot/down', 'loriot/down/#'],
  parse,
};
