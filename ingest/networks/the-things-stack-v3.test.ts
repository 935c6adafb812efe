import { describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import examples from './fixtures/the-things-stack-v3.json' with { type: 'json' };
import { theThingsStackV3 } from './the-things-stack-v3.ts';

const DEVICE = 'v3/abfall@ttn/devices/eui-24e124710b000001';
const parse = (document: unknown, topic?: string, arrivedAt?: number) =>
  theThingsStackV3.parse(topic, Buffer.from(JSON.stringify(document)), arrivedAt);

const codeOf = (document: unknown, topic?: string): string => {
  try {
    return `no error but ${JSON.stringify(parse(document, topic))}`;
  } catch (thrown) {
    return thrown instanceof HubError ? thrown.code : String(thrown);
  }
};
const up = (change: object, outside: object = {}) => ({
  ...examples.up,
  ...outside,
  uplink_message: { ...examples.up.uplink_message, ...change },
});
const { end_device_ids: ids, received_at } = examples.up;

describe('uplinks of The Things Stack 3', () => {
  it('reads the documented frame', () => {
    expect(parse(examples.up, `${DEVICE}/up`)).toEqual({
      kind: 'uplink',
      devEui: '24e124710b000001',
      devAddr: '260b1234',
      deviceName: 'eui-24e124710b000001',
      messageId: 'AYfqmb0pc/1uRZv9xUydgQ==:1174',
      receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 641),
      fCnt: 1174,
      fPort: 85,
      bytes: Buffer.from('01755c0367010104824408050001', 'hex'),
      confirmed: false,
      decoded: examples.up.uplink_message.decoded_payload,
      frequencyHz: 868_500_000,
      spreadingFactor: 7,
      bandwidthHz: 125_000,
      receptions: [
        {
          gatewayId: 'rathaus-1',
          rssiDbm: -97,
          snrDb: 7.2,
          time: Date.UTC(2026, 2, 2, 7, 15, 31, 608),
          latitude: 54.47,
          longitude: 9.05,
        },
      ],
    });
  });

  it('takes what is left out as zero: the first frame of a session has no f_cnt', () => {
    expect(parse(up({ f_cnt: undefined }))).toMatchObject({ fCnt: 0, messageId: 'AYfqmb0pc/1uRZv9xUydgQ==:0' });
    expect(parse(up({ f_port: undefined }))).toMatchObject({ fPort: 0 });
  });

  it('reads simulated uplinks like others', () => {
    const radio = { rx_metadata: undefined, settings: undefined, session_key_id: undefined };
    expect(parse(up(radio, { simulated: true }))).toMatchObject({ receptions: [] });
  });

  it('names the gateway behind Packet Broker', () => {
    const rx_metadata = [
      { gateway_ids: { gateway_id: 'packetbroker' }, packet_broker: { forwarder_gateway_id: 'kiel-1' }, rssi: -100 },
      { gateway_ids: { eui: '24E124FFFEF00009' }, rssi: -90, snr: 3 },
    ];
    expect(parse(up({ rx_metadata }))).toMatchObject({
      receptions: [
        { gatewayId: 'kiel-1', rssiDbm: -100, snrDb: 0 },
        { gatewayId: '24e124fffef00009', rssiDbm: -90 },
      ],
    });
  });

  it('ignores frames without payload and refuses what is still encrypted', () => {
    expect(parse(up({ frm_payload: undefined }))).toMatchObject({ kind: 'ignored', devEui: '24e124710b000001' });
    expect(codeOf(up({ app_s_key: { key: 'AA==' } }))).toBe('HUB_ENVELOPE_ENCRYPTED');
  });

  it('takes the best plausible time', () => {
    const broken = '2100-01-01T00:00:00Z';
    expect(parse(up({ received_at: broken }))).toMatchObject({ receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 848) });
    const message = up({ received_at: broken }, { received_at: broken });
    expect(parse(message)).toMatchObject({ receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 607) });
    expect(codeOf(up({ received_at: broken, rx_metadata: [] }, { received_at: broken }))).toBe('HUB_ENVELOPE_TIME');
  });
});

