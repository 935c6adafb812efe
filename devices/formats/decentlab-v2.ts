import type { Codec, FieldValue, Parameters, UplinkEncoder } from '../codec.ts';
import { type Cursor, cursorAt, payloadError, readU8, readU16Be, remaining } from './byte-reader.ts';
import { type Bytes, writeInteger } from './byte-writer.ts';
import { type Fields, type NumberPart, readPart, writePart } from './part.ts';

/**
 * Decentlab's frames, protocol version 2 (decentlab/decentlab-decoders): big endian; u8 version, u16 device id, u16
 * flags; flag bit n says that sensor block n follows, and each block is a row of 16-bit words. A device whose probe
 * does not answer sends its battery block alone.
 */
export interface DecentlabFormat {
  /** Sensor blocks in the order of their flag bits. */
  readonly blocks: readonly (readonly Word[])[];
}

export type Word = NumberPart & { readonly type: 'u16' };

/** A block of which fields are worked out from several words, by a curve, or with a device's calibration. */
export interface ComputedBlock {
  readonly size: number;
  readonly values: readonly Computed[];
}

export interface Computed {
  readonly field: string;
  /** What is no number (a logarithm below zero, a division by zero) says that the probe failed: the field is null. */
  readonly value: (words: readonly number[], parameters: Parameters) => FieldValue;
}

type Block = readonly Word[] | ComputedBlock;

const VERSION = 2;
const FPORT = 1;
const HALF = 32_768;

/** A word of the range 0 to 65535. */
export const word = (field: string, divisor = 1): Word => ({ field, type: 'u16', divisor });
/** A word with sign: Decentlab sends it moved up by 32768. */
export const signedWord = (field: string, divisor = 1): Word => ({ field, type: 'u16', divisor, offset: HALF });
export const computed = (field: string, value: Computed['value']): Computed => ({ field, value });

/** A calibration of the single device, or what the maker ships. */
export const calibration = (parameters: Parameters, name: string, shipped: number): number => {
  const value = parameters[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : shipped;
};

/** Sensirion SHT3x: temperature in Cel and humidity in %. */
export const sht3x = (temperature: string, humidity: string): ComputedBlock => ({
  size: 2,
  values: [
    computed(temperature, ([raw = 0]) => (175 * raw) / 65535 - 45),
    computed(humidity, ([, raw = 0]) => (100 * raw) / 65535),
  ],
});

/** Sensirion SHT2x: temperature in Cel and humidity in %. */
export const sht2x = (temperature: string, humidity: string): ComputedBlock => ({
  size: 2,
  values: [
    computed(temperature, ([raw = 0]) => (175.72 * raw) / 65536 - 46.85),
    computed(humidity, ([, raw = 0]) => (125 * raw) / 65536 - 6),
  ],
});

/** Two words to one number; Decentlab sends the low word first. */
export const lowFirst = (low = 0, high = 0): number => low + high * 65536;

/** The battery's block, last or first of every model. */
export const batteryBlock: readonly Word[] = [word('battery_voltage', 1000)];

/** The same block with the charge of two alkaline cells: 2 V are empty and 3 V full, as akenza-io/device-type-library derives it. */
export const batteryWithLevel: ComputedBlock = {
  size: 1,
  values: [
    computed('battery_voltage', ([raw = 0]) => raw / 1000),
    computed('battery_level', ([raw = 0]) => Math.min(100, Math.max(0, Math.round((raw / 1000 - 2) * 100)))),
  ],
};

export const decentlabCodec = ({ blocks }: { readonly blocks: readonly Block[] }): Codec => ({
  decodeUplink({ bytes, parameters }) {
    const cursor = cursorAt(bytes);
    const version = readU8(cursor);
    if (version !== VERSION)
      throw payloadError(`Decentlab protocol version ${version}; this codec reads version ${VERSION}`);
    const fields: Fields = { protocol_version: version, device_id: readU16Be(cursor) };
    const flags = readU16Be(cursor);
    for (let index = 0; index < blocks.length; index++) {
      if ((flags & (1 << index)) === 0) continue;
      readBlock(cursor, blocks[index] as Block, { fields, parameters });
    }
    const warnings: string[] = [];
    if (flags >> blocks.length !== 0)
      warnings.push(`The frame has sensor blocks that this model does not know: flags ${flags}`);
    else if (remaining(cursor) > 0) throw payloadError(`${remaining(cursor)} bytes more than the flags announce`);
    return { records: [{ fields }], warnings };
  },
});

const readBlock = (
  cursor: Cursor,
  block: Block,
  { fields, parameters }: { fields: Fields; parameters: Parameters },
): void => {
  if (!('size' in block)) {
    for (const part of block) readPart(cursor, part, fields);
    return;
  }
  const words: number[] = [];
  for (let index = 0; index < block.size; index++) words.push(readU16Be(cursor));
  for (const { field, value } of block.values) {
    const found = value(words, parameters);
    fields[field] = typeof found === 'number' && !Number.isFinite(found) ? null : found;
  }
};

/** Sends each block whose fields are all given. `device_id` is 0 unless given. */
export const decentlabEncoder = ({ blocks }: DecentlabFormat): UplinkEncoder => ({
  encodeUplink(fields) {
    const present = blocks.map((block) => block.every(({ field }) => fields[field] !== undefined));
    const flags = present.reduce((mask, sent, index) => (sent ? mask | (1 << index) : mask), 0);
    const out: Bytes = [VERSION];
    for (const value of [Number(fields.device_id ?? 0), flags]) {
      writeInteger(out, value, { size: 2, signed: false, littleEndian: false });
    }
    blocks.forEach((block, index) => {
      if (present[index]) for (const part of block) writePart(out, part, fields);
    });
    return { fPort: FPORT, bytes: Uint8Array.from(out) };
  },
});
