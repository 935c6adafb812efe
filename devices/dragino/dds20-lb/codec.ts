import type { Codec } from '../../codec.ts';
import { type Cursor, readU8, readU16Be } from '../../formats/byte-reader.ts';
import { distanceOf, distanceStatusOf, readOneProbe } from '../../formats/dragino-distance.ts';
import { batteryVolts, readDeviceInformation, readLog, readProbeTemperature } from '../../formats/dragino-frames.ts';
import type { Fields } from '../../formats/part.ts';

const readEntry = (cursor: Cursor): Fields => {
  const battery = readU16Be(cursor);
  const raw = readU16Be(cursor);
  const temperature = readProbeTemperature(cursor);
  const flags = readU8(cursor);
  return {
    battery_voltage: batteryVolts(battery),
    pnack_mode: (battery & 0x8000) !== 0,
    distance: distanceOf(raw),
    distance_status: distanceStatusOf(raw),
    temperature,
    sensor_flag: (flags & 1) !== 0,
    interrupt_flag: (flags & 2) !== 0,
    poll_message: (flags & 0x40) !== 0,
  };
};

/** dragino/dragino-end-node-decoder, DDS20-LB: live values, log, device information. */
export const codec: Codec = {
  decodeUplink({ fPort, bytes }) {
    if (fPort === 3) return readLog(bytes, readEntry);
    if (fPort === 5) return readDeviceInformation(bytes, { 41: 'DDS20-LB' });
    return readOneProbe(bytes, { flag: (raw) => (raw & 1) !== 0 });
  },
};
