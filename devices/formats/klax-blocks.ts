import {
  type Cursor,
  payloadError,
  readBytes,
  readF32Be,
  readS16Be,
  readS32Be,
  readU8,
  readU16Be,
  readU32Be,
} from './byte-reader.ts';
import type { Fields } from './part.ts';

/**
 * The blocks of a KLAX reading (fPort 3): maker's payload description, and the decoders of TheThingsNetwork/lorawan-devices
 * (vendor/alpha-omega-technology) and akenza-io/device-type-library, which differ in the order of bits of block 2; the
 * former agrees with the description.
 */
export interface KlaxReading {
  /** What the frame says now. */
  readonly fields: Fields;
  /** Readings one, two and three measurement intervals earlier. */
  readonly earlier: readonly [Fields, Fields, Fields];
}

const unitNames = ['NDEF', 'Wh', 'W', 'V', 'A', 'HZ', 'VARH', 'VAR', 'VAH', 'VA'];
/** Endings of the fields that carry a quantity; a register without a unit ends in `value`. */
const unitEndings = ['value', 'wh', 'w', 'v', 'a', 'hz', 'varh', 'var', 'vah', 'va'];

const unitName = (unit: number): string => unitNames[unit] ?? 'UNDEFINED';

/** NaN and infinity are a register that could not be read. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const AGES = [0, 1, 2, 3] as const;

/** The fields of one register; put together once, not for every frame. */
const namesOf = (register: number) => ({
  unit: `register_${register}_filter_position_unit`,
  active: `register_${register}_filter_position_active`,
  type: `register_${register}_filter_type`,
  set: `register_${register}_filter_set`,
  valid: `register_${register}_filter_valid`,
  raw: `register_${register}_raw`,
  /** By age in intervals. */
  points: AGES.map((age) => `register_${register}_data_point${age || ''}`),
  pointsValid: AGES.map((age) => `register_${register}_data_point${age || ''}_valid`),
  /** By unit. */
  quantities: unitEndings.map((ending) => `register_${register}_${ending}`),
});
type Register = ReturnType<typeof namesOf>;
const firstRegister = namesOf(1);
const registers: readonly Register[] = [firstRegister, namesOf(2), namesOf(3), namesOf(4)];
/** By the two bits that blocks give it. */
const registerOf = (number: number): Register => registers[number & 3] ?? firstRegister;

interface Point {
  readonly register: Register;
  /** Number of the unit. */
  readonly unit: number;
  /** How many intervals ago. */
  readonly age: 0 | 1 | 2 | 3;
  readonly value: number | null;
}

const setPoint = ({ fields, earlier }: KlaxReading, { register, unit, age, value }: Point): void => {
  const [point, quantity] = [register.points[age], register.quantities[unit] ?? register.quantities[0]];
  if (point === undefined || quantity === undefined) return;
  fields[point] = value;
  (age === 0 ? fields : earlier[(age - 1) as 0 | 1 | 2])[quantity] = value;
};

interface Filter {
  readonly register: Register;
  readonly unit: number;
  readonly validBits: number;
  readonly read: (cursor: Cursor) => number;
}

/** Four values of one register, the newest first. A value without its valid bit is none. */
const readPoints = (cursor: Cursor, reading: KlaxReading, { register, unit, validBits, read }: Filter): void => {
  for (const age of AGES) {
    const value = read(cursor);
    const valid = (validBits >> age) & 1;
    const name = register.pointsValid[age];
    if (name !== undefined) reading.fields[name] = valid === 1;
    if (valid) setPoint(reading, { register, unit, age, value: finite(value) });
  }
};

/** 1: unit nibble, reserved bit, register 2 bits, active bit; reserved nibble, valid nibble; float32. */
const readFilter = (cursor: Cursor, reading: KlaxReading): void => {
  const head = readU8(cursor);
  const register = registerOf(head >> 1);
  reading.fields[register.unit] = unitName(head >> 4);
  reading.fields[register.active] = (head & 1) === 1;
  readPoints(cursor, reading, { register, unit: head >> 4, validBits: readU8(cursor) & 15, read: readF32Be });
};

