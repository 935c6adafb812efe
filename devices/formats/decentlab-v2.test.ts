import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batteryBlock, computed, decentlabCodec, lowFirst, sht3x, signedWord, word } from './decentlab-v2.ts';

const codec = decentlabCodec({
  blocks: [
    [word('plain', 10), signedWord('signed', 100)],
    { size: 2, values: [computed('ratio', ([a = 0, b = 0]) => a / b), computed('sum', ([a, b]) => lowFirst(a, b))] },
    sht3x('temperature', 'humidity'),
    batteryBlock,
  ],
});
const sizes = [2, 2, 2, 1];

const frame = (flags: number, words: readonly number[]): Uint8Array =>
  Uint8Array.from([2, 0, 7, flags >> 8, flags & 0xff, ...words.flatMap((value) => [value >> 8, value & 0xff])]);

const fieldsOf = (bytes: Uint8Array) => {
  const result = codec.decodeUplink({ fPort: 1, bytes, receivedAt: 0, parameters: {} });
  return 'errors' in result ? undefined : result.records[0]?.fields;
};

describe('decentlabCodec', () => {
  it('answers the fields of exactly the blocks that the flags announce', () => {
    const names = [['plain', 'signed'], ['ratio', 'sum'], ['temperature', 'humidity'], ['battery_voltage']];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 15 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 0xffff })),
        (flags, stream) => {
          const present = sizes.map((_, bit) => (flags & (1 << bit)) !== 0);
          const count = sizes.reduce((sum, size, bit) => (present[bit] ? sum + size : sum), 0);
          const fields = fieldsOf(frame(flags, [...stream.take(count)]));
          const expected = names.flatMap((block, bit) => (present[bit] ? block : []));
          expect(Object.keys(fields ?? {})).toEqual(['protocol_version', 'device_id', ...expected]);
        },
      ),
    );
  });

  it('answers null for what is no number', () => {
    expect(fieldsOf(frame(2, [5, 0]))).toMatchObject({ ratio: null, sum: 5 });
  });

  it('reads the ends of the scales', () => {
    expect(fieldsOf(frame(5, [0xffff, 0, 0, 0xffff]))).toMatchObject({
      plain: 6553.5,
      signed: -327.68,
      temperature: -45,
      humidity: 100,
    });
  });
});
