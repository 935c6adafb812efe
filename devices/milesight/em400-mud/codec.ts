import { em400Mud } from '../../formats/milesight-em400.ts';
import { milesightCodec } from '../../formats/milesight-tlv.ts';

export const codec = milesightCodec(em400Mud);