/** 1 in payload version 0: two registers, four signed integers each. */
const readHistoric = (cursor: Cursor, reading: KlaxReading): void => {
  const mask = readU8(cursor);
  const units = readU8(cursor);
  for (const half of [0, 1]) {
    const head = (mask >> (half * 4)) & 15;
    const unit = (units >> (half * 4)) & 15;
    const register = registerOf(head >> 1);
    if ((head & 1) === 0) {
      readBytes(cursor, 16);
      continue;
    }
    reading.fields[register.unit] = unitName(unit);
    reading.fields[register.active] = true;
    readPoints(cursor, reading, { register, unit, validBits: head & 8 ? 15 : 0, read: readS32Be });
  }
};

const setStatus = (fields: Fields, status: number): void => {
  for (const index of AGES) {
    const { set, valid } = registerOf(index);
    fields[set] = ((status >> index) & 1) === 1;
    fields[valid] = ((status >> (index + 4)) & 1) === 1;
  }
};

const bits = new DataView(new ArrayBuffer(8));
const floatOf = (raw: number): number => {
  bits.setUint32(0, raw);
  return bits.getFloat32(0);
};

/** 2: what four registers say now; set and valid bits, unit nibbles, four values. */
const readNow = (cursor: Cursor, reading: KlaxReading, version: number): void => {
  const status = readU8(cursor);
  setStatus(reading.fields, status);
  const units = readU8(cursor) | (readU8(cursor) << 8);
  for (const index of AGES) {
    const register = registerOf(index);
    const unit = (units >> (index * 4)) & 15;
    const raw = readU32Be(cursor);
    reading.fields[register.unit] = unitName(unit);
    if (((status >> (index + 4)) & 1) === 0) continue;
    reading.fields[register.raw] = raw;
    const value = version === 0 ? raw | 0 : finite(floatOf(raw));
    setPoint(reading, { register, unit, age: 0, value });
  }
};

const readF64Be = (cursor: Cursor): number => {
  bits.setUint32(0, readU32Be(cursor));
  bits.setUint32(4, readU32Be(cursor));
  return bits.getFloat64(0);
};

/** Types of a Modbus register, by their numbers. */
export const modbusTypes = ['DOUBLE', 'INT16', 'UINT16', 'INT32', 'UINT32', 'FLOAT'];
const modbusReaders = [readF64Be, readS16Be, readU16Be, readS32Be, readU32Be, readF32Be];
const modbusSizes = [8, 2, 2, 4, 4, 4];

/** 4, 5 and 6: four values of one Modbus register of two, four or eight bytes. */
const readModbusFilter = (cursor: Cursor, reading: KlaxReading, size: number): void => {
  const head = readU8(cursor);
  const type = head >> 4;
  const register = registerOf(head >> 1);
  const read = modbusReaders[type];
  if (!read || modbusSizes[type] !== size) throw payloadError(`KLAX register type ${type} does not have ${size} bytes`);
  reading.fields[register.type] = modbusTypes[type] ?? null;
  reading.fields[register.active] = (head & 1) === 1;
  readPoints(cursor, reading, { register, unit: 0, validBits: readU8(cursor) & 15, read });
};

/** Reads one block; false where its number is not known, and with it not how long it is. */
export const readKlaxBlock = (cursor: Cursor, reading: KlaxReading, version: number): boolean => {
  const block = readU8(cursor);
  switch (block) {
    case 1:
      if (version === 0) readHistoric(cursor, reading);
      else readFilter(cursor, reading);
      return true;
    case 2:
      readNow(cursor, reading, version);
      return true;
    case 3:
      reading.fields.server_id = readBytes(cursor, 10).toHex();
      return true;
    case 4:
    case 5:
    case 6:
      readModbusFilter(cursor, reading, 2 ** (block - 3));
      return true;
    case 7:
      setStatus(reading.fields, readU8(cursor));
      return true;
    case 8:
      reading.fields.device_id = readU32Be(cursor);
      return true;
    default:
      return false;
  }
};
