import { z } from 'zod';
import { badQuery } from '../problem.ts';
import type { Test } from './q-query.ts';

type Place = readonly [number, number];

const MAX_POSITIONS = 1_000;
const MAX_LENGTH = 20_000;
/** Mean radius of the earth, metres. */
const EARTH_M = 6_371_008.8;

export interface GeoQuery {
  readonly georel?: string | undefined;
  readonly geometry?: string | undefined;
  readonly coordinates?: string | undefined;
}

const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const ring = z.array(position).min(4).max(MAX_POSITIONS);

/** ETSI GS CIM 009 §4.10, for places that are points. Throws HUB_REQUEST_INVALID. */
export const parseGeo = ({ georel, geometry, coordinates }: GeoQuery): Test => {
  for (const [name, value] of Object.entries({ georel, geometry, coordinates })) {
    if (value === undefined) throw badQuery(name, 'is missing', 'georel, geometry and coordinates belong together');
  }
  const [relation = '', ...modifiers] = (georel ?? '').split(';');
  const shape = readCoordinates(coordinates ?? '');
  if (relation === 'near') return near(readPoint(geometry, shape), modifiers);
  if (modifiers.length > 0) throw badQuery('georel', 'has a distance', 'only near has one');
  const isInside = insideOf(geometry, shape);
  switch (relation) {
    case 'within':
    case 'intersects':
      return ({ place }) => place !== undefined && isInside(place);
    case 'disjoint':
      return ({ place }) => place !== undefined && !isInside(place);
    case 'equals':
    case 'contains': {
      // A point holds, and equals, nothing but a point.
      const point = readPoint(geometry, shape);
      return ({ place }) => place !== undefined && place[0] === point[0] && place[1] === point[1];
    }
    default:
      throw badQuery(
        'georel',
        'is not offered',
        'write near;maxDistance==500, within, intersects, disjoint, equals or contains',
      );
  }
};

const readCoordinates = (text: string): unknown => {
  if (text.length > MAX_LENGTH) throw badQuery('coordinates', 'is too long', `at most ${MAX_LENGTH} characters`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badQuery(
      'coordinates',
      'is no JSON',
      'write [10.2,54.4], or for a Polygon [[[10,54],[11,54],[11,55],[10,54]]]',
    );
  }
};

const readPoint = (geometry: string | undefined, shape: unknown): Place => {
  if (geometry !== 'Point') throw badQuery('geometry', 'does not fit', 'write Point');
  const parsed = position.safeParse(shape);
  if (!parsed.success) throw badQuery('coordinates', 'is no point', 'write [longitude,latitude]');
  return parsed.data;
};

const insideOf = (geometry: string | undefined, shape: unknown): ((place: Place) => boolean) => {
  if (geometry === 'Point') {
    const point = readPoint(geometry, shape);
    return (place) => place[0] === point[0] && place[1] === point[1];
  }
  const polygons = readPolygons(geometry, shape);
  return (place) => polygons.some((rings) => isInPolygon(place, rings));
};

const readPolygons = (geometry: string | undefined, shape: unknown): Place[][][] => {
  if (geometry !== 'Polygon' && geometry !== 'MultiPolygon') {
    throw badQuery('geometry', 'is not offered', 'write Point, Polygon or MultiPolygon');
  }
  const polygon = z.array(ring).min(1).max(100);
  const parsed = z
    .array(polygon)
    .min(1)
    .max(100)
    .safeParse(geometry === 'Polygon' ? [shape] : shape);
  if (!parsed.success)
    throw badQuery('coordinates', `is no ${geometry}`, 'write rings of at least four positions, [longitude,latitude]');
  if (parsed.data.flat(2).length > MAX_POSITIONS)
    throw badQuery('coordinates', 'has too many positions', `at most ${MAX_POSITIONS}`);
  return parsed.data;
};

/** Inside of the first ring and of no other; the border belongs to it. */
const isInPolygon = (place: Place, [outer = [], ...holes]: readonly Place[][]): boolean =>
  isInRing(place, outer) && !holes.some((hole) => isInRing(place, hole) && !isOnBorder(place, hole));

const isInRing = (place: Place, points: readonly Place[]): boolean => {
  if (isOnBorder(place, points)) return true;
  const [x, y] = place;
  let inside = false;
  for (const [[x1, y1], [x2, y2]] of edges(points)) {
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
};

const isOnBorder = ([x, y]: Place, points: readonly Place[]): boolean =>
  edges(points).some(([[x1, y1], [x2, y2]]) => {
    const isOnLine = (x2 - x1) * (y - y1) === (y2 - y1) * (x - x1);
    return isOnLine && Math.min(x1, x2) <= x && x <= Math.max(x1, x2) && Math.min(y1, y2) <= y && y <= Math.max(y1, y2);
  });

const edges = (points: readonly Place[]): [Place, Place][] =>
  points.slice(1).map((point, i) => [points[i] as Place, point]);

const near = (center: Place, modifiers: readonly string[]): Test => {
  const [, name = '', text = ''] = /^(maxDistance|minDistance)==(\d+(?:\.\d+)?)$/.exec(modifiers[0] ?? '') ?? [];
  if (modifiers.length !== 1 || name === '') {
    throw badQuery('georel', 'lacks its distance in metres', 'write near;maxDistance==500 or near;minDistance==500');
  }
  const metres = Number(text);
  return ({ place }) => {
    if (!place) return false;
    const apart = distance(center, place);
    return name === 'maxDistance' ? apart <= metres : apart >= metres;
  };
};

/** Along a great circle, metres. */
const distance = ([lon1, lat1]: Place, [lon2, lat2]: Place): number => {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [a, b] = [radians(lat1), radians(lat2)];
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(radians(lon2 - lon1) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(half)));
};
