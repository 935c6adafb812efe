import type { Codec, DecodedRecord, FieldValue } from '../codec.ts';
import {
  type Cursor,
  cursorAt,
  payloadError,
  readBytes,
  readS16Be,
  readS32Be,
  readU8,
  readU16Be,
  readU32Be,
  remaining,
} from './byte-reader.ts';
import type { Fields } from './part.ts';

/** The frame that is being read. */
interface TruvamiFrame {
  /** Measured at `time`, or now where the frame has none. */
  readonly fields: Fields;
  /** What holds at the time of reception, whenever the rest was measured. */
  readonly now: Fields;
  time?: number;
  readonly receivedAt: number;
  readonly warnings: string[];
}

/** One item of a layout, in the order of the bytes. */
export interface TruvamiItem {
  /** Bytes it takes at least; an optional item is left out where the frame has less. */
  readonly size: number;
  readonly optional?: true;
  readonly read: (cursor: Cursor, frame: TruvamiFrame) => void;
}

export type TruvamiLayout = readonly TruvamiItem[];

const item = (size: number, read: TruvamiItem['read']): TruvamiItem => ({ size, read });

const figure =
  (size: number, readRaw: (cursor: Cursor) => number) =>
  (name: string, divisor = 1): TruvamiItem =>
    item(size, (cursor, { fields }) => {
      fields[name] = readRaw(cursor) / divisor;
    });

/** Figures, each a `divisor`-th of its unit. */
export const u8 = figure(1, readU8);
export const u16 = figure(2, readU16Be);
export const u32 = figure(4, readU32Be);
export const s8 = figure(1, (cursor) => (readU8(cursor) << 24) >> 24);
export const s16 = figure(2, readS16Be);
export const s32 = figure(4, readS32Be);
export const u24 = figure(3, (cursor) => readU8(cursor) * 65_536 + readU16Be(cursor));
/** Loses what exceeds 2^53 ms, 285 000 years. */
export const u64 = figure(8, (cursor) => readU32Be(cursor) * 2 ** 32 + readU32Be(cursor));

export const hex = (name: string, size: number): TruvamiItem =>
  item(size, (cursor, { fields }) => {
    fields[name] = readBytes(cursor, size).toHex();
  });

export const skipped = (size: number): TruvamiItem => item(size, (cursor) => void readBytes(cursor, size));

/** Several fields of one byte. */
export const flags = (split: (raw: number) => Fields): TruvamiItem =>
  item(1, (cursor, { fields }) => {
    Object.assign(fields, split(readU8(cursor)));
  });

/** A field that the message itself says. */
export const fixed = (name: string, value: FieldValue): TruvamiItem =>
  item(0, (_, { fields }) => {
    fields[name] = value;
  });

export const optional = (part: TruvamiItem): TruvamiItem => ({ ...part, optional: true });

/** Puts a field beside the measurement: it holds now. */
export const nowOf = (part: TruvamiItem): TruvamiItem => ({
  ...part,
  read: (cursor, frame) => part.read(cursor, { ...frame, fields: frame.now }),
});

/** A clock that was never set stands before this. */
const CLOCK_SET = Date.UTC(2015, 0, 1);
/** A clock that runs further ahead is wrong. */
const CLOCK_AHEAD = 86_400_000;

/** The time of a message that is sent when it is measured: a clock that cannot be right is not needed. */
const setTime = (frame: TruvamiFrame, time: number): void => {
  if (time >= CLOCK_SET && time <= frame.receivedAt + CLOCK_AHEAD) frame.time = time;
  else frame.warnings.push("The device's clock is not set: taken as measured now");
};

/** Unix seconds. */
export const timestamp: TruvamiItem = item(4, (cursor, frame) => setTime(frame, readU32Be(cursor) * 1000));

/** Unix seconds of a message from the buffer: nothing else tells when that was. */
export const bufferedTimestamp: TruvamiItem = item(4, (cursor, frame) => {
  frame.time = readU32Be(cursor) * 1000;
});

/** Year after 2000, month, day, hour, minute and second in a byte each. */
export const dateAndTime: TruvamiItem = item(6, (cursor, frame) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = readBytes(cursor, 6);
  Object.assign(frame.fields, { year, month, day, hour, minute, second });
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
  setTime(frame, isDate ? Date.UTC(2000 + year, month - 1, day, hour, minute, second) : 0);
});

