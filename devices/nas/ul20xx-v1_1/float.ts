import { payloadError } from '../../formats/byte-reader.ts';
import { readF32Le } from '../../formats/float-le.ts';
import type { NasPart } from '../../formats/nas-parts.ts';

/** Digits after the point: four in all, as the sensor resolves. */
export const roundedLux = (lux: number): number => {
  const decimals = lux < 1 ? 3 : 3 - Math.trunc(Math.min(Math.log10(lux), 3));
  return Math.round(lux * 10 ** decimals) / 10 ** decimals;
};

const bits = new DataView(new ArrayBuffer(4));

export const float = (field: string, rounded: (value: number) => number, key = field): NasPart => ({
  field: key,
  read: (from, into) => {
    const value = readF32Le(from);
    into[field] = value === null ? null : rounded(value);
  },
  write: (out, data) => {
    const value = Number(data[key] ?? Number.NaN);
    if (!Number.isFinite(value)) throw payloadError(`${key} is a number`);
    bits.setFloat32(0, value, true);
    for (let index = 0; index < 4; index++) out.push(bits.getUint8(index));
  },
});

export const microdegrees = (value: number): number => Math.round(value * 1e6) / 1e6;
