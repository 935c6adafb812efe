/**
 * Well-known text (OGC 06-103r4 §7) as `geography'…'` carries it, to the geometry of GeoJSON and back. In two or three
 * dimensions; a measure (`M`) has no place in GeoJSON.
 */
import type { Position, Shape } from './ast.ts';

/** What is wrong with a text and where, counted from its first character. */
export class WktFault extends Error {
  declare readonly at: number;

  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
  }
}

const MAX_NESTING = 4;
/** A type, with the mark of a third dimension or without. */
const TYPE = /\s*([A-Za-z]+?)(?:\s*Z)?(?=\s*\()/iy;
const OPEN = /\s*\(/y;
const COMMA = /\s*,/y;
const CLOSE = /\s*\)/y;
const NUMBER = /\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/y;
/** Of the two ways that longitude and latitude are written, only degrees of WGS 84 are served (OGC 18-088 §8.2.2). */
const SRID = /\s*SRID=(\d{1,6});/iy;

interface Place {
  readonly text: string;
  at: number;
}

const fail = (place: Place, expected: string): never => {
  throw new WktFault(place.at, expected);
};

/** What stands in the parentheses of a pattern that fits here, and steps over it. */
const take = (place: Place, pattern: RegExp): string | undefined => {
  pattern.lastIndex = place.at;
  const found = pattern.exec(place.text);
  if (found === null) return undefined;
  place.at = pattern.lastIndex;
  return found[1] ?? '';
};

/** `(item, item, …)`. */
const list = <T>(place: Place, item: (place: Place) => T): T[] => {
  if (take(place, OPEN) === undefined) fail(place, '"("');
  const items = [item(place)];
  while (take(place, COMMA) !== undefined) items.push(item(place));
  if (take(place, CLOSE) === undefined) fail(place, '"," or ")"');
  return items;
};

const readPosition = (place: Place): Position => {
  const numbers: number[] = [];
  for (let text = take(place, NUMBER); text !== undefined; text = take(place, NUMBER)) numbers.push(Number(text));
  if (numbers.length < 2 || numbers.length > 3) fail(place, 'a longitude, a latitude and perhaps a height');
  if (!numbers.every(Number.isFinite)) fail(place, 'finite numbers');
  return numbers;
};

const readLine = (place: Place): Position[] => {
  const line = list(place, readPosition);
  return line.length >= 2 ? line : fail(place, 'at least two positions');
};

const readRing = (place: Place): Position[] => {
  const ring = list(place, readPosition);
  if (ring.length < 4) fail(place, 'at least four positions');
  const [first, last] = [ring[0], ring.at(-1)];
  return first?.[0] === last?.[0] && first?.[1] === last?.[1] ? ring : fail(place, 'a ring that ends where it began');
};

const readPolygon = (place: Place): Position[][] => list(place, readRing);

const readPoint = (place: Place): Position => {
  const [point = [], second] = list(place, readPosition);
  return second === undefined ? point : fail(place, 'one position');
};

/** Points of a MultiPoint, each with its own parentheses or, as of old, without. */
const readMember = (place: Place): Position => {
  NUMBER.lastIndex = place.at;
  return NUMBER.test(place.text) ? readPosition(place) : readPoint(place);
};

const readShape = (place: Place, depth: number): Shape => {
  if (depth > MAX_NESTING) fail(place, `collections at most ${MAX_NESTING} deep`);
  const type = take(place, TYPE)?.toUpperCase() ?? '';
  switch (type) {
    case 'POINT':
      return { type: 'Point', coordinates: readPoint(place) };
    case 'LINESTRING':
      return { type: 'LineString', coordinates: readLine(place) };
    case 'POLYGON':
      return { type: 'Polygon', coordinates: readPolygon(place) };
    case 'MULTIPOINT':
      return { type: 'MultiPoint', coordinates: list(place, readMember) };
    case 'MULTILINESTRING':
      return { type: 'MultiLineString', coordinates: list(place, readLine) };
    case 'MULTIPOLYGON':
      return { type: 'MultiPolygon', coordinates: list(place, readPolygon) };
    case 'GEOMETRYCOLLECTION':
      return { type: 'GeometryCollection', geometries: list(place, (inner) => readShape(inner, depth + 1)) };
    default:
      return fail(place, 'POINT, LINESTRING, POLYGON, their MULTI forms or GEOMETRYCOLLECTION');
  }
};

/** Throws WktFault. */
export const readWkt = (text: string): Shape => {
  const place = { text, at: 0 };
  const srid = take(place, SRID);
  if (srid !== undefined && Number(srid) !== 4326) fail(place, 'SRID=4326, which may be left out');
  const shape = readShape(place, 1);
  if (text.slice(place.at).trim() !== '') fail(place, 'the end of the geometry');
  return shape;
};

const listed = <T>(items: readonly T[], write: (item: T) => string): string => `(${items.map(write).join(',')})`;
const position = (numbers: Position): string => numbers.join(' ');
const line = (positions: readonly Position[]): string => listed(positions, position);
const polygon = (rings: readonly (readonly Position[])[]): string => listed(rings, line);

export const writeWkt = (shape: Shape): string => {
  const name = shape.type.toUpperCase();
  switch (shape.type) {
    case 'Point':
      return `${name}(${position(shape.coordinates)})`;
    case 'LineString':
    case 'MultiPoint':
      return name + line(shape.coordinates);
    case 'Polygon':
    case 'MultiLineString':
      return name + polygon(shape.coordinates);
    case 'MultiPolygon':
      return name + listed(shape.coordinates, polygon);
    case 'GeometryCollection':
      return name + listed(shape.geometries, writeWkt);
    default:
      return shape satisfies never;
  }
};
