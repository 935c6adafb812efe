import type { UplinkEncoder } from '../../codec.ts';
import { blockEncoder } from '../../formats/pepperl-fuchs-blocks.ts';
import { format } from './format.ts';

const blocks = blockEncoder(format);

/** A position that was not found is sent as 0° N 0° E. */
export const encoder: UplinkEncoder = {
  encodeUplink: (fields, options) => {
    const { latitude, longitude } = fields;
    const lost = latitude === null || longitude === null;
    return blocks.encodeUplink(lost ? { ...fields, latitude: 0, longitude: 0 } : fields, options);
  },
};
