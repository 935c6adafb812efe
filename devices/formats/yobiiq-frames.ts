import { type EpochMs, PLAUSIBLE_TIME } from '../../model/time.ts';
import type { Codec, CodecInput, CodecResult, DecodedRecord } from '../codec.ts';
import { type Cursor, cursorAt, payloadError, readU8, readU16Be, readU32Be, remaining } from './byte-reader.ts';
import type { Fields } from './part.ts';
import { type Place, type Register, type Registers, readRegister } from './yobiiq-registers.ts';

// Frames of Yobiiq devices: registers of channel u8, type u8 and value; what a type means depends on the fPort.
// A single byte answers a downlink; fPort 0 carries MAC commands.
// After the manufacturer's codecs in chirpstack/chirpstack-device-profiles (vendors/yobiiq) and thingsboard/data-converters.

export interface YobiiqPort {
  readonly from: number;
  readonly to?: number;
  readonly registers: Registers;
  /** Channels that the port may carry; absent: any. */
  readonly channel?: (channel: number) => boolean;
  /** The field with the time of the values, in s since 1970. */
  readonly timeField?: string;
  /** Values with times of their own behind the time of the frame. */
  readonly historic?: boolean;
}

export interface YobiiqFormat {
  readonly ports: readonly YobiiqPort[];
  readonly answers: { readonly mac: string; readonly succeeded: string; readonly failed: string };
  /** Refuses a frame as soon as something in it is unknown, as the model's own codec does. */
  readonly strict?: boolean;
}

export const yobiiqCodec = (format: YobiiqFormat): Codec => ({
  decodeUplink(input) {
    const { fPort, bytes } = input;
    if (fPort === 0) return { records: [{ fields: { mac: format.answers.mac } }], warnings: [] };
    const port = format.ports.find(({ from, to = from }) => fPort >= from && fPort <= to);
    if (!port) throw payloadError(`Nothing is known of fPort ${fPort}`);
    if (bytes.length === 0) throw payloadError('The frame is empty');
    if (bytes.length === 1) return answer(bytes[0] ?? 0, format);
    return port.historic ? decodeHistory(input, port) : decodeRegisters(input, port, format.strict ?? false);
  },
});

const answer = (code: number, { answers }: YobiiqFormat): CodecResult => {
  if (code === 0) return { records: [{ fields: { info: answers.succeeded } }], warnings: [] };
  if (code === 1) return { records: [{ fields: { warning: answers.failed } }], warnings: [] };
  throw payloadError(`A downlink is answered by 0 or 1, not ${code}`);
};

/** The register that stands next, or in words why there is none. */
const nextRegister = (cursor: Cursor, port: YobiiqPort): { channel: number; register: Register | string } => {
  const { at } = cursor;
  const channel = readU8(cursor);
  if (port.channel && !port.channel(channel))
    return { channel, register: `Unknown channel ${hex(channel)} at offset ${at}` };
  const type = readU8(cursor);
  const register = port.registers[channel * 256 + type] ?? port.registers[type];
  return { channel, register: register ?? `Unknown type ${hex(type)} at offset ${at + 1}` };
};

const hex = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;

const decodeRegisters = ({ bytes }: CodecInput, port: YobiiqPort, strict: boolean): CodecResult => {
  const cursor = cursorAt(bytes);
  const fields: Fields = {};
  const dated: DecodedRecord[] = [];
  const warnings: string[] = [];
  const keep: Place['dated'] = (time, values) => dated.push({ time: time * 1000, fields: values });
  while (remaining(cursor) > 0) {
    const { channel, register } = nextRegister(cursor, port);
    if (typeof register === 'string') {
      if (strict || Object.keys(fields).length === 0) throw payloadError(register);
      warnings.push(`${register}; the rest is left out`);
      break;
    }
    readRegister(cursor, register, { channel, fields, dated: keep });
  }
  const time = port.timeField === undefined ? undefined : timeOf(fields[port.timeField]);
  return { records: [{ ...(time !== undefined && { time }), fields }, ...dated], warnings };
};

/** A clock that was never set tells nothing: then the time of reception counts. */
const timeOf = (seconds: Fields[string] | undefined): EpochMs | undefined => {
  if (typeof seconds !== 'number') return undefined;
  const time = seconds * 1000;
  return time >= PLAUSIBLE_TIME.min && time <= PLAUSIBLE_TIME.max ? time : undefined;
};

/** Channel and type of the frame's time, the time, then per value channel, type, seconds before that time, value. */
const decodeHistory = ({ bytes }: CodecInput, port: YobiiqPort): CodecResult => {
  const cursor = cursorAt(bytes, 2);
  const sentAt = readU32Be(cursor);
  const records: DecodedRecord[] = [{ fields: { package_timestamp: sentAt } }];
  const keep: Place['dated'] = (time, values) => records.push({ time: time * 1000, fields: values });
  while (remaining(cursor) > 0) {
    const { channel, register } = nextRegister(cursor, port);
    if (typeof register === 'string') throw payloadError(register);
    const time = (sentAt - readU16Be(cursor)) * 1000;
    const fields: Fields = {};
    readRegister(cursor, register, { channel, fields, dated: keep });
    if (Object.keys(fields).length > 0) records.push({ time, fields });
  }
  return { records, warnings: [] };
};
