import { type Cursor, payloadError, readBytes, readU8, remaining } from './byte-reader.ts';
import { extensionOf, type MbusMeaning, meaningOf } from './mbus-vif.ts';

/**
 * Data records of M-Bus, wired and wireless (EN 13757-3:2018): DIF with its extensions says how a value is coded and
 * which one of its kind it is, VIF with its extensions what it is. Elvaco, Landis+Gyr, ACRIOS, NAS and others send them.
 */
export interface MbusRecord {
  readonly quantity: string;
  /** UCUM, of the value as it stands here. */
  readonly unit?: string;
  readonly kind: MbusMeaning['kind'];
  /** Dates as local time without zone; texts and what is longer than a number as text; null: no valid value. */
  readonly value: number | string | null;
  readonly function: 'instantaneous' | 'maximum' | 'minimum' | 'error';
  /** 0 is the present value. */
  readonly storage: number;
  readonly tariff: number;
  readonly subunit: number;
  readonly extensions: readonly string[];
  readonly dif: readonly number[];
  readonly vif: readonly number[];
  /** The bytes of the value. */
  readonly data: Uint8Array;
}

export interface MbusContent {
  readonly records: readonly MbusRecord[];
  /** What stands behind DIF 0F or 1F. */
  readonly manufacturerData?: Uint8Array;
  /** DIF 1F: the rest comes with the next telegram. */
  readonly hasMore: boolean;
}

const functions = ['instantaneous', 'maximum', 'minimum', 'error'] as const;
/** Bytes of a value by the low half of its DIF; -1: a length byte follows. */
const sizes = [0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, -1, 6, 0] as const;

/** Extensions of a DIF or VIF that a telegram may have (clauses 6.2 and 6.3). */
const LONGEST_CHAIN = 11;

/** All records up to the end of the frame. Throws HUB_CODEC_PAYLOAD where it ends within one. */
export const readMbusRecords = (cursor: Cursor): MbusContent => {
  const records: MbusRecord[] = [];
  while (remaining(cursor) > 0) {
    const dif = cursor.bytes[cursor.at] ?? 0;
    if (dif === 0x2f) cursor.at++;
    else if ((dif & 0x0f) === 0x0f) {
      cursor.at++;
      if (dif !== 0x0f && dif !== 0x1f) throw payloadError(`DIF ${dif.toString(16)} is reserved`);
      return { records, manufacturerData: readBytes(cursor, remaining(cursor)), hasMore: dif === 0x1f };
    } else records.push(readRecord(cursor));
  }
  return { records, hasMore: false };
};

const readChain = (cursor: Cursor): number[] => {
  const chain: number[] = [];
  let byte: number;
  do {
    byte = readU8(cursor);
    chain.push(byte);
    if (chain.length > LONGEST_CHAIN) throw payloadError('A DIF or VIF has more than ten extensions');
  } while (byte & 0x80);
  return chain;
};

const noNames: readonly string[] = [];

const readRecord = (cursor: Cursor): MbusRecord => {
  const dif = readChain(cursor);
  const vif = readChain(cursor);
  const plainText = ((vif[0] ?? 0) & 0x7f) === 0x7c ? reversedText(readBytes(cursor, readU8(cursor))) : undefined;
  const { meaning, extensions: codes } = meaningOf(vif);
  let extensions = noNames;
  let { exponent } = meaning;
  for (const code of codes) {
    const extension = extensionOf(code);
    exponent += extension.exponent;
    if (extension.name !== undefined) extensions = [...extensions, extension.name];
  }
  const { data, value } = readValue(cursor, dif[0] ?? 0, meaning.kind);
  const { storage, tariff, subunit } = placeOf(dif);
  const record = {
    quantity: plainText === undefined ? meaning.quantity : 'plain_text',
    kind: meaning.kind,
    value: typeof value === 'number' ? scaled(value, exponent) : value,
    function: functions[((dif[0] ?? 0) >> 4) & 3] ?? 'instantaneous',
    storage,
    tariff,
    subunit,
    extensions,
    dif,
    vif,
    data,
  };
  const unit = plainText ?? meaning.unit;
  return unit === undefined ? record : Object.assign(record, { unit });
};

/** Storage, tariff and subunit are put together from the extensions, lowest bits first. */
const placeOf = (dif: readonly number[]): { storage: number; tariff: number; subunit: number } => {
  let storage = ((dif[0] ?? 0) >> 6) & 1;
  let tariff = 0;
  let subunit = 0;
  for (let index = 1; index < dif.length; index++) {
    const extension = dif[index] ?? 0;
    storage += (extension & 0x0f) * 2 ** (4 * index - 3);
    tariff += ((extension >> 4) & 3) * 4 ** (index - 1);
    subunit += ((extension >> 6) & 1) * 2 ** (index - 1);
  }
  return { storage, tariff, subunit };
};

