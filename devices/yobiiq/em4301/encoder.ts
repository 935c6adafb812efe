import type { UplinkEncoder } from '../../codec.ts';
import { type Bytes, writeInteger } from '../../formats/byte-writer.ts';

interface Register {
  readonly channel: number;
  readonly type: number;
  readonly size: 1 | 2 | 4;
  readonly divisor?: number;
  readonly signed?: boolean;
}

/**
 * Registers of a measurement in the order and under the channels of the meter's frames (thingsboard/data-converters,
 * VENDORS/Yobiiq/EM4301); what it measures at the moment stands under channel 1, as in the maker's own test.
 */
const registers: Readonly<Record<string, Register>> = {
  timestamp: { channel: 1, type: 1, size: 4 },
  datalogger_timestamp: { channel: 2, type: 3, size: 4 },
  active_energy_import_l123_t1: { channel: 3, type: 4, size: 4 },
  active_energy_import_l123_t2: { channel: 4, type: 5, size: 4 },
  active_energy_export_l123_t1: { channel: 5, type: 6, size: 4 },
  active_energy_export_l123_t2: { channel: 6, type: 7, size: 4 },
  voltage_l1_n: { channel: 1, type: 12, size: 4, divisor: 10, signed: true },
  voltage_l2_n: { channel: 1, type: 13, size: 4, divisor: 10, signed: true },
  voltage_l3_n: { channel: 1, type: 14, size: 4, divisor: 10, signed: true },
  active_power_l123: { channel: 1, type: 19, size: 4, signed: true },
  frequency: { channel: 1, type: 35, size: 2, divisor: 100, signed: true },
  modbus_error_code: { channel: 11, type: 10, size: 1 },
};

/** One measurement; a field that is not given is not sent. */
export const encoder: UplinkEncoder = {
  encodeUplink(fields) {
    const out: Bytes = [];
    for (const [field, { channel, type, size, divisor = 1, signed = false }] of Object.entries(registers)) {
      const value = fields[field];
      if (value === undefined) continue;
      out.push(channel, type);
      writeInteger(out, Math.round(Number(value) * divisor), { size, signed, littleEndian: false });
    }
    return { fPort: 1, bytes: Uint8Array.from(out) };
  },
};
