import {
  type Cursor,
  cursorAt,
  payloadError,
  readBytes,
  readF32Be,
  readS16Be,
  readU8,
  readU16Be,
  readU32Be,
} from './byte-reader.ts';
import type { Fields } from './part.ts';
import { type Attribute, attributeKey } from './watteco-clusters.ts';
import { cbe, cje, iceGeneral, icePeriod, pmePmi, standard } from './watteco-tic-labels.ts';
import { contracts, periods, standardPeriods, words } from './watteco-tic-words.ts';
import type { Slice } from './watteco-value.ts';

// Frames of the TIC clusters 0x0053 to 0x0057: a descriptor says which labels follow, then their values.
// The high byte of an attribute is the instance of the report, the low byte the kind of frame.
// Descriptor: bits 0..4 its size (0 means 8), bit 5 a list of positions instead of a bit field, bit 7 an old form.

interface Label {
  readonly field: string;
  readonly form: string;
}

interface Table {
  readonly name: string;
  readonly labels: readonly Label[];
}

/** `EApHCE` and `ER+P-1_s` as our fields are spelled: `eap_hce`, `er_plus_p_1_s`. */
export const ticField = (label: string): string =>
  label
    .replace(/^(ER)([+-])/, (_, name: string, sign: string) => `${name}_${sign === '+' ? 'plus' : 'minus'}_`)
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();

const tableOf = (name: string, list: string): Table => ({
  name,
  labels: list
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [label = '', form = ''] = entry.split(':');
      return { field: ticField(label), form };
    }),
});

const tables: Readonly<Record<number, Table>> = {
  [attributeKey(0x0053, 0)]: tableOf('ICE Generale', iceGeneral),
  [attributeKey(0x0053, 1)]: tableOf('ICE Periode P', icePeriod('p')),
  [attributeKey(0x0053, 2)]: tableOf('ICE Periode P moins 1', icePeriod('p1')),
  [attributeKey(0x0054, 0)]: tableOf('CBE/Historique', cbe),
  [attributeKey(0x0055, 0)]: tableOf('CJE', cje),
  [attributeKey(0x0056, 0)]: tableOf('Standard', standard),
  [attributeKey(0x0057, 0)]: tableOf('PMEPMI', pmePmi),
};

const readDescriptor = (cursor: Cursor): { bytes: Uint8Array; positions: number[] } => {
  const header = cursor.bytes[cursor.at] ?? 0;
  const bytes = readBytes(cursor, header & 0x1f || 8);
  if ((header & 0x20) !== 0) return { bytes, positions: [...bytes.subarray(1)] };
  const positions: number[] = [];
  for (let at = bytes.length - 1, base = 0; at >= 1; at--, base += 8) {
    const byte = bytes[at] ?? 0;
    for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) positions.push(base + bit);
  }
  return { bytes, positions };
};

const readTic = ({ name, labels }: Table, { bytes, at, end }: Slice, fields: Fields): void => {
  const cursor = cursorAt(bytes.subarray(at, end));
  const descriptor = readDescriptor(cursor);
  fields.tic_frame_type = name;
  fields.descriptor_bytes = descriptor.bytes.toHex().toUpperCase();
  fields.descriptor_indexes = descriptor.positions.join(', ');
  for (const position of descriptor.positions) {
    const label = labels[position];
    if (!label) throw payloadError(`A ${name} frame has no label ${position}`);
    forms[label.form]?.(cursor, label.field, fields);
  }
};

type Form = (cursor: Cursor, field: string, fields: Fields) => void;

const number =
  (read: (cursor: Cursor) => number): Form =>
  (cursor, field, fields) => {
    const value = read(cursor);
    fields[field] = Number.isFinite(value) ? value : null;
  };

const string =
  (read: (cursor: Cursor) => string): Form =>
  (cursor, field, fields) => {
    fields[field] = read(cursor);
  };

const pad = (value: number): string => String(value).padStart(2, '0');
const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const readU24 = (cursor: Cursor): number => (readU8(cursor) << 16) | readU16Be(cursor);

/** Six numbers in the meter's own order: day or year first, by the kind of meter. */
const readDate = (cursor: Cursor): string => {
  const [a = 0, b = 0, c = 0, hour = 0, minute = 0, second = 0] = readBytes(cursor, 6);
  return `${pad(a)}/${pad(b)}/${pad(c)} ${pad(hour)}:${pad(minute)}:${pad(second)}`;
};

const readZeroEnded = (cursor: Cursor): string => {
  const end = cursor.bytes.indexOf(0, cursor.at);
  if (end < 0) throw payloadError(`The text at offset ${cursor.at} has no end`);
  const text = latin(readBytes(cursor, end - cursor.at));
  readU8(cursor);
  return text;
};

