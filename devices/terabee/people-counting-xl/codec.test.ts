import { describe, expect, it } from 'vitest';
import { codec } from './codec.ts';

const frame = {
  fPort: 1,
  bytes: Uint8Array.fromHex('00000002000000030f'),
  receivedAt: Date.UTC(2026, 2, 2),
  parameters: {},
};

const decode = (state?: unknown) => {
  const result = codec.decodeUplink({ ...frame, ...(state !== undefined && { state }) });
  if ('errors' in result) throw new Error(result.errors.join());
  return { ...result.records[0]?.fields, state: result.state };
};

describe('what was counted since the previous frame', () => {
  it('is nothing for the first frame, and follows from the totals later', () => {
    expect(decode()).toMatchObject({ fw: 0, bw: 0, state: { lastFw: 2, lastBw: 3 } });
    expect(decode({ lastFw: 1, lastBw: 0 })).toMatchObject({ fw: 1, bw: 3 });
  });

  it('is nothing after the device began anew, and for a state that is none', () => {
    expect(decode({ lastFw: 500, lastBw: 3 })).toMatchObject({ fw: 0, bw: 0 });
    expect(decode('odd')).toMatchObject({ fw: 0, bw: 0 });
  });

  it('survives an answer to a command', () => {
    const state = { lastFw: 1, lastBw: 0 };
    expect(codec.decodeUplink({ ...frame, fPort: 6, bytes: Uint8Array.of(0xff, 1, 0), state })).toMatchObject({
      state,
    });
  });
});
