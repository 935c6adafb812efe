import { HubError } from '../../model/errors.ts';
import { devAddrOf, isEui, type Json, objectOf } from './fields.ts';
import { decodeProtobuf, type Shape, tryProtobuf } from './protobuf.ts';
import { positionOf } from './radio.ts';

/**
 * The events of ChirpStack 4 as Protocol Buffers, read into the members of its JSON. Field numbers:
 * api/proto/{integration,gw,common}/*.proto of chirpstack/chirpstack.
 */

const location: Shape = {
  1: ['latitude', 'double'],
  2: ['longitude', 'double'],
  3: ['altitude', 'double'],
  5: ['accuracy', 'float'],
};
const deviceInfo: Shape = { 7: ['deviceName', 'string'], 8: ['devEui', 'string'] };
const rxInfo: Shape = {
  1: ['gatewayId', 'string'],
  3: ['gwTime', 'timestamp'],
  6: ['rssi', 'int32'],
  7: ['snr', 'float'],
  12: ['location', { one: location }],
  17: ['nsTime', 'timestamp'],
};
const lora: Shape = { 1: ['bandwidth', 'uint32'], 2: ['spreadingFactor', 'uint32'] };
const txInfo: Shape = { 1: ['frequency', 'uint32'], 2: ['modulation', { one: { 3: ['lora', { one: lora }] } }] };
const joinServerContext: Shape = { 1: ['sessionKeyId', 'string'], 2: ['appSKey', { one: {} }] };

const head: Shape = {
  1: ['deduplicationId', 'string'],
  2: ['time', 'timestamp'],
  3: ['deviceInfo', { one: deviceInfo }],
};

const levels = ['INFO', 'WARNING', 'ERROR'];
const codes = [
  'UNKNOWN',
  'DOWNLINK_PAYLOAD_SIZE',
  'UPLINK_CODEC',
  'DOWNLINK_CODEC',
  'OTAA',
  'UPLINK_F_CNT_RESET',
  'UPLINK_MIC',
  'UPLINK_F_CNT_RETRANSMISSION',
  'DOWNLINK_GATEWAY',
  'RELAY_NEW_END_DEVICE',
  'F_CNT_DOWN',
  'EXPIRED',
];

const shapes = {
  up: {
    ...head,
    4: ['devAddr', 'string'],
    7: ['fCnt', 'uint32'],
    8: ['fPort', 'uint32'],
    9: ['confirmed', 'bool'],
    10: ['data', 'bytes'],
    11: ['object', 'struct'],
    12: ['rxInfo', { many: rxInfo }],
    13: ['txInfo', { one: txInfo }],
    15: ['joinServerContext', { one: joinServerContext }],
  },
  join: { ...head, 4: ['devAddr', 'string'] },
  ack: { ...head, 4: ['queueItemId', 'string'], 5: ['acknowledged', 'bool'], 6: ['fCntDown', 'uint32'] },
  txack: {
    1: ['downlinkId', 'uint32'],
    2: ['time', 'timestamp'],
    3: ['deviceInfo', { one: deviceInfo }],
    4: ['queueItemId', 'string'],
    5: ['fCntDown', 'uint32'],
    6: ['gatewayId', 'string'],
  },
  log: {
    1: ['time', 'timestamp'],
    2: ['deviceInfo', { one: deviceInfo }],
    3: ['level', { names: levels }],
    4: ['code', { names: codes }],
    5: ['description', 'string'],
  },
  location: { ...head, 4: ['location', { one: location }] },
  status: {
    ...head,
    5: ['margin', 'int32'],
    6: ['externalPowerSource', 'bool'],
    7: ['batteryLevelUnavailable', 'bool'],
    8: ['batteryLevel', 'float'],
  },
} as const satisfies Record<string, Shape>;
type Event = keyof typeof shapes;

/** What an event has that no other has, for messages without a topic; in the order in which they are tried. */
const marks: Readonly<Record<Event, (message: Json) => boolean>> = {
  up: (message) => ['rxInfo', 'txInfo', 'data', 'fPort'].some((name) => message[name] !== undefined),
  join: ({ devAddr }) => devAddrOf(devAddr) !== undefined,
  txack: ({ downlinkId }) => downlinkId !== undefined,
  ack: ({ queueItemId }) => typeof queueItemId === 'string' && /^[0-9a-f-]{36}$/.test(queueItemId),
  location: (message) => positionOf(objectOf(message, 'location')) !== undefined,
  log: () => true,
  status: () => true,
};

/** Throws HUB_ENVELOPE_NOT_JSON where it is no event, or not the named one. */
export const parseProtobuf = (body: Uint8Array, event: string | undefined): Json => {
  if (event !== undefined && Object.hasOwn(shapes, event)) return decodeProtobuf(body, shapes[event as Event]);
  for (const candidate of Object.keys(marks) as Event[]) {
    const message = tryProtobuf(body, shapes[candidate]);
    if (message && isEui(objectOf(message, 'deviceInfo')?.devEui) && marks[candidate](message)) return message;
  }
  throw new HubError('HUB_ENVELOPE_NOT_JSON', 'The body is neither JSON nor a protobuf event of ChirpStack');
};
