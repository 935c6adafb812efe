import type { UplinkEncoder } from '../../codec.ts';
import { type Bytes, writeInteger } from '../../formats/byte-writer.ts';

/** fPort 1: a change, as soon as it happens; fPort 2: the heartbeat. Firmware before 0.39 sends no temperature. */
export const encoder: UplinkEncoder = {
  encodeUplink({ occupied, temperature }, { fPort = 1 } = {}) {
    const out: Bytes = [occupied === true ? 1 : 0];
    if (temperature !== undefined)
      writeInteger(out, Math.round(Number(temperature)), { size: 1, signed: true, littleEndian: true });
    return { fPort, bytes: Uint8Array.from(out) };
  },
};
