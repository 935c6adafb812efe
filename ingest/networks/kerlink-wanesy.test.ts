import { describe, expect, it } from 'vitest';
import examples from './fixtures/kerlink-wanesy.json' with { type: 'json' };
import { kerlinkWanesy } from './kerlink-wanesy.ts';
import { ARRIVED, PAYLOAD, readerOf } from './testing.ts';

const { parse, codeOf } = readerOf(kerlinkWanesy);
const up = (change: object) => ({ ...examples.dataUp, ...change });
const frame = {
  kind: 'uplink',
  devEui: '24e124710b000001',
  devAddr: '24004f6b',
  messageId: '5d2342ac71a1270001035042',
  receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 89),
  fCnt: 1174,
  fPort: 85,
  bytes: PAYLOAD,
};

describe('Kerlink Wanesy', () => {
  it('reads uplinks of each level of detail', () => {
    const receptions = [{ gatewayId: '24e124fffef00001', rssiDbm: -97, snrDb: 7.2 }];
    const radio = { frequencyHz: 868_500_000, spreadingFactor: 7, bandwidthHz: 125_000 };
    for (const document of [examples.dataUp, examples.dataUp_nulls])
      expect(parse(document)).toEqual({ ...frame, ...radio, confirmed: false, receptions });
    expect(parse(examples.dataUp_payload)).toEqual({ ...frame, confirmed: false, receptions: [] });
    expect(parse({ ...examples.dataUp_payload, rssi: -97 })).toMatchObject({ receptions: [{ gatewayId: 'unnamed' }] });
  });

  it('takes the time of the gateway that kept a frame', () => {
    expect(parse(up({ gwRecvTime: 1_772_400_000_000 }))).toMatchObject({ receivedAt: 1_772_400_000_000 });
    expect(parse(up({ gwRecvTime: null }))).toMatchObject({ receivedAt: frame.receivedAt });
  });

  it('keeps what becomes of downlinks as a log', () => {
    const log = { kind: 'log', code: 'dataDownEvent', devEui: '24e124710b000001', receivedAt: ARRIVED };
    expect(parse(examples.dataDownEvent)).toMatchObject({ ...log, description: 'sent' });
    expect(parse(examples.dataUp, 'wanesy/dataDownEvent')).toMatchObject({ kind: 'log' });
  });

  it('ignores frames without payload', () => {
    expect(parse(up({ payload: '', fPort: 0 }))).toMatchObject({ kind: 'ignored' });
    expect(parse(up({ payload: null, fPort: null }))).toMatchObject({ kind: 'ignored' });
  });

  it.each([
    ['HUB_ENVELOPE_INVALID', {}],
    ['HUB_ENVELOPE_INVALID', { list: [examples.dataUp], totalCount: 1 }],
    ['HUB_ENVELOPE_NO_DEVICE', up({ endDevice: {} })],
    ['HUB_ENVELOPE_TIME', up({ recvTime: undefined })],
    ['HUB_ENVELOPE_TIME', up({ recvTime: 12_000 })],
    ['HUB_ENVELOPE_ENCRYPTED', up({ encrypted: true })],
    ['HUB_ENVELOPE_INVALID', up({ payload: 'AXVcA2cB' })],
  ])('refuses: %s', (code, document) => {
    expect(codeOf(document)).toBe(code);
  });
});
