import { type Cursor, readS32Le } from './byte-reader.ts';

const bits = new DataView(new ArrayBuffer(4));

/** IEEE 754 binary32, lowest byte first; null where it is no number. */
export const readF32Le = (cursor: Cursor): number | null => {
  bits.setInt32(0, readS32Le(cursor));
  const value = bits.getFloat32(0);
  return Number.isFinite(value) ? value : null;
};
