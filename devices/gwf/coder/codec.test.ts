import { describe, expect, it } from 'vitest';
import { codec } from './codec.ts';

const decode = (hex: string, state?: unknown) =>
  codec.decodeUplink({ fPort: 1, bytes: Uint8Array.fromHex(hex), receivedAt: 0, parameters: {}, state });

const READING = '02e61e785634120700c80113f803000000e8';
const BUSY = '02e61e785634120701c80113f803000000e8';

describe('the increase that GWFcoder reports', () => {
  // akenza-io/device-type-library:types/GWF/GWFcoder/uplink.spec.js [MIT] for the first two
  it.each([
    [undefined, 0],
    [{ lastVolume: 0.5 }, 0.516],
    [{ lastVolume: 2 }, 0],
    [{ lastVolume: 'much' }, 0],
  ])('from %j is %d', (state, increase) => {
    expect(decode(READING, state)).toMatchObject({
      records: [{ fields: { volume: 1.016, relative_volume: increase } }],
      state: { lastVolume: 1.016 },
    });
  });

  it('passes over a reading that the meter did not give', () => {
    expect(decode(BUSY, { lastVolume: 0.5 })).toMatchObject({
      records: [{ fields: { volume: null, relative_volume: null, app_error: 'APPLICATION_BUSY' } }],
      state: { lastVolume: 0.5 },
    });
  });
});
