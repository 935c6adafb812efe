import type { Codec } from '../../codec.ts';
import { cursorAt, readBytes, remaining } from '../../formats/byte-reader.ts';
import { type Fields, readPart } from '../../formats/part.ts';
import { readTalkpoolClimate } from '../../formats/talkpool.ts';

// fPort 1 says that the device has started, 2 brings climate, masses and, in longer frames, numbers of particles, big
// endian. After types/talkpool/oy1700 of akenza-io/device-type-library.

const masses = ['pm1', 'pm2_5', 'pm10'] as const;
const particles = ['pm0_3', 'pm0_5', 'pm1', 'pm2_5', 'pm5', 'pm5_larger'] as const;

export const codec: Codec = {
  decodeUplink({ fPort, bytes }) {
    const cursor = cursorAt(bytes);
    if (fPort === 1) {
      const message = readBytes(cursor, 3)[2] === 0 ? 'STARTUP_OK' : 'STARTUP_FAIL';
      return { records: [{ fields: { message } }], warnings: [] };
    }
    const fields: Fields = {};
    readTalkpoolClimate(cursor, fields);
    for (const field of masses) readPart(cursor, { field, type: 'u16' }, fields);
    if (remaining(cursor) > 0) {
      for (const field of particles) readPart(cursor, { field: `particle_${field}`, type: 'u16' }, fields);
    }
    const warnings = remaining(cursor) > 0 ? [`${remaining(cursor)} bytes after the last value`] : [];
    return { records: [{ fields }], warnings };
  },
};
