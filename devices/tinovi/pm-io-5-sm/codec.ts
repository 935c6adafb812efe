import type { Codec } from '../../codec.ts';
import { cursorAt, readU8, remaining } from '../../formats/byte-reader.ts';
import { type Fields, type NumberPart, readPart } from '../../formats/part.ts';

// u8 flags, u8 battery, then a group of values for each sensor that the flags name, big endian. After
// types/tinovi/PM-IO-5-SM of akenza-io/device-type-library.

const soil = (suffix: string): readonly NumberPart[] => [
  { field: `e25${suffix}`, type: 'u16', divisor: 100 },
  { field: `soil_conductivity${suffix}`, type: 'u16', divisor: 10 },
  { field: `temperature${suffix}`, type: 's16', divisor: 100 },
  { field: `water_content${suffix}`, type: 'u16' },
];

/** In the order in which they stand in the frame, with the flag's bit. */
const groups: readonly (readonly [bit: number, parts: readonly NumberPart[]])[] = [
  [0, soil('')],
  [
    1,
    [
      { field: 'air_temperature', type: 's16', divisor: 100 },
      { field: 'air_humidity', type: 'u16', divisor: 100 },
      { field: 'air_pressure', type: 'u16', offset: -50_000 },
    ],
  ],
  [2, [{ field: 'lux', type: 'u32', divisor: 100 }]],
  [4, [{ field: 'pulse', type: 'u32' }]],
  [3, soil('1')],
];

export const codec: Codec = {
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    const flags = readU8(cursor);
    const fields: Fields = { valve: (flags & 128) !== 0, leak_detected: (flags & 64) !== 0 };
    readPart(cursor, { field: 'battery_level', type: 'u8' }, fields);
    for (const [bit, parts] of groups) {
      if ((flags & (1 << bit)) === 0) continue;
      for (const part of parts) readPart(cursor, part, fields);
    }
    const left = remaining(cursor);
    const warnings = left > 0 ? [`${left} bytes more than the flags announce`] : [];
    return { records: [{ fields }], warnings };
  },
};
