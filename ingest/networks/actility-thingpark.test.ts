import { describe, expect, it } from 'vitest';
import { actilityThingpark } from './actility-thingpark.ts';
import examples from './fixtures/actility-thingpark.json' with { type: 'json' };
import { ARRIVED, PAYLOAD, readerOf } from './testing.ts';

const { parse, codeOf } = readerOf(actilityThingpark);
const device = { devEui: '24e124710b000001' };
const up = (change: object) => ({ DevEUI_uplink: { ...examples.uplink.DevEUI_uplink, ...change } });

describe('ThingPark uplinks', () => {
  const frame = { ...device, kind: 'uplink', fCnt: 1174, fPort: 85, bytes: PAYLOAD, devAddr: '04d2848e' };
  const receivedAt = Date.UTC(2026, 2, 2, 7, 15, 31, 138);

  it('reads numbers', () => {
    expect(parse(examples.uplink)).toEqual({
      ...frame,
      receivedAt,
      deviceName: 'Container 17',
      confirmed: false,
      frequencyHz: 868_500_000,
      spreadingFactor: 7,
      receptions: [{ gatewayId: '100019D4', rssiDbm: -97, snrDb: 7.25, latitude: 54.47, longitude: 9.05 }],
    });
  });

  it('reads numbers written as text, with and without the root member', () => {
    const receptions = [{ gatewayId: 'unnamed', rssiDbm: -97, snrDb: 7.25, latitude: 54.47, longitude: 9.05 }];
    for (const document of [examples.uplink_strings, examples.uplink_flat])
      expect(parse(document)).toEqual({ ...frame, receivedAt, confirmed: false, spreadingFactor: 7, receptions });
  });

  it('keeps what a driver decoded and knows confirmed frames', () => {
    expect(parse(examples.uplink_decoded)).toMatchObject({ confirmed: true, decoded: { battery: 92 } });
    expect(parse(up({ points: { battery: { record: 92 } } }))).toMatchObject({ decoded: { battery: { record: 92 } } });
  });

  it('gives the position to the best gateway only', () => {
    const Lrr = [{ Lrrid: 'A', LrrRSSI: '-100.5' }, { Lrrid: '100019D4' }, null, {}];
    expect(parse(up({ Lrrs: { Lrr } }))).toMatchObject({
      receptions: [
        { gatewayId: 'A', rssiDbm: -100.5 },
        { gatewayId: '100019D4', latitude: 54.47, longitude: 9.05 },
      ],
    });
    expect(parse(up({ Lrrs: { Lrr: Lrr[0] } }))).toMatchObject({ receptions: [{ gatewayId: 'A' }] });
  });

  it('ignores frames of MAC commands and join requests', () => {
    for (const document of [
      examples.uplink_mac,
      examples.uplink_join_request,
      up({ FPort: 0 }),
      up({ payload_hex: '' }),
    ])
      expect(parse(document)).toMatchObject({ kind: 'ignored', ...device });
  });
});

describe('other messages of ThingPark', () => {
  const sentAt = Date.UTC(2026, 2, 2, 8, 48, 2);
  it.each([
    ['downlink_sent', { kind: 'txack', downlinkId: '4434704901C7450B', gatewayId: 'FF0106DE', fCntDown: 47 }],
    ['downlink_not_sent', { kind: 'log', level: 'error', code: 'downlink_not_sent', description: 'causes B0, 00' }],
    ['downlink_rejected', { kind: 'log', level: 'error', code: 'downlink_rejected', receivedAt: sentAt }],
    ['location', { kind: 'location', latitude: 54.47, longitude: 9.05, altitudeM: 5 }],
    ['location_feed', { kind: 'location', latitude: 54.47, longitude: 9.05, accuracyM: 123 }],
    ['notification', { kind: 'join', devAddr: '04d2848e' }],
    ['notification_status', { kind: 'status', batteryPercent: 50, marginDb: -5, externalPower: false }],
    ['notification_reset', { kind: 'log', level: 'info', code: 'reset', description: 'admin_reset' }],
    ['alarm', { kind: 'log', level: 'warning', code: 'alarm_4', receivedAt: Date.UTC(2026, 2, 2, 8, 25, 24, 490) }],
  ] as const)('reads %s', (name, expected) => {
    expect(parse(examples[name])).toMatchObject({ ...device, ...expected });
  });

  it('ignores what concerns no device and what the hub itself sent', () => {
    for (const name of ['alarm_gateway', 'multicast_summary', 'downlink'] as const)
      expect(parse(examples[name])).toMatchObject({ kind: 'ignored' });
  });

  it('reads the raw battery of a status', () => {
    const { DevEUI_notification: status } = examples.notification_status;
    const of = (Var1: unknown) => parse({ DevEUI_notification: { ...status, Var1 } });
    expect(of(0)).toMatchObject({ externalPower: true });
    expect(of('254')).toMatchObject({ batteryPercent: 100 });
    for (const level of [0, 255, '256', 'full', undefined]) expect(of(level)).not.toHaveProperty('batteryPercent');
  });

  it('takes the time of the position where that of the message is broken', () => {
    const { DevEUI_location: place } = examples.location;
    const receivedAt = Date.UTC(2026, 2, 2, 9, 0, 43, 336);
    expect(parse({ DevEUI_location: { ...place, Time: '2026-03-02T10:00.123:46+01:00' } })).toMatchObject({
      receivedAt,
    });
    const timeless = { ...place, Time: undefined, DevLocTime: undefined };
    expect(parse({ DevEUI_location: timeless })).toMatchObject({ receivedAt: ARRIVED });
  });
});

describe('refusals of ThingPark', () => {
  it.each([
    ['HUB_ENVELOPE_INVALID', {}],
    ['HUB_ENVELOPE_INVALID', { messageType: 'HEARTBEAT', payload: '05' }],
    ['HUB_ENVELOPE_NO_DEVICE', up({ DevEUI: '24E124710B000001</DevEUI' })],
    ['HUB_ENVELOPE_TIME', up({ Time: undefined })],
    ['HUB_ENVELOPE_TIME', up({ Time: '1970-01-01T00:00:00Z' })],
    ['HUB_ENVELOPE_INVALID', up({ FCntUp: '1174.5' })],
    ['HUB_ENVELOPE_INVALID', up({ FCntUp: '0x10' })],
    ['HUB_ENVELOPE_INVALID', up({ FPort: '256' })],
    ['HUB_ENVELOPE_INVALID', up({ payload_hex: '017' })],
    ['HUB_ENVELOPE_INVALID', up({ payload_hex: 'AXVc' })],
    ['HUB_ENVELOPE_INVALID', up({ payload_hex: '00'.repeat(256) })],
    ['HUB_ENVELOPE_INVALID', { DevEUI_location: { DevEUI: '24E124710B000001', DevLAT: '91', DevLON: '9' } }],
    ['HUB_ENVELOPE_INVALID', { DevEUI_notification: { DevEUI: '24E124710B000001' } }],
  ])('%s', (code, document) => {
    expect(codeOf(document)).toBe(code);
  });
});