/** Divides by a power of ten rather than multiplies by its inverse: 306 * 0.1 would not be 30.6. */
export const scaled = (value: number, exponent: number): number =>
  exponent < 0 ? value / 10 ** -exponent : value * 10 ** exponent;

const readValue = (
  cursor: Cursor,
  dif: number,
  kind: MbusMeaning['kind'],
): { data: Uint8Array; value: MbusRecord['value'] } => {
  const coding = dif & 0x0f;
  const size = sizes[coding] ?? 0;
  if (size === -1) return readVariable(cursor);
  const data = readBytes(cursor, size);
  if (size === 0) return { data, value: null };
  if (kind === 'date' || kind === 'date_time') return { data, value: readDate(data) };
  if (kind === 'flags') return { data, value: unsigned(data) };
  if (coding >= 9) return { data, value: readBcd(data) };
  return { data, value: coding === 5 ? readFloat(data) : readInteger(data) };
};

/** Length codes of clause 6.3.4, table 5: text, BCD of either sign, binary. */
const readVariable = (cursor: Cursor): { data: Uint8Array; value: MbusRecord['value'] } => {
  const length = readU8(cursor);
  if (length >= 0xf0) throw payloadError(`Values of length code ${length.toString(16)} are reserved`);
  const data = readBytes(cursor, length < 0xc0 ? length : length & 0x0f);
  if (length < 0xc0) return { data, value: reversedText(data) };
  if (length >= 0xe0) return { data, value: data.toReversed().toHex() };
  const value = readBcd(data);
  return { data, value: value !== null && length >= 0xd0 ? -value : value };
};

/** ISO 8859-1, last character first. */
const reversedText = (bytes: Uint8Array): string => {
  let text = '';
  for (let index = bytes.length - 1; index >= 0; index--) {
    const code = bytes[index] ?? 0;
    text += code >= 0x20 && (code < 0x7f || code >= 0xa0) ? String.fromCharCode(code) : '?';
  }
  return text;
};

/** Type A: two digits a byte, lowest first; F as the highest digit is a minus; other letters: no valid value. */
export const readBcd = (data: Uint8Array): number | null => {
  let value = 0;
  let sign = 1;
  for (let index = data.length - 1; index >= 0; index--) {
    const byte = data[index] ?? 0;
    let high = byte >> 4;
    if (index === data.length - 1 && high === 0x0f) {
      sign = -1;
      high = 0;
    }
    const low = byte & 0x0f;
    if (high > 9 || low > 9) return null;
    value = value * 100 + high * 10 + low;
  }
  return value === 0 ? 0 : value * sign;
};

const unsigned = (data: Uint8Array): number => {
  let value = 0;
  for (let index = data.length - 1; index >= 0; index--) value = value * 256 + (data[index] ?? 0);
  return value;
};

/** Type B: two's complement; the lowest value of all says that there is none. */
const readInteger = (data: Uint8Array): number | null => {
  const value = unsigned(data);
  const span = 2 ** (8 * data.length);
  if (value === span / 2) return null;
  return value > span / 2 ? value - span : value;
};

const bits = new DataView(new ArrayBuffer(4));

/** Type H: IEEE 754 binary32. */
const readFloat = (data: Uint8Array): number | null => {
  for (let index = 0; index < 4; index++) bits.setUint8(index, data[index] ?? 0);
  const value = bits.getFloat32(0, true);
  return Number.isFinite(value) ? value : null;
};

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Types G (2 bytes), F (4) and I (6): 2022-12-31 or 2023-10-01T23:57, local time of the meter; null where invalid. */
const readDate = (data: Uint8Array): string | null => {
  const { length } = data;
  if (length !== 2 && length !== 4 && length !== 6) return null;
  const start = length === 6 ? 1 : 0;
  const dayAt = length === 2 ? 0 : start + 2;
  const [low = 0, high = 0] = data.subarray(dayAt, dayAt + 2);
  const [day, month] = [low & 0x1f, high & 0x0f];
  const year = (low >> 5) | ((high & 0xf0) >> 1);
  if (day === 0 || month === 0 || month > 12 || year > 99) return null;
  const date = `${2000 + year}-${twoDigits(month)}-${twoDigits(day)}`;
  if (length === 2) return date;
  const [minute = 0, hour = 0] = data.subarray(start, start + 2);
  if (minute & 0x80 || (minute & 0x3f) > 59 || (hour & 0x1f) > 23) return null;
  return `${date}T${twoDigits(hour & 0x1f)}:${twoDigits(minute & 0x3f)}`;
};