/** An index of a list, or its own text behind its length. */
const readWord =
  (list: readonly string[]) =>
  (cursor: Cursor): string => {
    const first = readU8(cursor);
    if ((first & 0x80) !== 0) return latin(readBytes(cursor, first & 0x7f));
    return list[first] ?? `unknown (${first})`;
  };

const EPOCH_2000 = Date.UTC(2000, 0, 1);
const HOUR_MS = 3_600_000;

/** 01:00 UTC on the last Sunday of a month: when clocks in Paris change. */
const clockChange = (year: number, month: number): number => {
  const lastDay = new Date(Date.UTC(year, month + 1, 0, 1));
  return lastDay.getTime() - lastDay.getUTCDay() * 24 * HOUR_MS;
};

/** Seconds since 2000 as the meter shows them, in the time of Paris. */
const readStamp = (cursor: Cursor): string => {
  const time = EPOCH_2000 + readU32Be(cursor) * 1000;
  const year = new Date(time).getUTCFullYear();
  const summer = time >= clockChange(year, 2) && time < clockChange(year, 9);
  const local = new Date(time + (summer ? 2 : 1) * HOUR_MS);
  const day = `${pad(local.getUTCDate())}/${pad(local.getUTCMonth() + 1)}/${pad(local.getUTCFullYear() % 100)}`;
  return `${day} ${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}:${pad(local.getUTCSeconds())}`;
};

const readClock = (cursor: Cursor): string => `${pad(readU8(cursor))}:${pad(readU8(cursor))}`;

const readClockAndDay = (cursor: Cursor): string => {
  const clock = readClock(cursor);
  return `${pad(readU8(cursor))}/${pad(readU8(cursor))} ${clock}`;
};

const readDayAndHour = (cursor: Cursor): string =>
  `${pad(readU8(cursor))}/${pad(readU8(cursor))} ${pad(readU8(cursor))}`;

/** Eleven switching times of a day's calendar; FF marks one that is not used and has no further bytes. */
const readCalendar = (cursor: Cursor): string => {
  const blocks: string[] = [];
  for (let block = 0; block < 11; block++) {
    const hour = readU8(cursor);
    if (hour === 0xff) continue;
    blocks.push(`${pad(hour)}:${pad(readU8(cursor))} ${readBytes(cursor, 2).toHex().toUpperCase()}`);
  }
  return blocks.join(', ');
};

/** A season letter and a date, before a number where there is one. */
const seasonDate =
  (read?: (cursor: Cursor) => number): Form =>
  (cursor, field, fields) => {
    fields[`${field}_season`] = latin(readBytes(cursor, 1));
    fields[read ? `${field}_date` : field] = readDate(cursor);
    if (read) fields[field] = read(cursor);
  };

const forms: Readonly<Record<string, Form>> = {
  none: () => {},
  u8: number(readU8),
  u16: number(readU16Be),
  s16: number(readS16Be),
  u24: number(readU24),
  u32: number(readU32Be),
  float: number(readF32Be),
  char: string((cursor) => latin(readBytes(cursor, 1))),
  text: string(readZeroEnded),
  hex: string((cursor) => readBytes(cursor, readU8(cursor)).toHex().toUpperCase()),
  bits32: string((cursor) => readBytes(cursor, 4).toHex().toUpperCase()),
  date: string(readDate),
  stamp: string(readStamp),
  hm: string(readClock),
  hmdm: string(readClockAndDay),
  dmh: string(readDayAndHour),
  calendar: string(readCalendar),
  word: string(readWord(words)),
  period: string(readWord(periods)),
  stdperiod: string(readWord(standardPeriods)),
  contract: string(readWord(contracts)),
  sdate: seasonDate(),
  sdate8: seasonDate(readU8),
  sdate16: seasonDate(readU16Be),
  sdate24: seasonDate(readU24),
  stampperiod: (cursor, field, fields) => {
    fields[field] = readStamp(cursor);
    fields[`${field}_period`] = readWord(periods)(cursor);
  },
  u24word: (cursor, field, fields) => {
    fields[field] = readU24(cursor);
    fields[`${field}_unit`] = readWord(words)(cursor);
  },
};

/** The attribute of a TIC cluster; only those of ICE meters have several kinds of frames. */
export const ticAttribute = (cluster: number, attribute: number): Attribute | undefined => {
  const table = tables[attributeKey(cluster, cluster === 0x0053 ? attribute & 0xff : 0)];
  return table && { read: (slice, fields) => readTic(table, slice, fields) };
};
