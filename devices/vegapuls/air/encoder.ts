import type { FieldValue, UplinkEncoder } from '../../codec.ts';
import { payloadError } from '../../formats/byte-reader.ts';
import { type Bytes, writeF32Be } from '../../formats/byte-writer.ts';
import { writePart } from '../../formats/part.ts';
import { CELSIUS, distanceUnits, packets, type Segment, segments } from './format.ts';

type Given = Readonly<Record<string, FieldValue>>;

/** The packet that `packet` names; without it the plain measurement, 8 while all is good and 2 otherwise. */
export const encoder: UplinkEncoder = {
  encodeUplink(fields) {
    const packet = Number(fields.packet ?? (fields.namur_state === 'good' ? 8 : 2));
    const layout = packets.get(packet);
    if (!layout) throw payloadError(`Unknown packet ${packet}`);
    const out: Bytes = [packet];
    for (const segment of layout) writeSegment(out, segment, fields);
    return { fPort: 1, bytes: Uint8Array.from(out) };
  },
};

const writeSegment = (out: Bytes, segment: Segment, fields: Given): void => {
  if (segment === 'distance') writeDistance(out, fields);
  else if (segment === 'position') for (const field of ['latitude', 'longitude']) writePosition(out, fields[field]);
  else if (segment === 'temperatureUnit') out.push(CELSIUS);
  else for (const part of segments[segment]) writePart(out, part, fields);
};

const writeDistance = (out: Bytes, { distance = null, distance_unit = 'm' }: Given): void => {
  const [code, unit] = Object.entries(distanceUnits).find(([, { symbol }]) => symbol === distance_unit) ?? [];
  if (!unit) throw payloadError(`Unknown unit of distance "${distance_unit}"`);
  writeF32Be(out, distance === null ? Number.NaN : Number(distance) / unit.metres);
  out.push(Number(code));
};

const writePosition = (out: Bytes, degrees: FieldValue | undefined): void => {
  if (typeof degrees === 'number') writeF32Be(out, degrees);
  else out.push(degrees === null ? 0x7f : 0xff, 0xff, 0xff, 0xff);
};
