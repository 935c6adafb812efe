import type { Codec } from '../../codec.ts';
import { readFourProbes } from '../../formats/dragino-distance.ts';
import { batteryLevel, batteryVolts } from '../../formats/dragino-frames.ts';

const EXTERNAL_TRIGGER = 0x8000;

/** dragino/dragino-end-node-decoder, LDDS04; the battery level as akenza-io/device-type-library derives it. */
export const codec: Codec = {
  decodeUplink: ({ bytes }) =>
    readFourProbes(bytes, (word) => ({
      battery_level: batteryLevel(batteryVolts(word), 2.45, 0.0115),
      ext_trigger: (word & EXTERNAL_TRIGGER) !== 0,
    })),
};
