import type { Codec } from '../../codec.ts';
import { type Cursor, readU8 } from '../../formats/byte-reader.ts';
import { readFourProbes, readProbes } from '../../formats/dragino-distance.ts';
import { readDeviceInformation, readLog } from '../../formats/dragino-frames.ts';
import type { Fields } from '../../formats/part.ts';

const levelOf = (high: boolean): string => (high ? 'HIGH' : 'LOW');

/** The log has no room for the fourth probe. */
const readEntry = (cursor: Cursor): Fields => {
  const flags = readU8(cursor);
  const fields: Fields = {
    interrupt_flag: (flags & 0x01) !== 0,
    interrupt_level: levelOf((flags & 0x02) !== 0),
    poll_message: (flags & 0x40) !== 0,
    pnack_mode: (flags & 0x80) !== 0,
  };
  readProbes(cursor, 3, fields);
  return fields;
};

/** dragino/dragino-end-node-decoder, DDS04-LB: live values, log, device information. */
export const codec: Codec = {
  decodeUplink({ fPort, bytes }) {
    if (fPort === 3) return readLog(bytes, readEntry);
    if (fPort === 5) return readDeviceInformation(bytes, { 35: 'DDS04-LB' });
    return readFourProbes(bytes, (word) => ({
      interrupt_flag: (word & 0x4000) !== 0,
      interrupt_level: levelOf((word & 0x8000) !== 0),
    }));
  },
};
