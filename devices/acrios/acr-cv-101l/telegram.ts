import {
  type Cursor,
  cursorAt,
  payloadError,
  readBytes,
  readU8,
  readU16Le,
  remaining,
} from '../../formats/byte-reader.ts';
import { readBcd } from '../../formats/mbus-records.ts';
import type { Fields } from '../../formats/part.ts';

/** M-Bus link layer (EN 13757-2) and the heads of application data (EN 13757-3): long frames of wired meters. */
const START_LONG = 0x68;
const START_SHORT = 0x10;
const STOP = 0x16;
const ACKNOWLEDGE = 0xe5;
/** Meters may send some of it before they start. */
const IDLE = 0xff;

export const isStart = (byte: number | undefined): boolean =>
  byte === START_LONG || byte === START_SHORT || byte === ACKNOWLEDGE || byte === IDLE;

const outlet = '(Volume measured at return temperature: outlet)';
const inlet = '(Volume measured at flow temperature: inlet)';

const media: Readonly<Record<number, string>> = {
  0: 'Other',
  1: 'Oil meter',
  2: 'Electricity meter',
  3: 'Gas meter',
  4: `Heat meter ${outlet}`,
  5: 'Steam meter',
  6: 'Warm water meter',
  7: 'Water meter',
  8: 'Heat Cost Allocator',
  9: 'Compressed air',
  10: `Cooling meter ${outlet}`,
  11: `Cooling meter ${inlet}`,
  12: `Heat meter ${inlet}`,
  13: 'Combined Heat / Cooling meter',
  14: 'Bus / System component',
  15: 'Unknown device type',
  20: 'Calorific value',
  21: 'Hot water meter',
  22: 'Cold water meter',
  23: 'Dual water meter',
  24: 'Pressure meter / pressure device',
  25: 'A/D Converter',
  26: 'Smoke detector / smoke alarm device',
  27: 'Room sensor',
  28: 'Gas detector',
  32: 'Breaker (electricity)',
  33: 'Valve (gas or water)',
  40: 'Waste water meter',
  41: 'Garbage',
  42: 'Carbon dioxide',
};

export const mediumName = (code: number): string => media[code] ?? 'Reserved';

/** The fixed structure numbers meters in its own way from 9 on (EN 1434-3). */
const fixedMedia = [0, 1, 2, 3, 4, 5, 21, 7, 8, undefined, 3, 4, 5, 21, 7, 8];

const applicationErrors = [
  'Unspecified error',
  'Unimplemented CI-Field',
  'Buffer too long, truncated',
  'Too many records',
  'Premature end of record',
  "More than 10 DIFE's",
  "More than 10 VIFE's",
  'Reserved',
  'Application too busy for handling readout request',
  'Too many readouts',
];

const checkSum = (bytes: Uint8Array): void => {
  let sum = 0;
  for (let index = 4; index < bytes.length - 2; index++) sum += bytes[index] ?? 0;
  const told = bytes[bytes.length - 2] ?? 0;
  if ((sum & 0xff) !== told) throw payloadError(`The M-Bus checksum is ${sum & 0xff}, the telegram says ${told}`);
};

/** The user data of a long frame, behind C, A and CI; undefined for telegrams without data. */
export const openTelegram = (telegram: Uint8Array, fields: Fields): Cursor | undefined => {
  let start = 0;
  while (telegram[start] === IDLE) start++;
  const bytes = telegram.subarray(start);
  fields.len = bytes.length;
  if (bytes.length === 1 && bytes[0] === ACKNOWLEDGE) {
    fields.type = 'OK';
    return undefined;
  }
  if (bytes.length < 5 || bytes[bytes.length - 1] !== STOP) throw payloadError('The M-Bus telegram ends early');
  if (bytes[0] === START_SHORT) {
    fields.type = 'Short';
    fields.c = bytes[1] ?? null;
    fields.a = bytes[2] ?? null;
    return undefined;
  }
  const length = bytes[1] ?? 0;
  if (bytes[0] !== START_LONG || bytes[3] !== START_LONG)
    throw payloadError('The M-Bus telegram does not start with 68');
  if (length !== bytes[2] || length !== bytes.length - 6 || length < 3)
    throw payloadError(`The M-Bus telegram says ${length} bytes, ${bytes.length - 6} are there`);
  checkSum(bytes);
  fields.type = 'Data';
  fields.l = length;
  fields.c = bytes[4] ?? null;
  fields.a = bytes[5] ?? null;
  fields.ci = bytes[6] ?? null;
  return cursorAt(bytes.subarray(0, bytes.length - 2), 7);
};

