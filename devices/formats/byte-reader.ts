import { HubError } from '../../model/errors.ts';

/** A place in a frame. Readers move `at` on; every read checks its bounds. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

export const cursorAt = (bytes: Uint8Array, at = 0): Cursor => ({ bytes, at });

export const remaining = ({ bytes, at }: Cursor): number => bytes.length - at;

/** The frame does not follow its format: a coded error that says where. */
export const payloadError = (detail: string): HubError => new HubError('HUB_CODEC_PAYLOAD', detail);

const truncated = ({ bytes, at }: Cursor, size: number): HubError =>
  payloadError(
    `The frame ends early: ${size} bytes expected at offset ${at}, ${Math.max(bytes.length - at, 0)} left of ${bytes.length}`,
  );

/** Moves on by `size` bytes; answers where they began. Throws HUB_CODEC_PAYLOAD past the end. */
const take = (cursor: Cursor, size: number): number => {
  const { at } = cursor;
  if (at + size > cursor.bytes.length) throw truncated(cursor, size);
  cursor.at = at + size;
  return at;
};

/** Within the bounds that `take` checked. */
const byte = (bytes: Uint8Array, at: number): number => bytes[at] as number;

export const readU8 = (cursor: Cursor): number => byte(cursor.bytes, take(cursor, 1));

export const readU16Be = (cursor: Cursor): number => {
  const at = take(cursor, 2);
  return (byte(cursor.bytes, at) << 8) | byte(cursor.bytes, at + 1);
};

export const readU16Le = (cursor: Cursor): number => {
  const at = take(cursor, 2);
  return byte(cursor.bytes, at) | (byte(cursor.bytes, at + 1) << 8);
};

export const readS16Be = (cursor: Cursor): number => (readU16Be(cursor) << 16) >> 16;
export const readS16Le = (cursor: Cursor): number => (readU16Le(cursor) << 16) >> 16;

export const readS32Be = (cursor: Cursor): number => {
  const at = take(cursor, 4);
  const { bytes } = cursor;
  return (byte(bytes, at) << 24) | (byte(bytes, at + 1) << 16) | (byte(bytes, at + 2) << 8) | byte(bytes, at + 3);
};

export const readS32Le = (cursor: Cursor): number => {
  const at = take(cursor, 4);
  const { bytes } = cursor;
  return byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24);
};

export const readU32Be = (cursor: Cursor): number => readS32Be(cursor) >>> 0;
export const readU32Le = (cursor: Cursor): number => readS32Le(cursor) >>> 0;

const bits = new DataView(new ArrayBuffer(4));

/** IEEE 754 binary32; may be NaN or infinite, which the caller turns into null. */
export const readF32Be = (cursor: Cursor): number => {
  bits.setInt32(0, readS32Be(cursor));
  return bits.getFloat32(0);
};

export const readBytes = (cursor: Cursor, size: number): Uint8Array => {
  const at = take(cursor, size);
  return cursor.bytes.subarray(at, at + size);
};
