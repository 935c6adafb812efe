import type { Codec } from '../../codec.ts';
import { type Cursor, cursorAt, payloadError, readF32Be, readU8, remaining } from '../../formats/byte-reader.ts';
import { type Fields, readPart } from '../../formats/part.ts';
import {
  CELSIUS,
  distanceUnits,
  FAHRENHEIT,
  impliesGood,
  KEEP_ALIVE,
  packets,
  type Segment,
  segments,
} from './format.ts';

export const codec: Codec = {
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    const packet = readU8(cursor);
    const fields: Fields = { packet };
    if (packet === KEEP_ALIVE) return { records: [{ fields }], warnings: [] };
    const layout = packets.get(packet);
    if (!layout) throw payloadError(`Unknown packet ${packet}; VEGAPULS Air sends ${[...packets.keys()].join(', ')}`);
    if (impliesGood(packet)) fields.namur_state = 'good';
    for (const segment of layout) readSegment(cursor, segment, fields);
    const warnings = remaining(cursor) > 0 ? [`${remaining(cursor)} bytes at the end are not read`] : [];
    return { records: [{ fields }], warnings };
  },
};

const readSegment = (cursor: Cursor, segment: Segment, fields: Fields): void => {
  if (segment === 'distance') readDistance(cursor, fields);
  else if (segment === 'position') readPosition(cursor, fields);
  else if (segment === 'temperatureUnit') readTemperatureUnit(cursor, fields);
  else for (const part of segments[segment]) readPart(cursor, part, fields);
};

/** Distance in m, whatever unit the display is set to; NaN says that there is no echo. */
const readDistance = (cursor: Cursor, fields: Fields): void => {
  const raw = readF32Be(cursor);
  const code = readU8(cursor);
  const unit = distanceUnits[code];
  if (!unit && Number.isFinite(raw)) throw payloadError(`Unknown unit of distance ${code} at offset ${cursor.at - 1}`);
  fields.distance = unit && Number.isFinite(raw) ? raw * unit.metres : null;
  if (unit) fields.distance_unit = unit.symbol;
};

/** NaN with its sign set: positioning was not tried; without: it failed. */
const readPosition = (cursor: Cursor, fields: Fields): void => {
  for (const field of ['latitude', 'longitude']) {
    const signed = ((cursor.bytes[cursor.at] ?? 0) & 0x80) !== 0;
    const degrees = readF32Be(cursor);
    if (Number.isFinite(degrees)) fields[field] = degrees;
    else if (!signed) fields[field] = null;
  }
};

/** The unit comes after the value; the field is in °C. */
const readTemperatureUnit = (cursor: Cursor, fields: Fields): void => {
  const code = readU8(cursor);
  const { temperature } = fields;
  if (typeof temperature !== 'number' || code === CELSIUS) return;
  if (code !== FAHRENHEIT) throw payloadError(`Unknown unit of temperature ${code} at offset ${cursor.at - 1}`);
  fields.temperature = Math.round(((temperature - 32) * 500) / 9) / 100;
};
