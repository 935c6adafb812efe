import type { DownlinkMessage, DownlinkOrder } from '../../model/downlink.ts';
import { HubError } from '../../model/errors.ts';

/** Writes an order as a kind of network server reads it; `uplinkTopic` is that of the device's newest message. */
type Writer = (order: DownlinkOrder, uplinkTopic: string) => Omit<DownlinkMessage, 'network'>;

/**
 * ChirpStack 4, JSON marshaler: `application/{id}/device/{devEui}/command/down`, message DownlinkCommand of
 * api/proto/integration/integration.proto. Its `id` comes back as `queueItemId` of ack and txack events.
 */
const chirpstackV4: Writer = ({ id, device, confirmed, fPort, hex }, uplinkTopic) => {
  const match = /^(.*)\/event\/[a-z]+$/.exec(uplinkTopic);
  if (!match) throw noTopic(uplinkTopic);
  const data = Buffer.from(hex, 'hex').toString('base64');
  return { topic: `${match[1]}/command/down`, body: JSON.stringify({ id, devEui: device, confirmed, fPort, data }) };
};

/**
 * The Things Stack 3: `v3/{application}@{tenant}/devices/{device}/down/push`, see lorawan-stack-docs, integrations/mqtt. The
 * correlation id comes back with the events of the downlink.
 */
const theThingsStackV3: Writer = ({ id, confirmed, fPort, hex }, uplinkTopic) => {
  const match = /^(v3\/[^/]+\/devices\/[^/]+)\/.+$/.exec(uplinkTopic);
  if (!match) throw noTopic(uplinkTopic);
  const downlink = {
    f_port: fPort,
    frm_payload: Buffer.from(hex, 'hex').toString('base64'),
    confirmed,
    priority: 'NORMAL',
    correlation_ids: [id],
  };
  return { topic: `${match[1]}/down/push`, body: JSON.stringify({ downlinks: [downlink] }) };
};

const noTopic = (topic: string): HubError =>
  new HubError('HUB_DOWNLINK_NO_WAY', `The topic "${topic}" of the device's messages does not say where downlinks go`);

const writers: ReadonlyMap<string, Writer> = new Map([
  ['chirpstack-v4', chirpstackV4],
  ['the-things-stack-v3', theThingsStackV3],
]);

/** Throws HUB_DOWNLINK_NO_WAY where this kind of network server takes no downlinks from the hub. */
export const downlinkMessage = (
  kind: string,
  order: DownlinkOrder,
  uplinkTopic: string | undefined,
): DownlinkMessage => {
  const write = writers.get(kind);
  if (!write) throw new HubError('HUB_DOWNLINK_NO_WAY', `The hub sends no downlinks to a ${kind} yet`);
  if (uplinkTopic === undefined) {
    throw new HubError('HUB_DOWNLINK_NO_WAY', 'The device is heard by webhook only; downlinks go over MQTT');
  }
  return { network: order.network, ...write(order, uplinkTopic) };
};
