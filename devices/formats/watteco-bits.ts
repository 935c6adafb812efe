import { payloadError } from './byte-reader.ts';

// Bits of Watteco batches. Within a byte the lowest bit comes first; of a number the odd bits come first as its highest
// byte, then whole bytes, highest first. Huffman codes are read bit by bit. Tables after "br_uncompress" of Watteco.

export interface BitReader {
  readonly bytes: Uint8Array;
  /** In bits. */
  readonly length: number;
  at: number;
}

export const bitReaderOf = (bytes: Uint8Array): BitReader => ({ bytes, length: bytes.length * 8, at: 0 });

const bitAt = ({ bytes }: BitReader, at: number): number => ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;

/** The next eight bits as a byte; 0 where the frame is over. */
const eightBits = ({ bytes, at }: BitReader): number =>
  (((bytes[at >> 3] ?? 0) | ((bytes[(at >> 3) + 1] ?? 0) << 8)) >> (at & 7)) & 0xff;

/** An unsigned number of 1 to 32 bits. Throws HUB_CODEC_PAYLOAD past the end. */
export const readBits = (bits: BitReader, count: number): number => {
  if (bits.at + count > bits.length)
    throw payloadError(`The batch ends early: ${count} bits expected at bit ${bits.at}`);
  let value = 0;
  for (let left = count; left > 0; ) {
    const chunk = left % 8 || 8;
    value = value * 256 + (eightBits(bits) % 2 ** chunk);
    bits.at += chunk;
    left -= chunk;
  }
  return value;
};

export type SampleType = 'bit' | 'u8' | 's8' | 'u16' | 's16' | 'u32' | 'f32';

const sizes = { bit: 1, u8: 8, s8: 8, u16: 16, s16: 16, u32: 32, f32: 32 } as const;

const view = new DataView(new ArrayBuffer(4));

/** A whole sample; a float may be NaN or infinite. */
export const readSample = (bits: BitReader, type: SampleType): number => {
  const raw = readBits(bits, sizes[type]);
  if (type === 's8') return (raw << 24) >> 24;
  if (type === 's16') return (raw << 16) >> 16;
  if (type !== 'f32') return raw;
  view.setUint32(0, raw);
  return view.getFloat32(0);
};

const longCodes = '10001 100001 1000001 10000001 1000000000';
const escapes = '10000000010 10000000011 10000000100 10000000101 10000000110 10000000111';

/** Code of each index 0..15, as its bits read from the first. */
const codes: readonly string[] = [
  `00 01 11 101 1001 ${longCodes} ${escapes}`,
  `1101111 11010 1100 011 111 10 00 010 110110 110111011 110111001
   1101110101 1101110100 1101110000 11011100011 11011100010`,
  `1001 101 00 01 11 ${longCodes} ${escapes}`,
];

const LONGEST_CODE = 11;

/** By code with a leading 1, which keeps its length; -1 where there is none. */
const lookups = codes.map((table) => {
  const lookup = new Int8Array(1 << (LONGEST_CODE + 1)).fill(-1);
  for (const [index, code] of table.split(/\s+/).entries()) lookup[Number.parseInt(`1${code}`, 2)] = index;
  return lookup;
});

/** The index of the next code of a table. Throws HUB_CODEC_PAYLOAD where there is none. */
export const readHuffman = (bits: BitReader, table: number): number => {
  const lookup = lookups[table];
  if (!lookup) throw payloadError(`No Huffman table ${table}`);
  let code = 1;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    if (bits.at + length > bits.length) break;
    code = (code << 1) | bitAt(bits, bits.at + length - 1);
    const index = lookup[code] ?? -1;
    if (index >= 0) {
      bits.at += length;
      return index;
    }
  }
  throw payloadError(`No code of Huffman table ${table} at bit ${bits.at}`);
};
