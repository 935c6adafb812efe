import type { UplinkEncoder } from '../../codec.ts';
import { payloadError } from '../../formats/byte-reader.ts';
import type { Bytes } from '../../formats/byte-writer.ts';
import { writePart } from '../../formats/part.ts';
import { categories, counters, IDENTITY_PORT, identity, kinds } from './format.ts';

/** A counter frame of the category that belongs to `fPort`, or the identity on 190; a missing speed is sent as 0. */
export const encoder: UplinkEncoder = {
  encodeUplink(fields, options = {}) {
    const fPort = options.fPort ?? 13;
    if (fPort === IDENTITY_PORT) {
      const out: Bytes = [kinds.identity];
      for (const part of identity) writePart(out, part, fields);
      return { fPort, bytes: Uint8Array.from(out) };
    }
    const category = categories.get(fPort);
    if (category === undefined) throw payloadError(`fPort ${fPort} belongs to no category; use 13 to 17, or 190`);
    const out: Bytes = [kinds.counters];
    for (const part of counters(category)) {
      const still = 'field' in part && part.field.endsWith('_speed') && fields[part.field] === null;
      writePart(out, part, still ? { [part.field]: 0 } : fields);
    }
    return { fPort, bytes: Uint8Array.from(out) };
  },
};
