import { z } from 'zod';

export interface BoundingBox {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

const HINT = 'write west,south,east,north in degrees, e.g. 10.1,54.2,10.4,54.5';

/** For the description of the API: the order of south and north it cannot say. */
const FRACTION = '(?:\\.[0-9]{1,12})?';
const LONGITUDE = `-?(?:180|(?:1[0-7][0-9]|[1-9]?[0-9])${FRACTION})`;
const CORNER = `${LONGITUDE},-?(?:90|[1-8]?[0-9]${FRACTION})`;
const PATTERN = `^${CORNER},${CORNER}$`;

/** `west,south,east,north` as in RFC 7946 §5; west may lie beyond east across the antimeridian. */
export const bboxQuery = z
  .string()
  .max(200)
  .meta({ pattern: PATTERN })
  .transform((text, context): BoundingBox => {
    const [west, south, east, north, ...rest] = text
      .split(',')
      .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
    const isBox =
      rest.length === 0 &&
      west !== undefined &&
      south !== undefined &&
      east !== undefined &&
      north !== undefined &&
      Math.abs(west) <= 180 &&
      Math.abs(east) <= 180 &&
      south >= -90 &&
      north <= 90 &&
      south <= north;
    if (isBox) return { west, south, east, north };
    context.addIssue({ code: 'custom', message: HINT });
    return z.NEVER;
  })
  .meta({ description: 'Bounding box: west,south,east,north (WGS 84)', examples: ['10.1,54.2,10.4,54.5'] });

export const isWithin = ([longitude, latitude]: readonly [number, number], box: BoundingBox): boolean => {
  const inLongitude =
    box.west <= box.east
      ? box.west <= longitude && longitude <= box.east
      : longitude >= box.west || longitude <= box.east;
  return inLongitude && box.south <= latitude && latitude <= box.north;
};
