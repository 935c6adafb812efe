import type { Codec } from '../../codec.ts';
import { am300 } from '../../formats/milesight-am300.ts';
import { milesightCodec } from '../../formats/milesight-tlv.ts';

const variants = {
  hcho: milesightCodec(am300({ dust: true, gas: 'hcho' })),
  o3: milesightCodec(am300({ dust: true, gas: 'o3' })),
};

/** Sold with one of two gas sensors; only in stored records one has to know which. */
export const codec: Codec = {
  decodeUplink: (input) => variants[input.parameters.gasSensor === 'o3' ? 'o3' : 'hcho'].decodeUplink(input),
};
