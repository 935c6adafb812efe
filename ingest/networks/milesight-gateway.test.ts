import { describe, expect, it } from 'vitest';
import examples from './fixtures/milesight-gateway.json' with { type: 'json' };
import { milesightGateway } from './milesight-gateway.ts';
import { ARRIVED, PAYLOAD, readerOf } from './testing.ts';

const { parse, codeOf } = readerOf(milesightGateway);
const receivedAt = Date.UTC(2026, 2, 2, 7, 15, 31, 78);
const head = { devEui: '24e124710b000001', deviceName: 'container-17' };
const uplink = {
  ...head,
  kind: 'uplink',
  receivedAt,
  fCnt: 1174,
  fPort: 85,
  bytes: PAYLOAD,
  frequencyHz: 868_500_000,
  spreadingFactor: 7,
  bandwidthHz: 125_000,
  receptions: [{ gatewayId: '24e124fffef00001', rssiDbm: -97, snrDb: 7.2, time: receivedAt }],
};

describe('uplinks of Milesight gateways', () => {
  it('reads what old and new firmware writes', () => {
    expect(parse(examples.uplink)).toEqual(uplink);
    expect(parse(examples.uplink_new, '/milesight/uplink/24E124710B000001')).toEqual({
      ...uplink,
      decoded: { battery: 92, position: 'tilt' },
    });
  });

  it('takes the time that is there, also as Milesight itself misspells it', () => {
    expect(parse({ ...examples.uplink, time: '2026-0302T07:15:31.078763Z' })).toMatchObject({ receivedAt });
    const { rxInfo } = examples.uplink;
    expect(parse({ ...examples.uplink, time: undefined })).toMatchObject({ receivedAt });
    expect(parse({ ...examples.uplink_new, devEUI: head.devEui, time: undefined, rxInfo: [] })).toMatchObject({
      receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31),
    });
    const timeless = { ...examples.uplink, time: undefined, rxInfo: [{ ...rxInfo[0], time: undefined }] };
    expect(parse(timeless)).toMatchObject({ receivedAt: ARRIVED });
    expect(codeOf({ ...examples.uplink, time: '1970-01-01T00:00:10Z', rxInfo: [] })).toBe('HUB_ENVELOPE_TIME');
  });

  it('ignores frames without payload, but says when the codec swallowed it', () => {
    expect(parse({ ...examples.uplink, data: '', fPort: 0 })).toMatchObject({ kind: 'ignored' });
    expect(codeOf(examples.uplink_decoded_only)).toBe('HUB_ENVELOPE_INVALID');
  });
});

describe('notifications of Milesight gateways', () => {
  const at = Date.UTC(2026, 2, 2, 6, 10, 30);
  it.each([
    ['ack', { kind: 'ack', acknowledged: true, fCntDown: 4996, receivedAt: at }],
    ['error', { kind: 'log', level: 'error', code: 'error', description: 'downlink error,device offline' }],
    ['online', { kind: 'log', level: 'info', code: 'online', receivedAt: at }],
    ['offline', { kind: 'log', level: 'warning', code: 'offline', receivedAt: at }],
    ['join', { kind: 'join', devAddr: '01020304', receivedAt: at }],
  ] as const)('reads %s', (name, expected) => {
    expect(parse(examples[name])).toMatchObject({ ...head, ...expected });
  });
});

describe('refusals of Milesight gateways', () => {
  it.each([
    ['HUB_ENVELOPE_NO_DEVICE', {}, undefined],
    ['HUB_ENVELOPE_NO_DEVICE', { ...examples.uplink, devEUI: undefined }, 'a/b'],
    ['HUB_ENVELOPE_NO_DEVICE', { ...examples.uplink, devEUI: 5 }, '/milesight/uplink/24e124710b000001'],
    ['HUB_ENVELOPE_INVALID', { devEUI: head.devEui, battery: 92 }, undefined],
    ['HUB_ENVELOPE_INVALID', { ...examples.uplink, fPort: '85' }, undefined],
  ])('%s', (code, document, topic) => {
    expect(codeOf(document, topic)).toBe(code);
  });
});
