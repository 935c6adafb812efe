import { describe, expect, it } from 'vitest';
import examples from './fixtures/helium.json' with { type: 'json' };
import { helium } from './helium.ts';
import { PAYLOAD, readerOf } from './testing.ts';

const { parse, codeOf } = readerOf(helium);
const up = (change: object) => ({ ...examples.up, ...change });
const receivedAt = Date.UTC(2026, 2, 2, 7, 15, 31, 123);

describe('Helium Console', () => {
  it('reads uplinks', () => {
    expect(parse(examples.up)).toEqual({
      kind: 'uplink',
      devEui: '24e124710b000001',
      devAddr: 'b5a44869',
      deviceName: 'Container 17',
      messageId: '7c523974-4ce7-4a92-948b-55171a6e4d78',
      receivedAt,
      fCnt: 1174,
      fPort: 85,
      bytes: PAYLOAD,
      decoded: { battery: 92 },
      frequencyHz: 868_500_000,
      spreadingFactor: 7,
      bandwidthHz: 125_000,
      receptions: [{ gatewayId: 'icy-fiery-hippo', rssiDbm: -97, snrDb: 7.2, time: receivedAt }],
    });
  });

  it('reads the time in each of its spellings', () => {
    expect(parse(examples.up_seconds)).toMatchObject({ receivedAt: Math.floor(receivedAt / 1000) * 1000 });
    expect(parse(up({ reported_at: receivedAt * 10 }))).toMatchObject({ receivedAt });
    expect(parse(up({ reported_at: undefined }))).toMatchObject({ receivedAt });
  });

  it('rounds frequencies that binary fractions miss', () => {
    expect(parse(up({ hotspots: [{ frequency: 868.2999877929688 }] }))).toMatchObject({
      frequencyHz: 868_299_988,
      receptions: [],
    });
  });

  it('reads joins and ignores what carries nothing', () => {
    expect(parse(examples.join)).toMatchObject({ kind: 'join', devAddr: 'b5a44869', receivedAt });
    expect(parse(up({ type: 'downlink' }))).toMatchObject({ kind: 'ignored' });
    expect(parse(up({ payload: '', port: 0 }))).toMatchObject({ kind: 'ignored' });
  });

  it.each([
    ['HUB_ENVELOPE_NO_DEVICE', {}],
    ['HUB_ENVELOPE_INVALID', [examples.up, examples.up]],
    ['HUB_ENVELOPE_TIME', up({ reported_at: 5, hotspots: [] })],
    ['HUB_ENVELOPE_TIME', up({ reported_at: undefined, hotspots: [] })],
    ['HUB_ENVELOPE_INVALID', up({ payload: 'A' })],
  ])('refuses: %s', (code, document) => {
    expect(codeOf(document)).toBe(code);
  });
});
