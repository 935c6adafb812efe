import { expect, it } from 'vitest';
import { codec } from './codec.ts';

const parameters = { pulseType1: 'consumption', multiplier1: 15, divider1: 250 };

const decode = (state?: unknown) => {
  const result = codec.decodeUplink({
    fPort: 125,
    bytes: Uint8Array.fromHex('110a000f04022300001226'),
    receivedAt: Date.UTC(2026, 2, 2),
    parameters,
    ...(state !== undefined && { state }),
  });
  if ('errors' in result) throw new Error(result.errors.join());
  return result;
};

// types/watecco/flashO/uplink.spec.js of akenza-io/device-type-library@0c405d3d93d2 (MIT): 300 flashes since 4346.
it('counts since the previous frame', () => {
  const { records, state } = decode({ lastPulse1: 4346 });
  expect(records[0]?.fields).toEqual({
    index: 4646,
    pulse_delta: 300,
    consumption: 18,
    consumption_cumulative: 278.76,
  });
  expect(state).toEqual({ lastPulse1: 4646 });
});

it('counts nothing for the first frame and after an exchange of the meter', () => {
  expect(decode().records[0]?.fields).toMatchObject({ pulse_delta: 0, consumption: 0 });
  expect(decode({ lastPulse1: 5000 }).records[0]?.fields).toMatchObject({ index: 4646, pulse_delta: 0 });
});
