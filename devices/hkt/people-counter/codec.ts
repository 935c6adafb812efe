import type { Codec } from '../../codec.ts';
import { cursorAt, payloadError, readBytes, readU8, remaining } from '../../formats/byte-reader.ts';
import { type Fields, type Part, readPart } from '../../formats/part.ts';

// "hkt", two bytes that carry nothing for us, then items of u8 type and value, big endian. After
// types/hkt/peopleCounter of akenza-io/device-type-library.

const HEADER = 'hkt';
const HEADER_SIZE = 5;

const items: Readonly<Record<number, readonly Part[]>> = {
  1: [
    { field: 'hw_version', type: 'u8' },
    { field: 'sw_version', type: 'u8' },
  ],
  3: [{ field: 'battery_level', type: 'u8' }],
  4: [
    {
      field: 'reporting_pattern',
      type: 'u8',
      states: {
        1: 'TIME_INTERVAL',
        2: 'NUMBER_OF_COUNTS',
        3: 'TIME_INTERVAL_PLUS_COUNTS',
        4: 'EVENT',
        5: 'TIME_INTERVAL_PLUS_EVENT',
      },
    },
  ],
  5: [{ field: 'item_05', type: 'u16' }],
  6: [{ field: 'threshold', type: 'u16' }],
  7: [
    { field: 'counter_a', type: 'u16' },
    { field: 'counter_b', type: 'u16' },
    { field: 'abs_count_a', type: 'u32' },
    { field: 'abs_count_b', type: 'u32' },
  ],
  131: [{ field: 'infrared_error', type: 'u8' }],
  132: [{ field: 'installed', type: 'u8' }],
  134: [{ field: 'item_86', type: 'u16' }],
};

const flags = ['infrared_error', 'installed'] as const;

export const codec: Codec = {
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    const header = readBytes(cursor, HEADER_SIZE);
    if (String.fromCharCode(...header.subarray(0, 3)) !== HEADER)
      throw payloadError(`The frame does not begin with "${HEADER}"`);
    const fields: Fields = {};
    const warnings: string[] = [];
    while (remaining(cursor) > 0) {
      const type = readU8(cursor);
      const item = items[type];
      if (!item) {
        if (Object.keys(fields).length === 0) throw payloadError(`Item ${type} is not known`);
        warnings.push(`Item ${type} is not known; the rest of the frame is left out`);
        break;
      }
      for (const part of item) readPart(cursor, part, fields);
    }
    for (const flag of flags) if (fields[flag] !== undefined) fields[flag] = fields[flag] !== 0;
    return { records: [{ fields }], warnings };
  },
};
