import type { Codec, CodecInput, CodecResult, Parameters } from '../codec.ts';
import { type Cursor, cursorAt, payloadError, readBytes, readU8, readU16Be, readU32Be } from './byte-reader.ts';
import type { Fields } from './part.ts';

// Sensing Labs' SenLab pulse counters: kind of frame u8, battery u8 of 254, big endian. Between them and the counters at
// the end lies a log that the manufacturer keeps to itself; its older counts cannot be read.
// After types/sensingLabs/senlabM of akenza-io/device-type-library (MIT).

const STARTUP = 0;

interface LogFrame {
  readonly hasWireCut: boolean;
  /** Names of the counters that end the frame. */
  readonly counters: readonly string[];
}

const logs: Readonly<Record<number, LogFrame>> = {
  2: { hasWireCut: false, counters: [''] },
  7: { hasWireCut: true, counters: [''] },
  10: { hasWireCut: true, counters: ['1', '2'] },
};

const applications: Readonly<Record<number, string>> = Object.fromEntries(
  ['A', 'D', 'H', 'M', 'O', 'P', 'T', 'V'].map((letter) => [letter.charCodeAt(0), `SENLAB${letter}`]),
);

const readStartup = (cursor: Cursor, fields: Fields): void => {
  fields.dev_eui = readBytes(cursor, 8).toHex();
  const application = readU8(cursor);
  fields.app_type = applications[application] ?? `unknown (${application})`;
  fields.firmware_version = readBytes(cursor, 3).join('.');
  fields.function_mode = readU8(cursor) === 0 ? 'OTHER' : 'BASIC';
  fields.log_period = readU16Be(cursor) * 2;
  fields.tx_period = readU16Be(cursor) * 2;
  fields.rand_window = readU16Be(cursor);
  fields.redundancy_factor = readU8(cursor);
};

const numberOf = (value: Parameters[string] | undefined): number => {
  const number = Number(value ?? 1);
  return Number.isFinite(number) && number !== 0 ? number : 1;
};

type Totals = Readonly<Record<string, unknown>>;

/** What was counted since the frame before; 0 for the first one and after an exchange of the meter. */
const increment = (before: unknown, now: number): number =>
  typeof before === 'number' && before <= now ? now - before : 0;

const addCounter = (name: string, pulse: number, fields: Fields, { parameters, state }: CodecInput): void => {
  const totals = (typeof state === 'object' && state !== null ? state : {}) as Totals;
  const suffix = name === '' ? '' : `_${name}`;
  fields[`pulse${suffix}`] = pulse;
  fields[`relative_pulse${suffix}`] = increment(totals[`lastPulse${name}`], pulse);
  if (!parameters[`pulseType${name}`]) return;
  const scaled = (pulse * numberOf(parameters[`multiplier${name}`])) / numberOf(parameters[`divider${name}`]);
  fields[`metered_value${suffix}`] = Math.round(scaled * 1000) / 1000;
};

const readLog = (cursor: Cursor, log: LogFrame, input: CodecInput): CodecResult => {
  const fields: Fields = { battery_level: Math.round((readU8(cursor) / 254) * 100) };
  if (log.hasWireCut) fields.wire_cut_status = readU8(cursor) !== 0;
  const { bytes } = cursor;
  const start = bytes.length - 4 * log.counters.length;
  if (start < cursor.at) throw payloadError(`The frame ends early: ${bytes.length} bytes`);
  cursor.at = start;
  const state: Record<string, number> = {};
  for (const name of log.counters) {
    const pulse = readU32Be(cursor);
    addCounter(name, pulse, fields, input);
    state[`lastPulse${name}`] = pulse;
  }
  return { records: [{ fields }], warnings: [], state };
};

export const senlabCodec: Codec = {
  decodeUplink(input) {
    const cursor = cursorAt(input.bytes);
    const kind = readU8(cursor);
    const log = logs[kind];
    if (log) return readLog(cursor, log, input);
    if (kind !== STARTUP) throw payloadError(`No frame of kind ${kind}`);
    const fields: Fields = {};
    readStartup(cursor, fields);
    return { records: [{ fields }], warnings: [], ...(input.state !== undefined && { state: input.state }) };
  },
};
