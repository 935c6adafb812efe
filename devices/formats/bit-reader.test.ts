import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitCursorAt,
  bitsLsb,
  bitsMsb,
  readBitsLsb,
  readBitsMsb,
  remainingBits,
  signed,
  skipBits,
} from './bit-reader.ts';

const bytes = Uint8Array.fromHex('308e30ff');

describe('bit fields', () => {
  it('reads most significant bit first', () => {
    expect([bitsMsb(bytes, 0, 2), bitsMsb(bytes, 2, 6), bitsMsb(bytes, 8, 7), bitsMsb(bytes, 15, 7)]).toEqual([
      0, 48, 71, 12,
    ]);
    expect(bitsMsb(bytes, 0, 32)).toBe(0x308e30ff);
  });

  it('reads least significant bit first', () => {
    expect([bitsLsb(bytes, 0, 4), bitsLsb(bytes, 4, 8), bitsLsb(bytes, 0, 32)]).toEqual([0, 0xe3, 0xff308e30]);
  });

  it('is the string of bits that one would write by hand', () => {
    const frame = fc.uint8Array({ minLength: 5, maxLength: 9 });
    fc.assert(
      fc.property(frame, fc.nat(39), fc.integer({ min: 1, max: 32 }), (data, at, size) => {
        fc.pre(at + size <= data.length * 8);
        const msb = Array.from(data, (byte) => byte.toString(2).padStart(8, '0')).join('');
        expect(bitsMsb(data, at, size)).toBe(Number.parseInt(msb.slice(at, at + size), 2));
        const lsb = Array.from(data, (byte) => byte.toString(2).padStart(8, '0'))
          .reverse()
          .join('');
        expect(bitsLsb(data, at, size)).toBe(Number.parseInt(lsb.slice(lsb.length - at - size, lsb.length - at), 2));
      }),
    );
  });

  it('moves on and stops at the end', () => {
    const cursor = bitCursorAt(bytes, 4);
    expect([readBitsMsb(cursor, 4), readBitsLsb(cursor, 8), remainingBits(cursor)]).toEqual([0, 0x8e, 16]);
    skipBits(cursor, 10);
    expect(() => readBitsMsb(cursor, 7)).toThrow(/ends early/);
    expect(() => skipBits(cursor, 7)).toThrow(/ends early/);
    expect(cursor.at).toBe(26);
  });

  it('reads two’s complement', () => {
    expect([signed(0xfb, 8), signed(0x7f, 8), signed(0x80000000, 32), signed(1, 1)]).toEqual([-5, 127, -(2 ** 31), -1]);
  });
});