describe('other events of The Things Stack 3', () => {
  const downlink = { f_port: 85, f_cnt: 11, correlation_ids: ['as:downlink:01E1', 'hub-4711'] };
  const event = (member: object) => ({ end_device_ids: ids, received_at, ...member });
  it.each([
    ['join', examples.join, { kind: 'join', devAddr: '260b1234', messageId: 'AYfqmb0pc/1uRZv9xUydgQ==' }],
    ['down/ack', examples.down_ack, { kind: 'ack', acknowledged: true, downlinkId: 'hub-4711', fCntDown: 11 }],
    ['down/nack', event({ downlink_nack: downlink }), { kind: 'ack', acknowledged: false, downlinkId: 'hub-4711' }],
    ['down/sent', event({ downlink_sent: downlink }), { kind: 'txack', downlinkId: 'hub-4711', fCntDown: 11 }],
    ['down/queued', event({ downlink_queued: downlink }), { kind: 'log', level: 'info', code: 'downlink_queued' }],
    ['service/data', event({ service_data: { service: 'lbs' } }), { kind: 'log', description: 'lbs' }],
    [
      'location/solved',
      event({ location_solved: { service: 'lbs', location: { latitude: 54.4, longitude: 10.2, accuracy: 9 } } }),
      { kind: 'location', latitude: 54.4, longitude: 10.2, accuracyM: 9 },
    ],
    ['up/normalized', event({ uplink_normalized: {} }), { kind: 'ignored' }],
  ])('reads %s by topic and by shape', (suffix, document, expected) => {
    expect(parse(document, `${DEVICE}/${suffix}`)).toMatchObject(expected);
    expect(parse(document)).toMatchObject(expected);
  });

  it('reads a failed downlink, which has neither DevEUI nor time, with the arrival', () => {
    const expected = { kind: 'log', level: 'error', code: 'application_downlink_too_long', devEui: '24e124710b000001' };
    expect(parse(examples.down_failed, `${DEVICE}/down/failed`, 7)).toMatchObject({ ...expected, receivedAt: 7 });
    expect(codeOf(examples.down_failed)).toBe('HUB_ENVELOPE_TIME');
    expect(codeOf({ ...examples.down_failed, end_device_ids: { device_id: 'tonne-1' } })).toBe(
      'HUB_ENVELOPE_NO_DEVICE',
    );
  });
});

describe('refusals of The Things Stack 3', () => {
  it.each([
    ['HUB_ENVELOPE_INVALID', {}, undefined],
    ['HUB_ENVELOPE_INVALID', { end_device_ids: ids, received_at }, undefined],
    ['HUB_ENVELOPE_NO_DEVICE', { ...examples.up, end_device_ids: { device_id: ids.device_id } }, undefined],
    ['HUB_ENVELOPE_NO_DEVICE', { ...examples.up, end_device_ids: { dev_eui: '24E124710B00000G' } }, undefined],
    ['HUB_ENVELOPE_INVALID', up({ f_cnt: -5 }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ f_port: 1e9 }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ frm_payload: '$$$$' }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ frm_payload: 12 }), undefined],
    ['HUB_ENVELOPE_TOPIC', examples.up, `${DEVICE}/join`],
    ['HUB_ENVELOPE_TOPIC', examples.up, `${DEVICE}/down/push`],
    ['HUB_ENVELOPE_TOPIC', examples.up, 'v3/abfall@ttn/devices/eui-24e124710b000002/up'],
    ['HUB_ENVELOPE_TOPIC', examples.up, 'application/1/device/24e124710b000001/event/up'],
  ])('%s', (code, document, topic) => {
    expect(codeOf(document, topic)).toBe(code);
  });
});
