import type { Codec, UplinkEncoder } from '../codec.ts';
import { cursorAt, payloadError, readU8, readU16Be, remaining } from './byte-reader.ts';
import { type Bytes, writeInteger } from './byte-writer.ts';
import { type Fields, type NumberPart, readPart, writePart } from './part.ts';

/**
 * Decentlab's frames, protocol version 2 (decentlab/decentlab-decoders): big endian; u8 version, u16 device id, u16
 * flags; flag bit n says that sensor block n follows, and each block is a row of 16-bit words. A device whose probe
 * does not answer sends its battery block alone.
 */
export interface DecentlabFormat {
  /** Sensor blocks in the order of their flag bits. */
  readonly blocks: readonly (readonly Word[])[];
}

export type Word = NumberPart & { readonly type: 'u16' };

const VERSION = 2;
const FPORT = 1;
const HALF = 32_768;

/** A word of the range 0 to 65535. */
export const word = (field: string, divisor = 1): Word => ({ field, type: 'u16', divisor });
/** A word with sign: Decentlab sends it moved up by 32768. */
export const signedWord = (field: string, divisor = 1): Word => ({ field, type: 'u16', divisor, offset: HALF });
/** The last block of every model. */
export const batteryBlock: readonly Word[] = [word('battery_voltage', 1000)];

export const decentlabCodec = ({ blocks }: DecentlabFormat): Codec => ({
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    const version = readU8(cursor);
    if (version !== VERSION)
      throw payloadError(`Decentlab protocol version ${version}; this codec reads version ${VERSION}`);
    const fields: Fields = { protocol_version: version, device_id: readU16Be(cursor) };
    const flags = readU16Be(cursor);
    for (let index = 0; index < blocks.length; index++) {
      if ((flags & (1 << index)) === 0) continue;
      for (const part of blocks[index] as readonly Word[]) readPart(cursor, part, fields);
    }
    const warnings: string[] = [];
    if (flags >> blocks.length !== 0)
      warnings.push(`The frame has sensor blocks that this model does not know: flags ${flags}`);
    else if (remaining(cursor) > 0) throw payloadError(`${remaining(cursor)} bytes more than the flags announce`);
    return { records: [{ fields }], warnings };
  },
});

/** Sends each block whose fields are all given. `device_id` is 0 unless given. */
export const decentlabEncoder = ({ blocks }: DecentlabFormat): UplinkEncoder => ({
  encodeUplink(fields) {
    const present = blocks.map((block) => block.every(({ field }) => fields[field] !== undefined));
    const flags = present.reduce((mask, sent, index) => (sent ? mask | (1 << index) : mask), 0);
    const out: Bytes = [VERSION];
    for (const value of [Number(fields.device_id ?? 0), flags]) {
      writeInteger(out, value, { size: 2, signed: false, littleEndian: false });
    }
    blocks.forEach((block, index) => {
      if (present[index]) for (const part of block) writePart(out, part, fields);
    });
    return { fPort: FPORT, bytes: Uint8Array.from(out) };
  },
});
