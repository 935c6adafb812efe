import fc from 'fast-check';
import { expect, it } from 'vitest';
import { digitalMatterCodec } from './digital-matter-bits.ts';
import { g62Messages } from './digital-matter-trackers.ts';

const SECOND = 1000;
const codec = digitalMatterCodec(g62Messages);
const supplyAt = (clock: number): Uint8Array => Uint8Array.of(0, 0, 0, 0, 0, 0, clock & 0xff, clock >> 8);

it('finds the second at which a G62 measured, up to 17 hours back and half an hour ahead', () => {
  const instants = fc.integer({ min: 1_500_000_000, max: 2_500_000_000 });
  fc.assert(
    fc.property(instants, fc.integer({ min: -1790, max: 17 * 3600 }), (second, delay) => {
      const receivedAt = (second + delay) * SECOND;
      const result = codec.decodeUplink({ fPort: 3, bytes: supplyAt(second % 65_535), receivedAt, parameters: {} });
      expect('records' in result && result.records[0]?.time).toBe(second * SECOND);
    }),
  );
});

it('leaves the time open where the clock is not set', () => {
  const result = codec.decodeUplink({
    fPort: 3,
    bytes: supplyAt(65_535),
    receivedAt: Date.UTC(2026, 2, 2),
    parameters: {},
  });
  expect('records' in result && result.records[0]).not.toHaveProperty('time');
});
