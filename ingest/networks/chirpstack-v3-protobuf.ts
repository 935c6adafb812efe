import { HubError } from '../../model/errors.ts';
import { isEui, type Json } from './fields.ts';
import { decodeProtobuf, type Shape, tryProtobuf } from './protobuf.ts';
import { timeOf } from './times.ts';

/**
 * The events of ChirpStack 3 as Protocol Buffers, read into the members of its JSON with EUIs in hexadecimal. Field
 * numbers: protobuf/as/integration, protobuf/gw and protobuf/common of brocaar/chirpstack-api.
 */

const location: Shape = {
  1: ['latitude', 'double'],
  2: ['longitude', 'double'],
  3: ['altitude', 'double'],
  5: ['accuracy', 'uint32'],
};
const rxInfo: Shape = {
  1: ['gatewayID', 'hex'],
  2: ['time', 'timestamp'],
  5: ['rssi', 'int32'],
  6: ['loRaSNR', 'double'],
  11: ['location', { one: location }],
};
const lora: Shape = { 1: ['bandwidth', 'uint32'], 2: ['spreadingFactor', 'uint32'] };
const txInfo: Shape = { 1: ['frequency', 'uint32'], 3: ['loRaModulationInfo', { one: lora }] };

const head: Shape = { 3: ['deviceName', 'string'], 4: ['devEUI', 'hex'] };
const types = [
  'UNKNOWN',
  'DOWNLINK_PAYLOAD_SIZE',
  'DOWNLINK_FCNT',
  'UPLINK_CODEC',
  'DOWNLINK_CODEC',
  'OTAA',
  'UPLINK_FCNT_RESET',
  'UPLINK_MIC',
  'UPLINK_FCNT_RETRANSMISSION',
  'DOWNLINK_GATEWAY',
];

/** In the order in which they are tried where no topic tells. */
const shapes = {
  up: {
    ...head,
    5: ['rxInfo', { many: rxInfo }],
    6: ['txInfo', { one: txInfo }],
    9: ['fCnt', 'uint32'],
    10: ['fPort', 'uint32'],
    11: ['data', 'bytes'],
    12: ['objectJSON', 'string'],
    14: ['confirmedUplink', 'bool'],
    15: ['devAddr', 'hex'],
    16: ['publishedAt', 'timestamp'],
  },
  join: { ...head, 5: ['devAddr', 'hex'], 6: ['rxInfo', { many: rxInfo }], 10: ['publishedAt', 'timestamp'] },
  ack: { ...head, 5: ['acknowledged', 'bool'], 6: ['fCnt', 'uint32'], 8: ['publishedAt', 'timestamp'] },
  error: {
    ...head,
    5: ['type', { names: types }],
    6: ['error', 'string'],
    7: ['fCnt', 'uint32'],
    9: ['publishedAt', 'timestamp'],
  },
  location: { ...head, 5: ['location', { one: location }], 9: ['publishedAt', 'timestamp'] },
  txack: { ...head, 5: ['fCnt', 'uint32'], 7: ['gatewayID', 'hex'], 9: ['publishedAt', 'timestamp'] },
  status: {
    ...head,
    5: ['margin', 'int32'],
    6: ['externalPowerSource', 'bool'],
    7: ['batteryLevelUnavailable', 'bool'],
    8: ['batteryLevel', 'float'],
    10: ['publishedAt', 'timestamp'],
  },
  integration: {
    ...head,
    6: ['integrationName', 'string'],
    7: ['eventType', 'string'],
    9: ['publishedAt', 'timestamp'],
  },
} as const satisfies Record<string, Shape>;
type Event = keyof typeof shapes;

/** Throws HUB_ENVELOPE_NOT_JSON where it is no event, or not the named one. */
export const parseProtobuf = (body: Uint8Array, event: string | undefined): { event: string; envelope: Json } => {
  if (event !== undefined && Object.hasOwn(shapes, event)) {
    return { event, envelope: decodeProtobuf(body, shapes[event as Event]) };
  }
  for (const candidate of Object.keys(shapes) as Event[]) {
    const envelope = tryProtobuf(body, shapes[candidate]);
    // Each event has the time at which it was published in another place.
    if (envelope && isEui(envelope.devEUI) && timeOf(envelope.publishedAt) !== undefined) {
      return { event: candidate, envelope };
    }
  }
  throw new HubError('HUB_ENVELOPE_NOT_JSON', 'The body is neither JSON nor a protobuf event of ChirpStack 3');
};
