import type { UplinkEncoder } from '../../codec.ts';
import type { Bytes } from '../../formats/byte-writer.ts';
import { type NumberPart, writePart } from '../../formats/part.ts';

const FPORT = 5;

/** Type bytes of what the room sensor measures by itself, in the order of its frames. */
const items: Readonly<Record<number, NumberPart>> = {
  1: { field: 'temperature', type: 's16', divisor: 10 },
  2: { field: 'humidity', type: 'u8' },
  4: { field: 'light', type: 'u16' },
  5: { field: 'motion', type: 'u8' },
  6: { field: 'co2', type: 'u16' },
  7: { field: 'battery_voltage', type: 'u16', divisor: 1000 },
};

/** Sends each item whose field is given. */
export const encoder: UplinkEncoder = {
  encodeUplink(fields) {
    const out: Bytes = [];
    for (const [type, part] of Object.entries(items)) {
      if (fields[part.field] === undefined) continue;
      out.push(Number(type));
      writePart(out, part, fields);
    }
    return { fPort: FPORT, bytes: Uint8Array.from(out) };
  },
};
