import type { Codec, DecodedRecord, FieldValue } from '../../codec.ts';
import { blockCodec } from '../../formats/pepperl-fuchs-blocks.ts';
import { format } from './format.ts';

const blocks = blockCodec(format);

/** Two statements that only the blocks together make: no echo, no fill level; and 0° N 0° E means "no position". */
const corrected = (record: DecodedRecord): DecodedRecord => {
  const { distance_cm, distance_mm, fill_level, latitude, longitude } = record.fields;
  const fields: Record<string, FieldValue> = { ...record.fields };
  if (fill_level !== undefined && (distance_cm === null || distance_mm === null)) fields.fill_level = null;
  if (latitude === 0 && longitude === 0) {
    fields.latitude = null;
    fields.longitude = null;
  }
  return { ...record, fields };
};

export const codec: Codec = {
  decodeUplink(input) {
    const result = blocks.decodeUplink(input);
    return 'errors' in result ? result : { ...result, records: result.records.map(corrected) };
  },
};