/** Date as the number DDMMYY, time as HHMMSS, 32 bits each. */
export const decimalDateAndTime: TruvamiItem = item(8, (cursor, frame) => {
  const [date, clock] = [readU32Be(cursor), readU32Be(cursor)];
  frame.fields.utc_date = date;
  frame.fields.utc_time = clock;
  const [day, month, year] = [Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100];
  const [hour, minute, second] = [Math.floor(clock / 10_000), Math.floor(clock / 100) % 100, clock % 100];
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
  setTime(frame, isDate ? Date.UTC(2000 + year, month - 1, day, hour, minute, second) : 0);
});

const readAddress = (cursor: Cursor): string => readBytes(cursor, 6).toHex();
const readS8 = (cursor: Cursor): number => (readU8(cursor) << 24) >> 24;

/** Stations heard, the strongest first: address and level; the first is always there. */
export const stations = (most: number): TruvamiItem =>
  item(7, (cursor, { fields }) => {
    for (let index = 1; index <= most && remaining(cursor) >= 6; index++) {
      fields[`mac_${index}`] = readAddress(cursor);
      if (remaining(cursor) > 0) fields[`rssi_${index}`] = readS8(cursor);
    }
  });

/** The same with the level before the address. */
export const levelledStations = (most: number): TruvamiItem =>
  item(7, (cursor, { fields }) => {
    for (let index = 1; index <= most && remaining(cursor) >= 7; index++) {
      fields[`rssi_${index}`] = readS8(cursor);
      fields[`mac_${index}`] = readAddress(cursor);
    }
  });

/** Addresses without levels. */
export const addresses = (most: number): TruvamiItem =>
  item(6, (cursor, { fields }) => {
    for (let index = 1; index <= most && remaining(cursor) >= 6; index++) fields[`mac_${index}`] = readAddress(cursor);
  });

/** Another layout according to a byte that says which. */
export const versions = (name: string, layouts: Readonly<Record<number, TruvamiLayout>>): TruvamiItem =>
  item(1, (cursor, frame) => {
    const version = readU8(cursor);
    const layout = layouts[version];
    if (!layout) throw payloadError(`Version ${version} of the message is not known`);
    frame.fields[name] = version;
    readLayout(cursor, layout, frame);
  });

/** Part of a group of satellite signals that only the service of the maker turns into a position. */
export const satelliteSignals: TruvamiItem = item(1, (cursor, { fields }) => {
  const header = readU8(cursor);
  fields.end_of_group = (header & 0x80) !== 0;
  fields.group_token = header & 0x1f;
  fields.nav_message = readBytes(cursor, remaining(cursor)).toHex();
});

const readLayout = (cursor: Cursor, layout: TruvamiLayout, frame: TruvamiFrame): void => {
  for (const { size, optional: mayEnd, read } of layout) {
    if (mayEnd && remaining(cursor) < size) return;
    if (remaining(cursor) < size) readBytes(cursor, size);
    read(cursor, frame);
  }
};

const recordsOf = ({ fields, now, time }: TruvamiFrame): DecodedRecord[] => {
  if (time === undefined) return [{ fields: { ...now, ...fields } }];
  const measured: DecodedRecord = { time, fields };
  return Object.keys(now).length > 0 ? [measured, { fields: now }] : [measured];
};

/** A codec of layouts by fPort, as truvami/decoder describes them. */
export const truvamiCodec = (layouts: Readonly<Record<number, TruvamiLayout>>): Codec => ({
  decodeUplink: ({ fPort, bytes, receivedAt }) => {
    const layout = layouts[fPort];
    if (!layout) throw payloadError(`No message on fPort ${fPort} is known of this model`);
    const cursor = cursorAt(bytes);
    const frame: TruvamiFrame = { fields: {}, now: {}, receivedAt, warnings: [] };
    readLayout(cursor, layout, frame);
    const rest = remaining(cursor);
    if (rest > 0) frame.warnings.push(`${rest} bytes at the end of the message are of unknown meaning`);
    return { records: recordsOf(frame), warnings: frame.warnings };
  },
});
