import type { UplinkEncoder } from '../../codec.ts';
import { decentlabEncoder } from '../../formats/decentlab-v2.ts';
import { format } from './format.ts';

const blocks = decentlabEncoder(format);

/** A missing distance goes with no valid sample. */
export const encoder: UplinkEncoder = {
  encodeUplink: (fields, options) =>
    blocks.encodeUplink(fields.distance === null ? { ...fields, distance: 0, valid_samples: 0 } : fields, options),
};
