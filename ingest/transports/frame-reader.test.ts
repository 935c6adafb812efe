import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { describe, expect, it, vi } from 'vitest';
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

/** Is given the pieces one by one. */
const readerOf = (pieces: Buffer[], limit: number): FrameReader => {
  const reader = new FrameReader(() => pieces.shift() ?? null);
  reader.limit = limit;
  return reader;
};

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
          const reader = readerOf(waiting, 1_000_000);
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
    const reader = readerOf(source, 100);
    reader.take(1);
    source.push(frame(10));
    reader.take(1);
    expect(source).toHaveLength(1);
  });

  it('refuses a packet above the limit by its first bytes, and a length that never ends', () => {
    const large = readerOf([frame(2000).subarray(0, 4)], 1000);
    expect(() => large.take(1)).toThrow(expect.objectContaining({ reason: 'packetTooLarge' }));
    const endless = readerOf([Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x7f])], 1000);
    expect(() => endless.take(1)).toThrow(expect.objectContaining({ reason: 'malformed' }));
  });

  it('holds a packet that comes byte by byte in few pieces', () => {
    const packet = frame(60_000);
    const waiting: Buffer[] = [];
    const reader = readerOf(waiting, 100_000);
    const concat = vi.spyOn(Buffer, 'concat');
    let taken: Buffer | null = null;
    for (let at = 0; at < packet.length; at++) {
      waiting.push(packet.subarray(at, at + 1));
      taken = reader.take(1);
    }
    const pieces = concat.mock.calls.map(([list]) => list.length);
    concat.mockRestore();
    expect(Math.max(...pieces)).toBeLessThan(1100);
    expect(taken?.equals(packet)).toBe(true);
  });

  it('needs no more than 64 KiB for anything but PUBLISH', () => {
    const subscriptions = Array.from({ length: 2000 }, (_, i) => ({
      topic: `${i}/${'x'.repeat(40)}`,
      qos: 0 as const,
    }));
    const packet = mqttPacket.generate({ cmd: 'subscribe', messageId: 1, subscriptions });
    expect(() => readerOf([packet], 1_000_000).take(1)).toThrow(expect.objectContaining({ reason: 'packetTooLarge' }));
  });
});
