import type { Codec } from '../../codec.ts';
import { bitsMsb, signed } from '../../formats/bit-reader.ts';
import { payloadError } from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';

// Bit 0 is set in answers to commands, bits 1 to 3 tell the message. Counts of past intervals ("bins") are ten bits
// each. After types/pipiot/peopleSense of akenza-io/device-type-library.

const shortFlags = ['heartbeat_flag', 'mag_switch_flag', 'prox_hw_error', 'bins_ready_flag'] as const;
const longFlags = ['forced_downlink_flag', 'count_alert_flag', ...shortFlags] as const;

interface Layout {
  readonly bins: number;
  readonly flags: readonly string[];
  readonly flagsAt: number;
  readonly temperatureAt?: number;
  readonly alertCountAt?: number;
}

const layouts: Readonly<Record<number, Layout>> = {
  0: { bins: 6, flags: shortFlags, flagsAt: 92 },
  1: { bins: 5, flags: longFlags, flagsAt: 82, temperatureAt: 88 },
  3: { bins: 0, flags: longFlags, flagsAt: 50, temperatureAt: 56, alertCountAt: 32 },
};

const RSSI_TEST = 2;

const counts = (bytes: Uint8Array, { bins, flags, flagsAt, temperatureAt, alertCountAt }: Layout): Fields => {
  const fields: Fields = { battery_voltage: bitsMsb(bytes, 8, 8) / 20, people_count: bitsMsb(bytes, 16, 16) };
  flags.forEach((flag, index) => {
    fields[flag] = bitsMsb(bytes, flagsAt + index, 1) === 1;
  });
  for (let bin = 0; bin < bins; bin++) {
    fields[`people_count_bin${bin + 1}`] = fields.bins_ready_flag === true ? bitsMsb(bytes, 32 + bin * 10, 10) : null;
  }
  if (alertCountAt !== undefined) fields.alert_count = bitsMsb(bytes, alertCountAt, 16);
  if (temperatureAt !== undefined) {
    const temperature = signed(bitsMsb(bytes, temperatureAt, 8), 8);
    fields.temperature = temperature < -40 || temperature > 125 ? null : temperature;
  }
  return fields;
};

export const codec: Codec = {
  decodeUplink({ bytes }) {
    if (bitsMsb(bytes, 0, 1) === 1) throw payloadError('An answer to a command, whose layout is not published');
    const type = bitsMsb(bytes, 1, 3);
    if (type === RSSI_TEST) return { records: [{ fields: { test_frames: bitsMsb(bytes, 8, 8) } }], warnings: [] };
    const layout = layouts[type];
    if (!layout) throw payloadError(`Message type ${type} is not known`);
    return { records: [{ fields: counts(bytes, layout) }], warnings: [] };
  },
};
