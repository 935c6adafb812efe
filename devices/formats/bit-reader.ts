import { payloadError } from './byte-reader.ts';

/** A place in a frame of bit fields, counted in bits. Readers move `at` on; every read checks its bounds. */
export interface BitCursor {
  readonly bytes: Uint8Array;
  at: number;
}

export const bitCursorAt = (bytes: Uint8Array, at = 0): BitCursor => ({ bytes, at });

export const remainingBits = ({ bytes, at }: BitCursor): number => bytes.length * 8 - at;

const checkBounds = (bytes: Uint8Array, at: number, size: number): void => {
  if (at < 0 || at + size > bytes.length * 8) {
    throw payloadError(
      `The frame ends early: ${size} bits expected at bit ${at}, ${Math.max(bytes.length * 8 - at, 0)} left of ${bytes.length * 8}`,
    );
  }
};

/**
 * `size` bits (1 to 32, unsigned) from bit `at`, most significant bit first: bit 0 is the top bit of the first byte.
 * Throws HUB_CODEC_PAYLOAD past the end.
 */
export const bitsMsb = (bytes: Uint8Array, at: number, size: number): number => {
  checkBounds(bytes, at, size);
  let value = 0;
  let left = size;
  let place = at;
  while (left > 0) {
    const free = 8 - (place & 7);
    const count = Math.min(free, left);
    const piece = ((bytes[place >> 3] as number) >> (free - count)) & ((1 << count) - 1);
    // Products instead of shifts: 32 bits do not fit a signed integer.
    value = value * 2 ** count + piece;
    place += count;
    left -= count;
  }
  return value;
};

/**
 * `size` bits (1 to 32, unsigned) from bit `at`, least significant bit first, as C compilers lay out bit fields: bit 0
 * is the low bit of the first byte, later bits weigh more. Throws HUB_CODEC_PAYLOAD past the end.
 */
export const bitsLsb = (bytes: Uint8Array, at: number, size: number): number => {
  checkBounds(bytes, at, size);
  let value = 0;
  let done = 0;
  while (done < size) {
    const place = at + done;
    const shift = place & 7;
    const count = Math.min(8 - shift, size - done);
    value += (((bytes[place >> 3] as number) >> shift) & ((1 << count) - 1)) * 2 ** done;
    done += count;
  }
  return value;
};

/** Two's complement of `size` bits. */
export const signed = (value: number, size: number): number => (value >= 2 ** (size - 1) ? value - 2 ** size : value);

/** Reads on, most significant bit first. */
export const readBitsMsb = (cursor: BitCursor, size: number): number => {
  const value = bitsMsb(cursor.bytes, cursor.at, size);
  cursor.at += size;
  return value;
};

/** Reads on, least significant bit first. */
export const readBitsLsb = (cursor: BitCursor, size: number): number => {
  const value = bitsLsb(cursor.bytes, cursor.at, size);
  cursor.at += size;
  return value;
};

/** Passes over bits that carry nothing for us; throws HUB_CODEC_PAYLOAD past the end. */
export const skipBits = (cursor: BitCursor, size: number): void => {
  checkBounds(cursor.bytes, cursor.at, size);
  cursor.at += size;
};
