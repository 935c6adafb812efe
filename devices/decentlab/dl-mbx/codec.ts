import type { Codec } from '../../codec.ts';
import { decentlabCodec } from '../../formats/decentlab-v2.ts';
import { format } from './format.ts';

const blocks = decentlabCodec(format);

/** Without a valid sample there is no distance, whatever its word holds. */
export const codec: Codec = {
  decodeUplink(input) {
    const result = blocks.decodeUplink(input);
    if ('errors' in result) return result;
    const records = result.records.map((record) =>
      record.fields.valid_samples === 0 ? { ...record, fields: { ...record.fields, distance: null } } : record,
    );
    return { ...result, records };
  },
};
