import type { Codec, CodecInput, DecodedRecord } from '../../codec.ts';
import { commonFrames, readFrameTime, readStatus, type Status } from '../../formats/adeunis-frames.ts';
import {
  type Cursor,
  cursorAt,
  payloadError,
  readU8,
  readU16Be,
  readU32Be,
  remaining,
} from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';
import { readConfiguration, readLeakPeriods, readLeakThresholds } from './configuration.ts';

// Pulse 4, two pulse inputs. After PulseV4 of the manufacturer's codec library (see formats/adeunis-frames.ts).

const CONFIGURATION = 0x10;
const HISTORY_A = 0x5a;
const HISTORY_B = 0x5b;

/** Older counts that have names of their own while the time between them is unknown. */
const NAMED_COUNTS = 48;

const readKeepAlive = (cursor: Cursor, fields: Fields, { hasTime }: Status): void => {
  const alarms = readU8(cursor);
  for (const name of ['a', 'b']) fields[`flow_max_${name}`] = readU16Be(cursor);
  for (const name of ['a', 'b']) fields[`flow_min_${name}`] = readU16Be(cursor);
  for (const [bit, name] of ['a', 'b'].entries()) {
    fields[`flow_alarm_${name}`] = (alarms & (0x01 << bit)) !== 0;
    fields[`tamper_alarm_${name}`] = (alarms & (0x04 << bit)) !== 0;
    fields[`leakage_alarm_${name}`] = (alarms & (0x10 << bit)) !== 0;
  }
  if (hasTime) readFrameTime(cursor, fields);
};

const readCounts = (cursor: Cursor, fields: Fields, { hasTime }: Status): void => {
  fields.counter_value_a = readU32Be(cursor);
  fields.counter_value_b = readU32Be(cursor);
  if (hasTime) readFrameTime(cursor, fields);
};

const readFlows = (cursor: Cursor, fields: Fields, { hasTime }: Status): void => {
  fields.flow_value_a = readU16Be(cursor);
  fields.flow_value_b = readU16Be(cursor);
  if (hasTime) readFrameTime(cursor, fields);
};

const frames: Readonly<Record<number, (cursor: Cursor, fields: Fields, status: Status) => void>> = {
  ...commonFrames,
  [CONFIGURATION]: readConfiguration,
  17: readLeakThresholds,
  18: readLeakPeriods,
  48: readKeepAlive,
  70: readCounts,
  71: readFlows,
};

/** The count now and, going back, by how much it grew each time. */
const readHistory = (cursor: Cursor, { hasTime }: Status): number[] => {
  let count = readU32Be(cursor);
  const counts = [count];
  for (let left = (remaining(cursor) - (hasTime ? 4 : 0)) >> 1; left > 0; left--) {
    count = (count - readU16Be(cursor)) >>> 0;
    counts.push(count);
  }
  return counts;
};

/** Seconds between counts: as the operator says, else as the device's last configuration frame said. */
const samplingPeriodOf = ({ parameters, state }: CodecInput): number | undefined => {
  const { samplingPeriodS } = parameters;
  if (typeof samplingPeriodS === 'number' && samplingPeriodS > 0) return samplingPeriodS;
  const kept = (state as { samplingPeriodS?: unknown } | undefined)?.samplingPeriodS;
  return typeof kept === 'number' && kept > 0 ? kept : undefined;
};

const historyRecords = (cursor: Cursor, status: Status, input: CodecInput, fields: Fields) => {
  const channel = status.code === HISTORY_A ? 'a' : 'b';
  const field = `counter_value_${channel}`;
  const [now = 0, ...older] = readHistory(cursor, status);
  fields[field] = now;
  if (status.hasTime) readFrameTime(cursor, fields);
  const records: DecodedRecord[] = [{ fields }];
  const warnings: string[] = [];
  const period = samplingPeriodOf(input);
  if (period !== undefined) {
    for (const [index, count] of older.entries()) {
      records.push({ time: input.receivedAt - (index + 1) * period * 1000, fields: { [field]: count } });
    }
  } else if (older.length > 0) {
    for (const [index, count] of older.slice(0, NAMED_COUNTS).entries()) fields[`${field}_t${index + 1}`] = count;
    warnings.push('The time between the counts is unknown until samplingPeriodS is set or a frame 0x10 comes');
  }
  return { records, warnings };
};

export const codec: Codec = {
  decodeUplink(input) {
    const { bytes } = input;
    const cursor = cursorAt(bytes);
    const fields: Fields = {};
    const status = readStatus(cursor, fields);
    const kept = input.state === undefined ? {} : { state: input.state };
    if (status.code === HISTORY_A || status.code === HISTORY_B) {
      const history = historyRecords(cursor, status, input, fields);
      return { ...history, warnings: [...history.warnings, ...leftOver(cursor)], ...kept };
    }
    const read = frames[status.code];
    if (!read) throw payloadError(`No frame 0x${status.code.toString(16)}`);
    read(cursor, fields, status);
    const state = status.code === CONFIGURATION ? { state: { samplingPeriodS: fields.sampling_period } } : kept;
    return { records: [{ fields }], warnings: leftOver(cursor), ...state };
  },
};

const leftOver = (cursor: Cursor): string[] =>
  remaining(cursor) > 0 ? [`${remaining(cursor)} bytes after the frame`] : [];
