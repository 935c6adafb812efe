import type { Codec } from '../../codec.ts';
import { cursorAt, readU8, readU32Be } from '../../formats/byte-reader.ts';
import { capacitorVoltage, checkPacket, temperature } from '../../formats/vutility-scalars.ts';

const faults = [
  [0x01, 'No response from meter'],
  [0x02, 'Invalid response from meter'],
] as const;

/** Pulses of a meter, or the reading of a digital one; where that did not answer, the count is none. */
export const codec: Codec = {
  decodeUplink({ bytes }) {
    checkPacket(bytes, 28);
    const flags = readU8(cursorAt(bytes, 10));
    const errors = faults.flatMap(([mask, text]) => ((flags & mask) !== 0 ? [text] : []));
    if (errors.length > 0) return { errors };
    const cursor = cursorAt(bytes, 1);
    const fields = {
      capacitor_voltage: capacitorVoltage(readU8(cursor)),
      temperature_celsius: temperature(readU8(cursor)),
      pulse_count: readU32Be(cursor),
    };
    const isLow = fields.capacitor_voltage < 2.5;
    return {
      records: [{ fields }],
      warnings: isLow ? ['Low capacitor voltage indicates depleted battery. System may cease operation soon.'] : [],
    };
  },
};
