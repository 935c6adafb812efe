import { expect, it } from 'vitest';
import { codec } from './codec.ts';

const decode = (hex: string, parameters: Record<string, string | number>, state?: unknown) => {
  const result = codec.decodeUplink({
    fPort: 3,
    bytes: Uint8Array.fromHex(hex),
    receivedAt: Date.UTC(2026, 2, 2),
    parameters,
    ...(state !== undefined && { state }),
  });
  if ('errors' in result) throw new Error(result.errors.join());
  return result;
};

// types/sensingLabs/senlabM/uplink.spec.js of akenza-io/device-type-library@0c405d3d93d2 (MIT).
const frame = '02f98e0f9c1000000f57';

it('counts since the previous frame', () => {
  const { records, state } = decode(frame, { pulseType: 'kwh', divider: 100 }, { lastPulse: 3000 });
  expect(records[0]?.fields).toEqual({ battery_level: 98, pulse: 3927, relative_pulse: 927, metered_value: 39.27 });
  expect(state).toEqual({ lastPulse: 3927 });
});

it('counts nothing for the first frame and after an exchange of the device', () => {
  expect(decode(frame, {}).records[0]?.fields).toMatchObject({ relative_pulse: 0 });
  expect(decode(frame, {}, { lastPulse: 5000 }).records[0]?.fields).toMatchObject({ relative_pulse: 0 });
});

it('keeps both inputs apart', () => {
  const parameters = { pulseType1: 'Liter', multiplier1: 10, pulseType2: 'parts' };
  const { records, state } = decode('0afe00aabb0000000500000009', parameters, { lastPulse1: 4, lastPulse2: 9 });
  expect(records[0]?.fields).toEqual({
    battery_level: 100,
    wire_cut_status: false,
    pulse_1: 5,
    relative_pulse_1: 1,
    metered_value_1: 50,
    pulse_2: 9,
    relative_pulse_2: 0,
    metered_value_2: 9,
  });
  expect(state).toEqual({ lastPulse1: 5, lastPulse2: 9 });
});
