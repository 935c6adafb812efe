import { HubError } from '../../model/errors.ts';
import type { Ignored, NetworkEvent } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';

/** Configuration for the messages of fixtures/generic.json. */
export const genericExample = {
  devEui: '$.device.eui',
  fPort: '$.frame.port',
  payload: '$.frame.hex',
  time: '$.at',
  timeFormat: 'unixSeconds',
  fCnt: '$.frame.counter',
  deviceName: '$.device.name',
  gatewayId: '$.heard[*].gw',
  rssi: '$.heard[*].rssi',
  snr: '$.heard[*].snr',
  decoded: '$.values',
  event: { path: '$.type', uplink: ['data'] },
};

/** The payload of the uplinks in the fixtures. */
export const PAYLOAD = Buffer.from('01755c0367010104824408050001', 'hex');

/** When a message without a time arrives in a test. */
export const ARRIVED = Date.UTC(2026, 2, 2, 8);

/** Parses documents with one adapter, and names the code of what it refuses. */
export const readerOf = (adapter: NetworkAdapter) => {
  const parse = (document: unknown, topic?: string): NetworkEvent | Ignored =>
    adapter.parse(topic, Buffer.from(JSON.stringify(document)), ARRIVED) as NetworkEvent | Ignored;
  const codeOf = (document: unknown, topic?: string): string => {
    try {
      return `no error but ${JSON.stringify(parse(document, topic))}`;
    } catch (thrown) {
      return thrown instanceof HubError ? thrown.code : String(thrown);
    }
  };
  return { parse, codeOf };
};
