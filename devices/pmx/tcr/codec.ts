import type { Codec, CodecInput, CodecResult, Parameters } from '../../codec.ts';
import { type Cursor, cursorAt, payloadError, readBytes, readU8, remaining } from '../../formats/byte-reader.ts';
import { type Fields, type Part, readPart } from '../../formats/part.ts';
import { intervalEnd, intervalEndInZone } from './clock.ts';
import { CONFIGURATION_PORT, categories, counters, IDENTITY_PORT, identity, kinds, settings } from './format.ts';

const counterParts = new Map(
  [...categories].map(([fPort, category]) => [fPort, { category, parts: counters(category) }]),
);

/**
 * One interval comes as five frames, one per category. Each is decoded on its own and stamped with the interval's end,
 * so the five meet at the same phenomenon time however late or in whatever order they arrive.
 */
export const codec: Codec = {
  decodeUplink(input) {
    const cursor = cursorAt(input.bytes);
    const kind = readU8(cursor);
    if (input.fPort === IDENTITY_PORT)
      return kind === kinds.identity ? plain(cursor, identity) : wrongKind(kind, input);
    if (input.fPort === CONFIGURATION_PORT)
      return kind === kinds.configuration ? setting(cursor) : wrongKind(kind, input);
    return kind === kinds.counters ? interval(cursor, input) : wrongKind(kind, input);
  },
};

const wrongKind = (kind: number, { fPort }: CodecInput): CodecResult => ({
  errors: [`A frame of kind 0x${kind.toString(16)} does not belong on fPort ${fPort}`],
});

const readAll = (cursor: Cursor, parts: readonly Part[]): Fields => {
  const fields: Fields = {};
  for (const part of parts) readPart(cursor, part, fields);
  return fields;
};

const surplus = (cursor: Cursor): string[] =>
  remaining(cursor) > 0 ? [`${remaining(cursor)} bytes at the end are not read`] : [];

const plain = (cursor: Cursor, parts: readonly Part[]): CodecResult => ({
  records: [{ fields: readAll(cursor, parts) }],
  warnings: surplus(cursor),
});

const interval = (cursor: Cursor, { fPort, receivedAt, parameters }: CodecInput): CodecResult => {
  const frame = counterParts.get(fPort);
  if (!frame) throw payloadError(`fPort ${fPort} belongs to no category`);
  const fields = readAll(cursor, frame.parts);
  for (const direction of ['ltr', 'rtl']) {
    // The mean speed of no vehicle is sent as 0; it is no speed.
    if (fields[`${frame.category}_${direction}_count`] === 0) fields[`${frame.category}_${direction}_speed`] = null;
  }
  const clock = { hour: Number(fields.interval_end_hour), minute: Number(fields.interval_end_minute) };
  const time = endOf(clock, parameters, receivedAt);
  const warnings = surplus(cursor);
  if (time !== undefined) return { records: [{ time, fields }], warnings };
  const text = `${String(clock.hour).padStart(2, '0')}:${String(clock.minute).padStart(2, '0')}`;
  warnings.push(
    `The interval's end ${text} does not fit the time of reception, which is used instead; check the device's clock and clockZone or utcOffsetMinutes`,
  );
  return { records: [{ fields }], warnings };
};

/** undefined where the clock does not fit, or the zone is none. */
const endOf = (
  clock: { hour: number; minute: number },
  { clockZone, utcOffsetMinutes = 0 }: Parameters,
  receivedAt: number,
): number | undefined => {
  if (clockZone === undefined) {
    const offset = Number(utcOffsetMinutes);
    return Number.isFinite(offset) ? intervalEnd(clock, offset, receivedAt) : undefined;
  }
  try {
    return intervalEndInZone(clock, String(clockZone), receivedAt);
  } catch {
    return undefined;
  }
};

/** The answer to a configuration downlink: which setting, and its value in one or two bytes (a licence key has more). */
const setting = (cursor: Cursor): CodecResult => {
  const key = readU8(cursor);
  const size = remaining(cursor);
  if (size === 0) throw payloadError('The frame ends before the value of the setting');
  const bytes = readBytes(cursor, size);
  const value = size <= 2 ? bytes.reduce((sum, byte) => sum * 256 + byte, 0) : bytes.toHex();
  const field = settings.get(key);
  if (field !== undefined) return { records: [{ fields: { [field]: value } }], warnings: [] };
  const fields = { setting_key: key, setting_value: value };
  return { records: [{ fields }], warnings: [`Unknown setting 0x${key.toString(16).padStart(2, '0')}`] };
};
