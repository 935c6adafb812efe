import { describe, expect, it } from 'vitest';
import { chirpstackV3 } from './chirpstack-v3.ts';
import examples from './fixtures/chirpstack-v3.json' with { type: 'json' };
import { ARRIVED, PAYLOAD, readerOf } from './testing.ts';

const { parse, codeOf } = readerOf(chirpstackV3);
const DEVICE = 'application/430/device/24e124710b000001';
const head = { devEui: '24e124710b000001', deviceName: 'container-17' };

const uplink = {
  ...head,
  kind: 'uplink',
  receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 700),
  fCnt: 1174,
  fPort: 85,
  bytes: PAYLOAD,
  decoded: { battery: 92 },
  frequencyHz: 868_500_000,
  receptions: [
    {
      gatewayId: '24e124fffef00001',
      rssiDbm: -97,
      snrDb: 7.2,
      time: Date.UTC(2026, 2, 2, 7, 15, 31, 700),
      latitude: 54.47,
      longitude: 9.05,
    },
  ],
};

describe('ChirpStack 3 uplinks', () => {
  it('reads what the marshaler json writes', () => {
    const expected = { ...uplink, devAddr: '01020304', confirmed: false, spreadingFactor: 7, bandwidthHz: 125_000 };
    expect(parse(examples.up_json, `${DEVICE}/event/up`)).toEqual(expected);
    expect(parse({ type: 'up', payload: examples.up_json })).toEqual(expected);
  });

  it('reads what the marshaler json_v3 writes', () => {
    for (const topic of [`${DEVICE}/event/up`, `${DEVICE}/rx`, 'application/1/node/24e124710b000001/rx', '?event=up'])
      expect(parse(examples.up_json_v3, topic)).toEqual(uplink);
  });

  it('takes the time of publishing, and then the arrival, where no gateway has a clock that makes sense', () => {
    const [hearing] = examples.up_json.rxInfo;
    for (const time of [null, undefined, '1970-01-01T00:00:12Z']) {
      const rxInfo = [{ ...hearing, time }];
      expect(parse({ ...examples.up_json, rxInfo })).toMatchObject({
        receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 875),
      });
      expect(parse({ ...examples.up_json_v3, rxInfo })).toMatchObject({ receivedAt: ARRIVED });
    }
    expect(codeOf({ ...examples.up_json, rxInfo: [], publishedAt: '2100-01-01T00:00:00Z' })).toBe('HUB_ENVELOPE_TIME');
  });

  it('keeps the frame when the decoded text is none', () => {
    for (const objectJSON of ['', 'no JSON', '[]', '{"__proto__":{}}', 5]) {
      const event = parse({ ...examples.up_json, objectJSON });
      expect(event).toMatchObject({ kind: 'uplink' });
      expect(event).not.toHaveProperty('decoded');
    }
  });

  it('ignores frames of MAC commands', () => {
    expect(parse({ ...examples.up_json_v3, data: '', fPort: 0 })).toMatchObject({ kind: 'ignored' });
    expect(parse({ ...examples.up_json_v3, data: null, fPort: 0 })).toMatchObject({ kind: 'ignored' });
  });
});

describe('other events of ChirpStack 3', () => {
  it.each([
    ['join_json', 'join', { kind: 'join', devAddr: '01020304' }],
    ['join_json_v3', 'join', { kind: 'join', devAddr: '01020304', receivedAt: ARRIVED }],
    ['ack_json', 'ack', { kind: 'ack', acknowledged: true, fCntDown: 12 }],
    ['ack_json_v3', 'ack', { kind: 'ack', acknowledged: true, fCntDown: 12 }],
    ['txack_json', 'txack', { kind: 'txack', fCntDown: 12, gatewayId: '24e124fffef00001' }],
    ['txack_json_v3', 'txack', { kind: 'txack', fCntDown: 12 }],
    ['status_json', 'status', { kind: 'status', marginDb: 10, batteryPercent: 88.2, externalPower: false }],
    ['status_json_v3', 'status', { kind: 'status', marginDb: 10, batteryPercent: 88.2, externalPower: false }],
    ['error_json', 'error', { kind: 'log', level: 'error', code: 'UPLINK_CODEC', description: 'execute js error' }],
    ['error_json_v3', 'error', { kind: 'log', level: 'error', code: 'UPLINK_CODEC', description: 'execute js error' }],
    ['location_json', 'location', { kind: 'location', latitude: 54.47, longitude: 9.05, altitudeM: 2, accuracyM: 120 }],
  ] as const)('reads %s by topic, by query and by shape', (name, event, expected) => {
    for (const topic of [`${DEVICE}/event/${event}`, `?event=${event}`, undefined])
      expect(parse(examples[name], topic)).toMatchObject({ ...head, ...expected });
  });

  it('ignores what other integrations say', () => {
    expect(parse(examples.integration_json)).toMatchObject({ kind: 'ignored', devEui: head.devEui });
  });
});

describe('refusals of ChirpStack 3', () => {
  it.each([
    ['HUB_ENVELOPE_INVALID', {}, undefined],
    ['HUB_ENVELOPE_INVALID', [], undefined],
    ['HUB_ENVELOPE_NO_DEVICE', { ...examples.up_json, devEUI: 'JOEkcQsAAA==' }, undefined],
    ['HUB_ENVELOPE_NO_DEVICE', { ...examples.up_json, devEUI: '24e124710b00000' }, undefined],
    ['HUB_ENVELOPE_INVALID', { ...examples.up_json, fCnt: -1 }, undefined],
    ['HUB_ENVELOPE_INVALID', { ...examples.up_json, data: '!' }, undefined],
    ['HUB_ENVELOPE_TOPIC', examples.up_json, 'application/430/device/24e124710b000002/event/up'],
    ['HUB_ENVELOPE_TOPIC', examples.up_json, `${DEVICE}/command/down`],
    ['HUB_ENVELOPE_TOPIC', examples.up_json, '?event=uplink'],
  ])('%s', (code, document, topic) => {
    expect(codeOf(document, topic)).toBe(code);
  });
});
