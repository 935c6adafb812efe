import { describe, expect, it } from 'vitest';
import examples from './fixtures/loriot.json' with { type: 'json' };
import { loriot } from './loriot.ts';
import { ARRIVED, PAYLOAD, readerOf } from './testing.ts';

const { parse, codeOf } = readerOf(loriot);
const receivedAt = Date.UTC(2026, 2, 2, 7, 15, 31, 936);
const frame = { kind: 'uplink', devEui: '24e124710b000001', receivedAt, fCnt: 1174, fPort: 85, bytes: PAYLOAD };
const radio = { frequencyHz: 868_500_000, spreadingFactor: 7, bandwidthHz: 125_000 };

describe('LORIOT', () => {
  it('reads the first message of a frame, whose gateway has no name', () => {
    expect(parse(examples.rx)).toEqual({
      ...frame,
      ...radio,
      receptions: [{ gatewayId: 'unnamed', rssiDbm: -97, snrDb: 7.2 }],
    });
    expect(parse(examples.rx_basic)).toEqual({ ...frame, receptions: [] });
  });

  it('reads the second, with all gateways, as the same frame', () => {
    expect(parse(examples.gw)).toEqual({
      ...frame,
      ...radio,
      receptions: [
        {
          gatewayId: '24e124fffef00001',
          rssiDbm: -97,
          snrDb: 7.2,
          time: receivedAt,
          latitude: 54.47,
          longitude: 9.05,
        },
      ],
    });
  });

  it('reads address and confirmation where the verbosity has them', () => {
    const more = { ...examples.rx, devaddr: '30A68BB8', confirmed: true };
    expect(parse(more)).toMatchObject({ devAddr: '30a68bb8', confirmed: true });
  });

  it('follows downlinks and ignores answers to requests', () => {
    expect(parse(examples.txd)).toMatchObject({ kind: 'txack', fCntDown: 12, receivedAt: 1_772_438_458_900 });
    expect(parse({ ...examples.txd, ts: undefined })).toMatchObject({ receivedAt: ARRIVED });
    expect(parse(examples.tx)).toMatchObject({ kind: 'ignored' });
  });

  it('ignores frames of MAC commands and refuses what is still encrypted', () => {
    expect(parse({ ...examples.rx, data: undefined, port: 0 })).toMatchObject({ kind: 'ignored' });
    expect(parse({ ...examples.rx_encrypted, port: 0 })).toMatchObject({ kind: 'ignored' });
    expect(codeOf(examples.rx_encrypted)).toBe('HUB_ENVELOPE_ENCRYPTED');
  });

  it.each([
    ['HUB_ENVELOPE_INVALID', {}],
    ['HUB_ENVELOPE_INVALID', { ...examples.rx, cmd: 'toString' }],
    ['HUB_ENVELOPE_NO_DEVICE', { ...examples.rx, EUI: '24E1' }],
    ['HUB_ENVELOPE_TIME', { ...examples.rx, ts: undefined }],
    ['HUB_ENVELOPE_TIME', { ...examples.rx, ts: 12_000 }],
    ['HUB_ENVELOPE_INVALID', { ...examples.rx, fcnt: 1.5 }],
    ['HUB_ENVELOPE_INVALID', { ...examples.rx, data: 'AXVcA2cBAQSCRAgFAAE=' }],
  ])('refuses: %s', (code, document) => {
    expect(codeOf(document)).toBe(code);
  });
});
