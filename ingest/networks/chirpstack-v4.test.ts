import { describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { chirpstackV4 } from './chirpstack-v4.ts';
import examples from './fixtures/chirpstack-v4.json' with { type: 'json' };

const APPLICATION = 'application/17c82e96-be03-4f38-aef3-f83d48582d97/device/24e124710b000001/event';
const bytes = (document: unknown): Uint8Array => Buffer.from(JSON.stringify(document));
const parse = (document: unknown, topic?: string) => chirpstackV4.parse(topic, bytes(document));

const codeOf = (document: unknown, topic?: string): string => {
  try {
    return `no error but ${JSON.stringify(parse(document, topic))}`;
  } catch (thrown) {
    return thrown instanceof HubError ? thrown.code : String(thrown);
  }
};
const up = (change: object) => ({ ...examples.up, ...change });

describe('ChirpStack 4 uplinks', () => {
  it('reads the documented frame', () => {
    expect(parse(examples.up, `${APPLICATION}/up`)).toEqual({
      kind: 'uplink',
      devEui: '24e124710b000001',
      devAddr: '01020304',
      deviceName: 'Container 17',
      messageId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d',
      receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 775),
      fCnt: 1174,
      fPort: 85,
      bytes: Buffer.from('01755c0367010104824408050001', 'hex'),
      confirmed: false,
      decoded: examples.up.object,
      frequencyHz: 868_500_000,
      spreadingFactor: 7,
      bandwidthHz: 125_000,
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
    });
  });

  it('takes what is left out as zero', () => {
    const rest = up({ fCnt: undefined, adr: undefined, confirmed: undefined });
    const rxInfo = [{ gatewayId: '24e124fffef00001', rssi: -97, location: {} }];
    expect(parse({ ...rest, rxInfo })).toMatchObject({
      fCnt: 0,
      receptions: [{ gatewayId: '24e124fffef00001', rssiDbm: -97, snrDb: 0 }],
    });
    expect(parse({ ...rest, rxInfo })).not.toHaveProperty('receptions.0.latitude');
  });

  it('ignores frames of MAC commands and refuses what is still encrypted', () => {
    expect(parse(up({ data: '', fPort: 0 }))).toMatchObject({ kind: 'ignored', devEui: '24e124710b000001' });
    expect(parse(up({ data: undefined }), `${APPLICATION}/up`)).toMatchObject({ kind: 'ignored' });
    expect(codeOf(up({ joinServerContext: { sessionKeyId: 'AA==' } }))).toBe('HUB_ENVELOPE_ENCRYPTED');
    expect(parse(up({ joinServerContext: null }))).toMatchObject({ kind: 'uplink' });
  });

  it('takes the best plausible time', () => {
    const broken = '1970-01-01T00:00:12+00:00';
    expect(parse(up({ time: broken }))).toMatchObject({ receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 772) });
    const old = [{ gatewayId: 'a', time: '2026-03-02T08:15:31.5+01:00' }];
    expect(parse(up({ time: broken, rxInfo: old }))).toMatchObject({
      receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 500),
    });
    for (const time of [broken, '2100-01-01T00:00:00Z', 'yesterday', 1_772_435_731, undefined, null])
      expect(codeOf(up({ time, rxInfo: [] }))).toBe('HUB_ENVELOPE_TIME');
  });

  it('keeps the frame when only radio data are strange', () => {
    const rxInfo = [
      null,
      7,
      { gatewayId: 5 },
      { gatewayId: 'b', rssi: 'loud', snr: 1e300, location: { latitude: 91 } },
    ];
    expect(
      parse(up({ rxInfo, txInfo: { frequency: 'high' }, devAddr: '12', deviceInfo: { devEui: '24E124710B000001' } })),
    ).toEqual(expect.objectContaining({ devEui: '24e124710b000001', receptions: [{ gatewayId: 'b' }] }));
  });

  it('leaves out decoded objects that nobody could handle', () => {
    const text = JSON.stringify({ ...examples.up, object: 'HERE' });
    for (const object of [`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, '{"__proto__":{"admin":true}}']) {
      const event = chirpstackV4.parse(undefined, Buffer.from(text.replace('"HERE"', object)));
      expect(event).toMatchObject({ kind: 'uplink' });
      expect(event).not.toHaveProperty('decoded');
    }
  });
});

describe('other events of ChirpStack 4', () => {
  const head = { devEui: '24e124710b000001', deviceName: 'Container 17' };
  const cases = [
    ['join', { kind: 'join', devAddr: '01020304', messageId: 'c9dbe358-2578-4fb7-b295-66b44edc45a6' }],
    ['status', { kind: 'status', marginDb: 10, externalPower: false, batteryPercent: 88.3 }],
    ['ack', { kind: 'ack', acknowledged: true, downlinkId: '1bbcab1d-6ec6-4136-b3f5-d63be1dc08de', fCntDown: 3 }],
    ['txack', { kind: 'txack', downlinkId: '1bbcab1d-6ec6-4136-b3f5-d63be1dc08de', gatewayId: '24e124fffef00001' }],
    ['log', { kind: 'log', level: 'error', code: 'UPLINK_CODEC', description: 'JS error: ...' }],
    ['location', { kind: 'location', latitude: 54.47, longitude: 9.05, altitudeM: 2, accuracyM: 120 }],
  ] as const;
  it.each(cases)('reads %s by topic, by query and by shape', (event, expected) => {
    for (const topic of [`${APPLICATION}/${event}`, `?event=${event}`, undefined])
      expect(parse(examples[event], topic)).toMatchObject({ ...head, ...expected });
  });

  it('reads a negative acknowledgement whose zeros were left out', () => {
    const nack = { ...examples.ack, acknowledged: undefined, fCntDown: undefined };
    expect(parse(nack)).toMatchObject({ kind: 'ack', acknowledged: false, fCntDown: 0 });
  });

  it('gives no battery level for a device on external power or of unknown level', () => {
    const power = { ...examples.status, externalPowerSource: true, batteryLevel: 0 };
    expect(parse(power)).toMatchObject({ externalPower: true });
    expect(parse(power)).not.toHaveProperty('batteryPercent');
    expect(parse({ ...examples.status, batteryLevelUnavailable: true })).not.toHaveProperty('batteryPercent');
  });

  it('ignores what other integrations say', () => {
    const { deviceInfo, time } = examples.up;
    expect(parse({ deviceInfo, time, integrationName: 'loracloud', object: {} })).toMatchObject({ kind: 'ignored' });
  });

  it('falls back on the arrival only where there is no time at all', () => {
    const log = { ...examples.log, time: undefined };
    expect(chirpstackV4.parse(undefined, bytes(log), 1_772_435_731_000)).toMatchObject({
      receivedAt: 1_772_435_731_000,
    });
    expect(codeOf(log)).toBe('HUB_ENVELOPE_TIME');
    expect(codeOf({ ...log, time: '1970-01-01T00:00:00Z' })).toBe('HUB_ENVELOPE_TIME');
  });
});

describe('refusals of ChirpStack 4', () => {
  it.each([
    ['HUB_ENVELOPE_INVALID', [], undefined],
    ['HUB_ENVELOPE_INVALID', {}, undefined],
    ['HUB_ENVELOPE_INVALID', { deviceInfo: { devEui: '24e124710b000001' } }, undefined],
    ['HUB_ENVELOPE_NO_DEVICE', up({ deviceInfo: {} }), undefined],
    ['HUB_ENVELOPE_NO_DEVICE', up({ deviceInfo: { devEui: '24e124710b00000' } }), undefined],
    ['HUB_ENVELOPE_NO_DEVICE', up({ deviceInfo: { devEui: 42 } }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ fCnt: -1 }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ fCnt: 1.5 }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ fCnt: 2 ** 32 }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ fCnt: '7' }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ fPort: 256 }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ data: 'AXVcA2cBAQSCRAgFA' }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ data: 'AX Vc' }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ data: 'AXVcA2cBAQSCRAgFAAF' }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ data: ['AXVc'] }), undefined],
    ['HUB_ENVELOPE_INVALID', up({ data: 'A'.repeat(1_000_000) }), undefined],
    ['HUB_ENVELOPE_TOPIC', examples.up, 'application/1/device/24e124710b000002/event/up'],
    ['HUB_ENVELOPE_TOPIC', examples.up, `${APPLICATION}/uplink`],
    ['HUB_ENVELOPE_TOPIC', examples.up, 'application/1/device/24e124710b000001/command/down'],
    ['HUB_ENVELOPE_TOPIC', examples.up, '?event=constructor'],
  ])('%s', (code, document, topic) => {
    expect(codeOf(document, topic)).toBe(code);
  });

  it('refuses what is no JSON in UTF-8', () => {
    for (const body of ['', 'AA==', '{"deviceInfo":', Buffer.from('{"a":"\xff"}', 'latin1')])
      expect(() => chirpstackV4.parse(undefined, Buffer.from(body))).toThrow(
        expect.objectContaining({ code: 'HUB_ENVELOPE_NOT_JSON' }),
      );
  });

  it('accepts a prefix before the topic', () => {
    expect(parse(examples.up, `kreis/${APPLICATION}/up`)).toMatchObject({ kind: 'uplink' });
  });
});
