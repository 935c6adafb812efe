import { payloadError } from './byte-reader.ts';

/** Bytes under construction, for encoders; speed is no concern here. */
export type Bytes = number[];

/** Appends an integer of `size` bytes; throws HUB_CODEC_PAYLOAD where it does not fit. */
export const writeInteger = (out: Bytes, value: number, { size, signed, littleEndian }: IntegerFormat): void => {
  const span = 2 ** (8 * size);
  const [min, max] = signed ? [-span / 2, span / 2 - 1] : [0, span - 1];
  if (!Number.isInteger(value) || value < min || value > max) {
    throw payloadError(`${value} does not fit into ${size} bytes (${min} to ${max})`);
  }
  const raw = value < 0 ? value + span : value;
  for (let index = 0; index < size; index++) {
    const shift = littleEndian ? index : size - 1 - index;
    out.push(Math.floor(raw / 2 ** (8 * shift)) % 256);
  }
};

export interface IntegerFormat {
  readonly size: number;
  readonly signed: boolean;
  readonly littleEndian: boolean;
}

/** Appends a number of 2 × `size` decimal digits as M-Bus has it: two digits a byte, lowest first. Throws HUB_CODEC_PAYLOAD where it does not fit. */
export const writeBcd = (out: Bytes, value: number, size: number): void => {
  if (!Number.isInteger(value) || value < 0 || value >= 100 ** size) {
    throw payloadError(`${value} does not fit into ${2 * size} decimal digits`);
  }
  let rest = value;
  for (let index = 0; index < size; index++) {
    const digits = rest % 100;
    out.push(16 * Math.floor(digits / 10) + (digits % 10));
    rest = Math.floor(rest / 100);
  }
};

const bits = new DataView(new ArrayBuffer(4));

export const writeF32Be = (out: Bytes, value: number): void => {
  bits.setFloat32(0, value);
  for (let index = 0; index < 4; index++) out.push(bits.getUint8(index));
};
