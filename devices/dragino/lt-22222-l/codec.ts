import type { Codec } from '../../codec.ts';
import { cursorAt, payloadError, readS16Be, readU8, readU16Be, readU32Be } from '../../formats/byte-reader.ts';
import { behind, frequencyBand, readFirmware, subBand } from '../../formats/dragino-frames.ts';
import type { Fields } from '../../formats/part.ts';

/** What the eight bytes before the states hold: 1 current and voltage, 2 to 5 counters, 6 limits. */
type Mode = 1 | 2 | 3 | 4 | 5 | 6;

const workModes = {
  1: '2ACI+2AVI',
  2: 'Count mode 1',
  3: '2ACI+1Count',
  4: 'Count mode 2',
  5: '1ACI+2AVI+1Count',
  6: 'Trigger mode',
} as const;

const isMode = (mode: number): mode is Mode => mode >= 1 && mode <= 6;

type Reader = (bytes: Uint8Array, fields: Fields) => void;

/** Volts and milliamperes, both sent in thousandths. */
const milli =
  (field: string, at: number): Reader =>
  (bytes, fields) => {
    fields[field] = readS16Be(cursorAt(bytes, at)) / 1000;
  };

const count =
  (field: string, at: number): Reader =>
  (bytes, fields) => {
    fields[field] = readU32Be(cursorAt(bytes, at));
  };

/** Names of the bits of one byte, the highest first. */
const flags =
  (at: number, names: readonly string[]): Reader =>
  (bytes, fields) => {
    const byte = readU8(cursorAt(bytes, at));
    for (let bit = 0; bit < names.length; bit++) {
      fields[names[bit] as string] = (byte & (1 << (names.length - 1 - bit))) !== 0;
    }
  };

const limits = ['av1l', 'av1h', 'av2l', 'av2h', 'ac1l', 'ac1h', 'ac2l', 'ac2h'];
const analog = [milli('avi1_v', 0), milli('avi2_v', 2), milli('aci1_ma', 4)];

const values: Readonly<Record<Mode, readonly Reader[]>> = {
  1: [...analog, milli('aci2_ma', 6)],
  2: [count('count1_times', 0), count('count2_times', 4)],
  3: [count('count1_times', 0), milli('aci1_ma', 4), milli('aci2_ma', 6)],
  4: [count('count1_times', 0), count('acount_times', 4)],
  5: [
    ...analog,
    (bytes, fields) => {
      fields.count1_times = readU16Be(cursorAt(bytes, 6));
    },
  ],
  6: [
    flags(
      0,
      limits.map((limit) => `${limit}_flag`),
    ),
    flags(
      1,
      limits.map((limit) => `${limit}_status`),
    ),
    flags(2, ['di2_status', 'di2_flag', 'di1_status', 'di1_flag']),
  ],
};

const level = (high: boolean): string => (high ? 'H' : 'L');
const relay = (on: boolean): string => (on ? 'ON' : 'OFF');

/** Inputs and outputs of byte 8. Digital outputs are open collectors: a set bit pulls them low. */
const readStates = (states: number, mode: Mode, isLt33222: boolean): Fields => {
  const set = (mask: number): boolean => (states & mask) !== 0;
  return {
    do1_status: level(!set(0x01)),
    do2_status: level(!set(0x02)),
    ro1_status: relay(set(0x80)),
    ro2_status: relay(set(0x40)),
    ...(mode === 1 && { di1_status: level(set(0x08)), di2_status: level(set(0x10)) }),
    ...(mode === 1 && isLt33222 && { di3_status: level(set(0x20)) }),
    ...(mode !== 1 && { first_status: set(0x20) }),
  };
};

const readLive = (bytes: Uint8Array): Fields => {
  const cursor = cursorAt(bytes, 8);
  const states = readU8(cursor);
  const triggered = readU8(cursor);
  const kind = readU8(cursor);
  const mode = kind & 0x3f;
  if (!isMode(mode)) throw payloadError(`Work mode ${mode} is not known; known are 1 to 6`);
  const isLt33222 = kind >> 6 === 0;
  const fields: Fields = {
    hardware_mode: isLt33222 ? 'LT33222' : kind >> 6 === 1 ? 'LT22222' : `unknown (${kind >> 6})`,
    work_mode: workModes[mode],
    ...(isLt33222 && { do3_status: level((states & 0x04) === 0) }),
    ...(mode === 6 ? { mode_status: triggered !== 0 } : readStates(states, mode, isLt33222)),
  };
  for (const read of values[mode]) read(bytes, fields);
  return fields;
};

/** dragino/dragino-end-node-decoder, LT-22222-L 1.6: inputs and outputs on fPort 2, device information on fPort 5. */
export const codec: Codec = {
  decodeUplink({ fPort, bytes }) {
    if (fPort !== 5) {
      const end = cursorAt(bytes, 11);
      return { records: [{ fields: readLive(bytes) }], warnings: behind(end) };
    }
    const cursor = cursorAt(bytes);
    const fields: Fields = {
      frequency_band: frequencyBand(readU8(cursor)),
      sub_band: subBand(readU8(cursor)),
      firmware_version: readFirmware(cursor),
      tdc_sec: (readU8(cursor) << 16) | readU16Be(cursor),
    };
    return { records: [{ fields }], warnings: behind(cursor) };
  },
};
