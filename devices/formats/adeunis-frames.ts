import { type Cursor, payloadError, readBytes, readU8, readU16Be, readU32Be } from './byte-reader.ts';
import type { Fields } from './part.ts';

// What the frames of Adeunis devices have in common: code u8, status u8 (bits 5..7 frame counter, 2 a time stamp ends
// the frame, 1 battery low, 0 configured), then by code. Big endian.
// After the manufacturer's codec library as types/adeunis of akenza-io/device-type-library carries it.

/** Frames that several models share, by code. */
export type Frames = Readonly<Record<number, (cursor: Cursor, fields: Fields) => void>>;

/** 2013-01-01 in s since 1970: what Adeunis devices count from. */
const EPOCH_2013_S = 1_356_998_400;

export interface Status {
  readonly code: number;
  readonly hasTime: boolean;
}

export const readStatus = (cursor: Cursor, fields: Fields): Status => {
  const code = readU8(cursor);
  const status = readU8(cursor);
  const hasTime = (status & 0x04) !== 0;
  fields.frame_counter = status >> 5;
  fields.low_battery = (status & 0x02) !== 0;
  fields.configuration_done = (status & 0x01) !== 0;
  fields.timestamp = hasTime;
  return { code, hasTime };
};

/** The device's own clock, of which nobody says whether it shows local time: text without a zone. */
export const readFrameTime = (cursor: Cursor, fields: Fields): void => {
  const seconds = readU32Be(cursor) + EPOCH_2013_S;
  fields.frame_time = new Date(seconds * 1000).toISOString().replace('Z', '');
};

const setResults = [
  'success',
  'successNoUpdate',
  'errorCoherency',
  'errorInvalidRegister',
  'errorInvalidValue',
  'errorTruncatedValue',
  'errorAccesNotAllowed',
];

const acknowledgements = ['success', 'errorGeneric', 'errorWrongState', 'errorInvalidRequest'];

const resultOf = (results: readonly string[], code: number): string => results[code - 1] ?? 'errorOtherReason';

export const commonFrames: Frames = {
  32: (cursor, fields) => {
    const flags = readU8(cursor);
    fields.lora_adr = (flags & 0x01) !== 0;
    fields.lora_dutycyle = (flags & 0x04) !== 0 ? 'activated' : 'deactivated';
    fields.lora_class_mode = (flags & 0x20) !== 0 ? 'CLASS C' : 'CLASS A';
    fields.lora_provisioning_mode = readU8(cursor) === 0 ? 'ABP' : 'OTAA';
  },
  47: (cursor, fields) => {
    fields.downlink_framecode = `0x${readU8(cursor).toString(16)}`;
    fields.request_status = resultOf(acknowledgements, readU8(cursor));
  },
  // Values of registers; which ones, only the request says.
  49: (cursor, fields) => {
    fields.registers = readBytes(cursor, cursor.bytes.length - cursor.at).toHex();
  },
  51: (cursor, fields) => {
    fields.request_status = resultOf(setResults, readU8(cursor));
    fields.register_id = readU16Be(cursor);
  },
  54: (cursor, fields) => {
    const code = readU8(cursor);
    const alert = ['normalState', 'uplinkDownlinkForbidden'][code];
    if (alert === undefined) throw payloadError(`No alert code ${code}`);
    fields.alert_code = alert;
  },
  55: (cursor, fields) => {
    fields.app_version = readBytes(cursor, 3).join('.');
    fields.rtu_version = readBytes(cursor, 3).join('.');
  },
};
