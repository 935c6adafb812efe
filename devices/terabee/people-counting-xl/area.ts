import { bitsMsb } from '../../formats/bit-reader.ts';
import { type Cursor, payloadError, readBytes, readU8 } from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';

const X_BITS = 7;
const Y_BITS = 6;
const POINT_BITS = X_BITS + Y_BITS;

/** The counting area's corners in the image, packed behind leading padding bits; as text `x,y x,y`. */
export const countingArea = (cursor: Cursor): Fields => {
  const count = readU8(cursor);
  const size = Math.ceil((count * POINT_BITS) / 8);
  if (cursor.bytes.length - cursor.at !== size) {
    throw payloadError(`${count} points take ${size} bytes, not ${cursor.bytes.length - cursor.at}`);
  }
  const packed = readBytes(cursor, size);
  const padding = size * 8 - count * POINT_BITS;
  const points: string[] = [];
  for (let index = 0; index < count; index++) {
    const at = padding + index * POINT_BITS;
    points.push(`${bitsMsb(packed, at, X_BITS)},${bitsMsb(packed, at + X_BITS, Y_BITS)}`);
  }
  return { area_point_count: count, area_points: points.join(' ') };
};
