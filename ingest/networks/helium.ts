import type { EpochMs } from '../../model/time.ts';
import type { Ignored, NetworkEvent, Reception, Uplink } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';
import {
  type Draft,
  decodedOf,
  devAddrOf,
  devEuiOf,
  fCntOf,
  fPortOf,
  type Json,
  objectOf,
  parseJson,
  payloadOf,
  soleOf,
  textOf,
} from './fields.ts';
import { addDataRate, addFrequencyMhz, jsonList, receptionFrom, receptionsOf } from './radio.ts';
import { firstTime, unixTimeOf } from './times.ts';

/**
 * Helium Console (legacy; today's operators on the Helium network run ChirpStack 4). Source: docs.helium.com,
 * console/integrations/json-schema and mqtt.
 */

const parse = (_topic: string | undefined, body: Uint8Array, arrivedAt?: EpochMs): NetworkEvent | Ignored => {
  const envelope = soleOf(parseJson(body));
  const devEui = devEuiOf(envelope.dev_eui);
  const type = textOf(envelope, 'type', 50) ?? 'uplink';
  const times = [envelope.reported_at, ...jsonList(envelope.hotspots).map(({ reported_at }) => reported_at)];
  if (type === 'uplink') return readUplink(envelope, devEui, firstTime(times, undefined, reportedAt));
  const receivedAt = firstTime(times, arrivedAt, reportedAt);
  if (type !== 'join') return { kind: 'ignored', reason: `${type}: nothing that the hub needs`, devEui, receivedAt };
  const devAddr = devAddrOf(envelope.devaddr);
  return { kind: 'join', devEui, receivedAt, ...(devAddr !== undefined && { devAddr }) };
};

/** Seconds in old versions, milliseconds since; the documentation's own example has one digit more. */
const reportedAt = (value: unknown): EpochMs | undefined =>
  unixTimeOf(value, 1) ?? unixTimeOf(value, 1e3) ?? unixTimeOf(value, 1e4);

const readUplink = (envelope: Json, devEui: string, receivedAt: EpochMs): Uplink | Ignored => {
  const fCnt = fCntOf(envelope, 'fcnt');
  const fPort = fPortOf(envelope, 'port');
  const bytes = payloadOf(envelope, 'payload');
  if (!bytes) return { kind: 'ignored', reason: 'frame without application payload', devEui, receivedAt };
  const receptions = receptionsOf(envelope.hotspots, receptionOf);
  const uplink: Draft<Uplink> = { kind: 'uplink', devEui, receivedAt, fCnt, fPort, bytes, receptions };
  // `id` is the device's; a message has a `uuid` in newer versions.
  const messageId = textOf(envelope, 'uuid', 100);
  if (messageId !== undefined) uplink.messageId = messageId;
  const deviceName = textOf(envelope, 'name');
  if (deviceName !== undefined) uplink.deviceName = deviceName;
  const devAddr = devAddrOf(envelope.devaddr);
  if (devAddr !== undefined) uplink.devAddr = devAddr;
  const decoded = decodedOf(objectOf(envelope, 'decoded') ?? {}, 'payload');
  if (decoded) uplink.decoded = decoded;
  const [best] = jsonList(envelope.hotspots);
  addFrequencyMhz(uplink, best?.frequency);
  addDataRate(uplink, best?.spreading);
  return uplink;
};

const receptionOf = ({ name, id, rssi, snr, lat, long, reported_at }: Json): Reception | undefined =>
  receptionFrom({ gatewayId: name ?? id, rssi, snr, latitude: lat, longitude: long, time: reportedAt(reported_at) });

export const helium: NetworkAdapter = {
  kind: 'helium',
  eventTopics: ['helium/+/rx', '+/helium/+/rx'],
  downlinkTopics: ['helium/+/tx', '+/helium/+/tx'],
  parse,
};
