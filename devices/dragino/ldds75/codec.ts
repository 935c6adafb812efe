import type { Codec } from '../../codec.ts';
import { readOneProbe } from '../../formats/dragino-distance.ts';
import { batteryLevel } from '../../formats/dragino-frames.ts';

/** dragino/dragino-end-node-decoder, LDDS75; the level of its Li-SOCl2 cell as akenza-io/device-type-library has it. */
export const codec: Codec = {
  decodeUplink: ({ bytes }) =>
    readOneProbe(bytes, {
      battery: (volts) => ({ battery_level: batteryLevel(volts, 2.45, 0.0115) }),
      flag: (raw) => raw,
    }),
};
