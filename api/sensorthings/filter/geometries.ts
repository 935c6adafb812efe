/**
 * Geometries of rows (GeoJSON) and of literals for the geospatial functions, as jsts reckons with them. In degrees on a
 * plane, as the standard's examples and FROST-Server have it. Each is converted once.
 */
import IndexedPointInAreaLocator from 'jsts/org/locationtech/jts/algorithm/locate/IndexedPointInAreaLocator.js';
import Coordinate from 'jsts/org/locationtech/jts/geom/Coordinate.js';
import type Geometry from 'jsts/org/locationtech/jts/geom/Geometry.js';
import GeometryFactory from 'jsts/org/locationtech/jts/geom/GeometryFactory.js';
import GeoJSONReader from 'jsts/org/locationtech/jts/io/GeoJSONReader.js';

/** Where a point lies in regard to an area: `jsts/…/geom/Location`. */
export const INTERIOR = 0;
export const BOUNDARY = 1;

export interface Placed {
  readonly geometry: Geometry;
  readonly dimension: 'point' | 'line' | 'area' | 'mixed';
  /** Longitude and latitude of a single point. */
  readonly point: readonly [number, number] | undefined;
  /** Members of a collection of unlike geometries, which no relation but intersection is defined for. */
  readonly members: readonly Placed[] | undefined;
  /** Where a point lies in regard to this area. */
  readonly locate: (point: readonly [number, number]) => number;
}

const dimensions: Readonly<Record<string, Placed['dimension']>> = {
  Point: 'point',
  MultiPoint: 'point',
  LineString: 'line',
  MultiLineString: 'line',
  Polygon: 'area',
  MultiPolygon: 'area',
  GeometryCollection: 'mixed',
};

const factory = new GeometryFactory();
const reader = new GeoJSONReader(factory);

const isPosition = (value: unknown): boolean =>
  Array.isArray(value) && value.length >= 2 && value.every((number) => Number.isFinite(number));

/** Positions `depth` lists deep, so that jsts is given nothing that it would trip over. */
const arePositions = (value: unknown, depth: number): boolean =>
  depth === 0 ? isPosition(value) : Array.isArray(value) && value.every((item) => arePositions(item, depth - 1));

const depths: Readonly<Record<string, number>> = {
  Point: 0,
  MultiPoint: 1,
  LineString: 1,
  Polygon: 2,
  MultiLineString: 2,
  MultiPolygon: 3,
};

const locatorOf = (geometry: Geometry): Placed['locate'] => {
  let locator: IndexedPointInAreaLocator | undefined;
  return ([x, y]) => {
    locator ??= new IndexedPointInAreaLocator(geometry);
    return Number(locator.locate(new Coordinate(x, y)));
  };
};

const MAX_NESTING = 4;

const convert = (shape: object, depth: number): Placed | undefined => {
  const type = 'type' in shape ? String(shape.type) : '';
  if (type === 'Feature') return 'geometry' in shape ? placed(shape.geometry, depth) : undefined;
  const dimension = dimensions[type];
  if (dimension === undefined) return undefined;
  const members =
    'geometries' in shape && Array.isArray(shape.geometries)
      ? shape.geometries.flatMap((member) => placed(member, depth + 1) ?? [])
      : undefined;
  const coordinates = 'coordinates' in shape ? shape.coordinates : undefined;
  if (dimension === 'mixed' ? members === undefined : !arePositions(coordinates, depths[type] ?? 0)) return undefined;
  const geometry: Geometry =
    members === undefined
      ? reader.read(shape)
      : factory.createGeometryCollection(members.map((member) => member.geometry));
  const point = type === 'Point' ? (coordinates as [number, number]) : undefined;
  return { geometry, dimension, point, members, locate: locatorOf(geometry) };
};

const known = new WeakMap<object, Placed | { readonly none: true }>();

const convertSafely = (shape: object, depth: number): Placed | undefined => {
  try {
    return depth > MAX_NESTING ? undefined : convert(shape, depth);
  } catch {
    return undefined; // a ring that does not close and such: no geometry
  }
};

const placed = (shape: unknown, depth: number): Placed | undefined => {
  if (typeof shape !== 'object' || shape === null) return undefined;
  const before = known.get(shape);
  if (before !== undefined) return 'none' in before ? undefined : before;
  const geometry = convertSafely(shape, depth);
  known.set(shape, geometry ?? { none: true });
  return geometry;
};

/** A literal's geometry, GeoJSON of a row or a Feature of it; undefined where it is none. */
export const placedOf = (value: unknown): Placed | undefined =>
  typeof value === 'object' && value !== null && 'kind' in value
    ? placed('shape' in value ? value.shape : undefined, 0)
    : placed(value, 0);