export const readApplicationError = (cursor: Cursor, fields: Fields): void => {
  fields.type = 'Error';
  const code = remaining(cursor) > 0 ? readU8(cursor) : 0;
  fields.errors_0 = applicationErrors[code] ?? 'Reserved';
};

/** Bits of the status byte that both structures share; the others are the manufacturer's. */
const setStatus = (fields: Fields, status: number, structure: 'fixed' | 'variable'): void => {
  fields.status = status;
  const said: string[] = [];
  if (structure === 'variable') {
    if ((status & 3) === 1) said.push('Application Busy');
    if ((status & 3) === 2) said.push('Application Error');
  } else fields.c_stored = status & 2 ? 'At fixed date' : 'Actual';
  if (status & 4) said.push('Power Low');
  if (status & 8) said.push('Permanent Error');
  if (status & 16) said.push('Temporary Error');
  said.forEach((text, index) => {
    fields[`errors_${index}`] = text;
  });
  fields.power_low = (status & 4) !== 0;
  fields.permanent_error = (status & 8) !== 0;
  fields.temporary_error = (status & 16) !== 0;
};

/** CI 72: identification, manufacturer, version, medium, access number, status, signature. */
export const readVariableHead = (cursor: Cursor, fields: Fields): void => {
  fields.fixed = false;
  fields.id = readBcd(readBytes(cursor, 4));
  const maker = readU16Le(cursor);
  fields.man_id = String.fromCharCode(64 + ((maker >> 10) & 31), 64 + ((maker >> 5) & 31), 64 + (maker & 31));
  fields.version = readU8(cursor);
  const medium = readU8(cursor);
  fields.device_code = medium;
  fields.device_type = mediumName(medium);
  fields.access_n = readU8(cursor);
  setStatus(fields, readU8(cursor), 'variable');
  readU16Le(cursor);
};

const fixedUnits = [
  'Wh',
  'kWh',
  'MWh',
  'kJ',
  'MJ',
  'GJ',
  'W',
  'kW',
  'MW',
  'kJ/h',
  'MJ/h',
  'GJ/h',
  'ml',
  'l',
  'm³',
  'ml/h',
  'l/h',
  'm³/h',
];

export interface FixedCounter {
  readonly value: number | null;
  readonly unit: string;
  readonly storage: number;
}

const fixedUnit = (code: number): readonly [unit: string, factor: number] => {
  if (code < 2) return [code === 0 ? 'h,m,s' : 'D,M,Y', 1];
  if (code < 0x38) return [fixedUnits[Math.floor((code - 2) / 3)] ?? '', 10 ** ((code - 2) % 3)];
  if (code === 0x38) return ['°C', 0.001];
  return [code === 0x39 ? 'Units for H.C.A.' : 'Reserved', 1];
};

const times = (value: number | null, factor: number): number | null => {
  if (value === null) return null;
  return factor < 1 ? value / Math.round(1 / factor) : value * factor;
};

const SAME_BUT_STORED = 0x3e;
const NO_UNIT = 0x3f;

/** CI 73, the fixed structure of EN 1434-3: two counters of four bytes, BCD or binary as the status says. */
export const readFixed = (cursor: Cursor, fields: Fields): readonly FixedCounter[] => {
  fields.fixed = true;
  fields.id = readBcd(readBytes(cursor, 4));
  fields.access_n = readU8(cursor);
  const status = readU8(cursor);
  setStatus(fields, status, 'fixed');
  const [first, second] = [readU8(cursor), readU8(cursor)];
  const medium = (first >> 6) | ((second >> 4) & 0x0c);
  fields.device_code = medium;
  const place = fixedMedia[medium];
  fields.device_type = place === undefined ? 'Reserved' : mediumName(place);
  const counter = (): number | null => {
    const bytes = readBytes(cursor, 4);
    return status & 1 ? new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true) : readBcd(bytes);
  };
  const [unit, factor] = fixedUnit(first & 0x3f);
  const one: FixedCounter = { value: times(counter(), factor), unit, storage: 0 };
  const code = second & 0x3f;
  const raw = counter();
  if (code === SAME_BUT_STORED) return [one, { value: times(raw, factor), unit, storage: 1 }];
  if (code === NO_UNIT) return [one, { value: raw, unit: '', storage: 0 }];
  const [otherUnit, otherFactor] = fixedUnit(code);
  return [one, { value: times(raw, otherFactor), unit: otherUnit, storage: 0 }];
};
