import type { UplinkEncoder } from '../../codec.ts';
import { type Bytes, writeInteger } from '../../formats/byte-writer.ts';

const FPORT = 2;
/** Types of values as in Cayenne LPP. */
const [ANALOG, PRESENCE, TEMPERATURE] = [2, 102, 103];
/** Channels: a change of the bay is told under another one than what goes with the heartbeat. */
const [CHANGE, HEARTBEAT] = [21, 55];

/** With temperature and battery it is a heartbeat, with neither a change. */
export const encoder: UplinkEncoder = {
  encodeUplink({ occupied, temperature, battery_voltage }) {
    const out: Bytes = [];
    const word = (channel: number, type: number, value: number, signed: boolean): void => {
      out.push(channel, type);
      writeInteger(out, value, { size: 2, signed, littleEndian: false });
    };
    if (temperature !== undefined) word(2, TEMPERATURE, Math.round(Number(temperature) * 10), true);
    if (battery_voltage !== undefined) word(3, ANALOG, Math.round(Number(battery_voltage) * 100), false);
    out.push(out.length > 0 ? HEARTBEAT : CHANGE, PRESENCE, occupied === true ? 1 : 0);
    return { fPort: FPORT, bytes: Uint8Array.from(out) };
  },
};
