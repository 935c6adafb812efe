import type { Codec } from '../../codec.ts';
import { type BitCursor, bitCursorAt, readBitsMsb, signed, skipBits } from '../../formats/bit-reader.ts';
import { payloadError } from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';

// Six bytes, most significant bit first, in two layouts (types/aiut/alevelV1 and alevelV2 of
// akenza-io/device-type-library). The second one begins with 0x81; a first-layout frame does so only at levels of 51.6
// to 51.9 %, which the parameter `payloadVersion` settles.

const SECOND_LAYOUT = 0x81;
const SIZE = 6;

const batteryStatuses = ['VERY_LOW', 'LOW', 'DISCHARGING', 'HEALTHY'] as const;
const profiles: Readonly<Record<number, string>> = { 1: 'IMR_LORA_SIGFOX', 3: 'SIGFOX', 5: 'SIGFOX_LORA' };

const flag = (cursor: BitCursor): boolean => readBitsMsb(cursor, 1) === 1;

const firstLayout = (cursor: BitCursor): Fields => ({
  current_level: readBitsMsb(cursor, 10) / 10,
  is_tanking: flag(cursor),
  is_emptying: flag(cursor),
  has_measurement_error: flag(cursor),
  has_out_of_range_error: flag(cursor),
  sequence_number: readBitsMsb(cursor, 2),
  battery_voltage: (readBitsMsb(cursor, 8) + 150) / 100,
  battery_level: readBitsMsb(cursor, 8),
  temperature: signed(readBitsMsb(cursor, 8), 8),
  device_status_flag: readBitsMsb(cursor, 8),
});

const secondLayout = (cursor: BitCursor): Fields => {
  skipBits(cursor, 8);
  const fields: Fields = {
    sequence_number: readBitsMsb(cursor, 8),
    temperature: signed(readBitsMsb(cursor, 8), 8),
    battery_status: batteryStatuses[readBitsMsb(cursor, 2)] ?? null,
    button_latched: flag(cursor),
    is_button_pressed: flag(cursor),
  };
  const profile = readBitsMsb(cursor, 4);
  fields.current_profile = profiles[profile] ?? `unknown (${profile})`;
  fields.current_level = readBitsMsb(cursor, 10) / 10;
  fields.removed_from_dial = flag(cursor);
  fields.is_refilling = flag(cursor);
  fields.high_lpg = flag(cursor);
  fields.low_lpg = flag(cursor);
  fields.out_of_range = flag(cursor);
  // The source takes the bit of `out_of_range` a second time; the last bit is the one that is left for it.
  fields.not_valid_readout = flag(cursor);
  return fields;
};

export const codec: Codec = {
  decodeUplink({ bytes, parameters }) {
    if (bytes.length !== SIZE) throw payloadError(`The frame has ${bytes.length} bytes instead of ${SIZE}`);
    const second =
      parameters.payloadVersion === undefined ? bytes[0] === SECOND_LAYOUT : parameters.payloadVersion === 2;
    const cursor = bitCursorAt(bytes);
    return { records: [{ fields: second ? secondLayout(cursor) : firstLayout(cursor) }], warnings: [] };
  },
};
