import type { Codec, CodecInput } from '../../codec.ts';
import {
  cursorAt,
  payloadError,
  readBytes,
  readU8,
  readU16Le,
  readU32Le,
  remaining,
} from '../../formats/byte-reader.ts';
import { readBcd, scaled } from '../../formats/mbus-records.ts';
import { meaningOf } from '../../formats/mbus-vif.ts';
import type { Fields } from '../../formats/part.ts';

/**
 * GWFcoder radio module RCM-LRW10: 18 bytes, in newer modules with a checksum of two behind. Layout:
 * akenza-io/device-type-library (MIT); flags and battery as ELEMENT IoT's parser reads GWF's documents: from the lowest
 * bit, as EN 13757-3 has them (akenza-io counts them from the highest).
 */
const media: Readonly<Record<number, string>> = { 3: 'GAS', 6: 'WARM_WATER', 7: 'WATER' };
const applicationErrors = ['NO_ERROR', 'APPLICATION_BUSY', 'ANY_APPLICATION_ERROR', 'RESERVED'];

const FRAME = 18;
const CHECKSUM = 2;

/** Status of EN 13757-3, table 5, with three errors between module and meter. Answers whether there is no reading. */
const readState = (state: number, type: number, fields: Fields): boolean => {
  const application = state & 0x03;
  fields.app_error = applicationErrors[application] ?? '';
  fields.battery_power_low = (state & 0x04) !== 0;
  fields.permant_error = (state & 0x08) !== 0;
  fields.temporary_error = (state & 0x10) !== 0;
  fields.command_error1 = (state & 0x20) !== 0;
  fields.command_error2 = (state & 0x40) !== 0;
  fields.command_error3 = (state & 0x80) !== 0;
  return application === 1 || application === 2 || (type === 1 && (state & 0x10) !== 0);
};

const readFunctions = (functions: number, fields: Fields): void => {
  fields.continuous_flow = (functions & 0x02) !== 0;
  fields.broken_pipe = (functions & 0x08) !== 0;
  fields.battery_low = (functions & 0x20) !== 0;
  fields.backflow = (functions & 0x40) !== 0;
  fields.no_usage = (functions & 0x80) !== 0;
};

/** Half years left in the upper five bits, which akenza-io reads in the opposite order. */
const readBattery = (battery: number, fields: Fields): void => {
  const halfYears = battery >> 3;
  let reversed = 0;
  for (let bit = 0; bit < 5; bit++) if (halfYears & (1 << bit)) reversed |= 0x10 >> bit;
  fields.battery_remaining_months = halfYears * 6;
  fields.battery_lifetime = reversed * 6;
  fields.lora_link_error = (battery & 0x04) !== 0;
};

const volumeOf = (vif: number, raw: number): number => {
  const { quantity, unit, exponent } = meaningOf([vif]).meaning;
  if (quantity !== 'volume' || unit !== 'm3') throw payloadError(`VIF ${vif} is no volume`);
  return scaled(raw, exponent);
};

const lastVolumeOf = (state: unknown): number | undefined => {
  if (typeof state !== 'object' || state === null || !('lastVolume' in state)) return undefined;
  return typeof state.lastVolume === 'number' ? state.lastVolume : undefined;
};

/** Since the last reading; 0 at the first one and where the meter was exchanged. */
const increaseOf = (volume: number, last: number | undefined): number =>
  last === undefined || last > volume ? 0 : Math.round((volume - last) * 1e6) / 1e6;

const decode = ({ bytes, state }: CodecInput): { fields: Fields; volume: number | undefined } => {
  if (bytes.length !== FRAME && bytes.length !== FRAME + CHECKSUM) {
    throw payloadError(`A GWFcoder frame has ${FRAME} or ${FRAME + CHECKSUM} bytes, not ${bytes.length}`);
  }
  const cursor = cursorAt(bytes);
  const type = readU8(cursor);
  if (type !== 1 && type !== 2) throw payloadError(`GWFcoder has no protocol type ${type}`);
  const fields: Fields = { protocol_type: type, manufacturer_id: readU16Le(cursor) };
  fields.meter_id = readBcd(readBytes(cursor, 4));
  const medium = readU8(cursor);
  fields.meter_medium = media[medium] ?? `unknown (${medium})`;
  const isInvalid = readState(readU8(cursor), type, fields);
  fields.actuality_duration = readU16Le(cursor);
  const volume = volumeOf(readU8(cursor), readU32Le(cursor));
  fields.volume = isInvalid ? null : volume;
  fields.relative_volume = isInvalid ? null : increaseOf(volume, lastVolumeOf(state));
  readFunctions(readU8(cursor), fields);
  readBattery(readU8(cursor), fields);
  if (remaining(cursor) > 0) fields.checksum = readBytes(cursor, CHECKSUM).toHex();
  return { fields, volume: isInvalid ? undefined : volume };
};

export const codec: Codec = {
  decodeUplink(input) {
    const { fields, volume } = decode(input);
    const state = volume === undefined ? input.state : { lastVolume: volume };
    return { records: [{ fields }], warnings: [], ...(state !== undefined && { state }) };
  },
};
