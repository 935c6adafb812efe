import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { FrameReader } from './frame-reader.ts';

const frame = (size: number): Buffer =>
  mqttPacket.generate({
    cmd: 'publish',
    topic: 'a',
    payload: Buffer.alloc(size, 7),
    qos: 0,
    dup: false,
    retain: false,
  });

/** Hands out the given pieces one by one. */
const sourceOf = (pieces: Buffer[]) => () => pieces.shift() ?? null;

describe('FrameReader', () => {
  it('gives the same bytes in whole packets, however they arrive', () => {
    const sizes = fc.array(fc.oneof(fc.nat(20), fc.nat(300), fc.nat(70_000)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.integer({ min: 1, max: 40_000 })),
        fc.integer({ min: 1, max: 5 }),
        (lengths, cuts, count) => {
          const frames = lengths.map(frame);
          const stream = Buffer.concat(frames);
          const waiting: Buffer[] = [];
          const reader = new FrameReader(sourceOf(waiting), 1_000_000);
          const taken: Buffer[] = [];
          let at = 0;
          for (const cut of [...cuts, stream.length]) {
            waiting.push(stream.subarray(at, at + cut));
            at += cut;
            for (let some = reader.take(count); some; some = reader.take(count)) taken.push(some);
          }
          const ends = new Set(
            frames.map((_, i) => frames.slice(0, i + 1).reduce((sum, { length }) => sum + length, 0)),
          );
          let end = 0;
          for (const some of taken) {
            end += some.length;
            expect(ends).toContain(end);
          }
          expect(Buffer.concat(taken).equals(stream)).toBe(true);
          expect(taken.length).toBeGreaterThanOrEqual(frames.length / count);
          expect(reader.heldBytes).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('leaves bytes in the source while it has packets to give', () => {
    const source = [Buffer.concat([frame(10), frame(10)]), frame(10)];
    const reader = new FrameReader(sourceOf(source), 100);
    reader.take(1);
    source.push(frame(10));
    reader.take(1);
    expect(source).toHaveLength(1);
  });

  it('refuses a packet above the limit by its first bytes, and a length that never ends', () => {
    const large = new FrameReader(sourceOf([frame(2000).subarray(0, 4)]), 1000);
    expect(() => large.take(1)).toThrow(expect.objectContaining({ reason: 'packetTooLarge' }));
    const endless = new FrameReader(sourceOf([Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x7f])]), 1000);
    expect(() => endless.take(1)).toThrow(expect.objectContaining({ reason: 'malformed' }));
  });
});
