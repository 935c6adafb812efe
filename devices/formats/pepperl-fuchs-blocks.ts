import type { Codec, UplinkEncoder } from '../codec.ts';
import { cursorAt, payloadError, readBytes, readU8, readU16Be, remaining } from './byte-reader.ts';
import type { Bytes } from './byte-writer.ts';
import { type Fields, type Part, readPart, sizeOf, writePart } from './part.ts';

/**
 * Frames of Pepperl+Fuchs' WILSEN family (read from TheThingsNetwork/lorawan-devices, vendor/pepperl-fuchs): blocks
 * of [length u8][id u16][value], big endian; the length
 * counts id and value.
 */
export interface BlockFormat {
  readonly fPort: number;
  /** Id as four hexadecimal digits to what its value holds. */
  readonly blocks: Readonly<Record<string, readonly Part[]>>;
}

const ID_SIZE = 2;

const blockSize = (parts: readonly Part[]): number => parts.reduce((sum, part) => sum + sizeOf(part), ID_SIZE);

export const blockCodec = ({ blocks }: BlockFormat): Codec => {
  const table = new Map(
    Object.entries(blocks).map(([id, parts]) => [Number.parseInt(id, 16), { parts, size: blockSize(parts) }]),
  );
  return {
    decodeUplink({ bytes }) {
      if (bytes.length === 0) return { errors: ['The frame is empty'] };
      const cursor = cursorAt(bytes);
      const fields: Fields = {};
      const warnings: string[] = [];
      let known = 0;
      while (remaining(cursor) > 0) {
        const length = readU8(cursor);
        const start = cursor.at;
        const id = readU16Be(cursor);
        const name = id.toString(16).padStart(4, '0').toUpperCase();
        if (length < ID_SIZE)
          throw payloadError(`Block ${name} at offset ${start - 1} has the impossible length ${length}`);
        const block = table.get(id);
        if (!block) {
          readBytes(cursor, length - ID_SIZE);
          warnings.push(`Unknown block ${name} of ${length - ID_SIZE} bytes is left out`);
          continue;
        }
        if (length !== block.size) {
          throw payloadError(`Block ${name} at offset ${start - 1} has length ${length}, not ${block.size}`);
        }
        for (const part of block.parts) readPart(cursor, part, fields);
        known++;
      }
      if (known === 0) return { errors: [`No block of this device: ${warnings.join('; ')}`] };
      return { records: [{ fields }], warnings };
    },
  };
};

/** Sends a block for each id whose fields are all given. */
export const blockEncoder = ({ fPort, blocks }: BlockFormat): UplinkEncoder => ({
  encodeUplink(fields) {
    const out: Bytes = [];
    for (const [id, parts] of Object.entries(blocks)) {
      const names = parts.flatMap((part) => ('field' in part ? [part.field] : []));
      if (names.length === 0 || names.some((name) => fields[name] === undefined)) continue;
      out.push(blockSize(parts), ...Uint8Array.fromHex(id));
      for (const part of parts) writePart(out, part, fields);
    }
    return { fPort, bytes: Uint8Array.from(out) };
  },
});
