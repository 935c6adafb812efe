import type { UplinkEncoder } from '../../codec.ts';
import { payloadError } from '../../formats/byte-reader.ts';
import { type Bytes, writeBcd, writeInteger } from '../../formats/byte-writer.ts';

/** M-Bus records of the format "standard" (akenza-io/device-type-library): DIF, VIF, bytes, units of the last digit. */
const records: readonly (readonly [field: string, dif: number, vif: number, bytes: number, perUnit: number])[] = [
  ['energy', 0x0c, 0x06, 4, 1],
  ['volume', 0x0c, 0x14, 4, 100],
  ['power', 0x0b, 0x2d, 3, 10],
  ['flow', 0x0b, 0x3b, 3, 1000],
  ['flow_temp', 0x0a, 0x5a, 2, 10],
  ['back_flow_temp', 0x0a, 0x5e, 2, 10],
  ['serial_id', 0x0c, 0x78, 4, 1],
];

/** A meter that shows kWh, in the format "standard", which has all of these values. */
export const encoder: UplinkEncoder = {
  encodeUplink(fields) {
    const out: Bytes = [0];
    for (const [field, dif, vif, bytes, perUnit] of records) {
      const value = fields[field];
      if (typeof value !== 'number') throw payloadError(`${field} cannot be missing in this format`);
      out.push(dif, vif);
      writeBcd(out, Math.round(value * perUnit), bytes);
    }
    out.push(0x02, 0xfd, 0x17);
    writeInteger(out, Number(fields.error_flags ?? 0), { size: 2, signed: false, littleEndian: true });
    return { fPort: 2, bytes: Uint8Array.from(out) };
  },
};
