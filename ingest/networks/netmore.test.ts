import { describe, expect, it } from 'vitest';
import examples from './fixtures/netmore.json' with { type: 'json' };
import { netmore } from './netmore.ts';
import { PAYLOAD, readerOf } from './testing.ts';

const { parse, codeOf } = readerOf(netmore);
const [pushed] = examples.push.list;
const up = (change: object) => [{ ...pushed, ...change }];
const uplink = {
  kind: 'uplink',
  devEui: '24e124710b000001',
  receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 78),
  fCnt: 1174,
  fPort: 85,
  bytes: PAYLOAD,
  frequencyHz: 868_500_000,
  spreadingFactor: 7,
};

describe('Netmore', () => {
  it('reads a pushed list of one', () => {
    const receptions = [{ gatewayId: '744', rssiDbm: -97, snrDb: 7.2 }];
    expect(parse(examples.push.list)).toEqual({ ...uplink, receptions });
    expect(parse(pushed)).toEqual({ ...uplink, receptions });
  });

  it('reads what comes over MQTT', () => {
    expect(parse(examples.raw.list, 'client/c1/deviceGroups/e1/netmore/raw')).toEqual({
      ...uplink,
      receptions: [
        { gatewayId: '744', rssiDbm: -97, snrDb: 7.2 },
        { gatewayId: '745', rssiDbm: -110, snrDb: -3 },
      ],
    });
  });

  it('ignores data points, other kinds of messages and frames without payload', () => {
    expect(parse(examples.points)).toMatchObject({ kind: 'ignored' });
    expect(parse(examples.points.data)).toMatchObject({ kind: 'ignored' });
    expect(parse(up({ messageType: 'error' }))).toMatchObject({ kind: 'ignored' });
    expect(parse(up({ payload: '' }))).toMatchObject({ kind: 'ignored' });
  });

  it.each([
    ['HUB_ENVELOPE_INVALID', [pushed, pushed]],
    ['HUB_ENVELOPE_INVALID', []],
    ['HUB_ENVELOPE_INVALID', up({ payload: undefined, fCntUp: undefined })],
    ['HUB_ENVELOPE_INVALID', up({ fPort: '' })],
    ['HUB_ENVELOPE_NO_DEVICE', {}],
    ['HUB_ENVELOPE_TIME', up({ timestamp: undefined })],
  ])('refuses: %s', (code, document) => {
    expect(codeOf(document)).toBe(code);
  });
});
