/**
 * Geospatial functions (OGC 18-088 §9.3.3.5.2): distances and lengths in degrees, relations by the nine intersections
 * (DE-9IM, OGC 06-103r4 §6.1.15). What is no geometry, or one that crosses itself, has the answer null.
 */
import type Geometry from 'jsts/org/locationtech/jts/geom/Geometry.js';
import type IntersectionMatrix from 'jsts/org/locationtech/jts/geom/IntersectionMatrix.js';
import DistanceOp from 'jsts/org/locationtech/jts/operation/distance/DistanceOp.js';
import RelateOp from 'jsts/org/locationtech/jts/operation/relate/RelateOp.js';
import { BOUNDARY, INTERIOR, type Placed, placedOf } from './geometries.ts';
import { RELATION } from './kinds.ts';

const boxesMeet = (a: Geometry, b: Geometry): boolean => a.getEnvelopeInternal().intersects(b.getEnvelopeInternal());

const matrixOf = (a: Placed, b: Placed): IntersectionMatrix => RelateOp.relate(a.geometry, b.geometry);

interface Relation {
  /** The answer where not even the bounding boxes meet. */
  readonly apart: boolean;
  /** By the place of a point a in an area b, which is quick; and with their places changed. */
  readonly pointInArea: (location: number) => boolean;
  readonly areaOverPoint: (location: number) => boolean;
  readonly holds: (matrix: IntersectionMatrix, a: Geometry, b: Geometry) => boolean;
}

const never = (): boolean => false;
const symmetric = (holds: (location: number) => boolean) => ({ pointInArea: holds, areaOverPoint: holds });

const intersects: Relation = {
  apart: false,
  ...symmetric((location) => location === INTERIOR || location === BOUNDARY),
  holds: (matrix) => matrix.isIntersects(),
};

const relations = {
  equals: {
    apart: false,
    ...symmetric(never),
    holds: (matrix, a, b) => matrix.isEquals(dimensionOf(a), dimensionOf(b)),
  },
  disjoint: {
    apart: true,
    ...symmetric((location) => !intersects.pointInArea(location)),
    holds: (matrix) => matrix.isDisjoint(),
  },
  touches: {
    apart: false,
    ...symmetric((location) => location === BOUNDARY),
    holds: (matrix, a, b) => matrix.isTouches(dimensionOf(a), dimensionOf(b)),
  },
  within: {
    apart: false,
    pointInArea: (location) => location === INTERIOR,
    areaOverPoint: never,
    holds: (matrix) => matrix.isWithin(),
  },
  contains: {
    apart: false,
    pointInArea: never,
    areaOverPoint: (location) => location === INTERIOR,
    holds: (matrix) => matrix.isContains(),
  },
  overlaps: {
    apart: false,
    ...symmetric(never),
    holds: (matrix, a, b) => matrix.isOverlaps(dimensionOf(a), dimensionOf(b)),
  },
  crosses: {
    apart: false,
    ...symmetric(never),
    holds: (matrix, a, b) => matrix.isCrosses(dimensionOf(a), dimensionOf(b)),
  },
} satisfies Record<string, Relation>;

/** Of a geometry of one dimension; jsts types leave the method to the classes. */
const dimensionOf = (geometry: Geometry): number => (geometry as Geometry & { getDimension(): number }).getDimension();

const holdsFor = (relation: Relation, a: Placed, b: Placed): boolean | null => {
  if (!boxesMeet(a.geometry, b.geometry)) return relation.apart;
  if (a.point !== undefined && b.dimension === 'area') return relation.pointInArea(b.locate(a.point));
  if (b.point !== undefined && a.dimension === 'area') return relation.areaOverPoint(a.locate(b.point));
  if (a.members !== undefined || b.members !== undefined) return holdsForMembers(relation, a, b);
  return relation.holds(matrixOf(a, b), a.geometry, b.geometry);
};

/** Collections meet where two of their members do; their other relations are not defined. */
const holdsForMembers = (relation: Relation, a: Placed, b: Placed): boolean | null => {
  if (relation !== intersects && relation !== relations.disjoint) return null;
  const meet = (a.members ?? [a]).some((one) => (b.members ?? [b]).some((other) => holdsFor(intersects, one, other)));
  return meet !== relation.apart;
};

const ofTwo =
  (answer: (a: Placed, b: Placed) => boolean | number | null) =>
  (first: unknown, second: unknown): boolean | number | null => {
    const a = placedOf(first);
    const b = placedOf(second);
    if (a === undefined || b === undefined) return null;
    try {
      return answer(a, b);
    } catch {
      return null; // jsts throws where a geometry crosses itself
    }
  };

const spatial = (relation: Relation) => ofTwo((a, b) => holdsFor(relation, a, b));

const distance = ofTwo((a, b) => {
  if (a.point !== undefined && b.point !== undefined)
    return Math.hypot(a.point[0] - b.point[0], a.point[1] - b.point[1]);
  return Number(DistanceOp.distance(a.geometry, b.geometry));
});

const lengthOf = ({ members, dimension, geometry }: Placed): number => {
  if (members !== undefined) return members.reduce((sum, member) => sum + lengthOf(member), 0);
  return dimension === 'line' ? geometry.getLength() : 0;
};

const relate = (first: unknown, second: unknown, pattern: unknown): unknown =>
  typeof pattern !== 'string' || !RELATION.test(pattern)
    ? null
    : ofTwo((a, b) =>
        a.members === undefined && b.members === undefined ? matrixOf(a, b).matches(pattern.toUpperCase()) : null,
      )(first, second);

export const geoFunctions = {
  'geo.distance': distance,
  'geo.length': (value: unknown) => {
    const geometry = placedOf(value);
    return geometry === undefined ? null : lengthOf(geometry);
  },
  'geo.intersects': spatial(intersects),
  st_intersects: spatial(intersects),
  st_equals: spatial(relations.equals),
  st_disjoint: spatial(relations.disjoint),
  st_touches: spatial(relations.touches),
  st_within: spatial(relations.within),
  st_contains: spatial(relations.contains),
  st_overlaps: spatial(relations.overlaps),
  st_crosses: spatial(relations.crosses),
  st_relate: relate,
};
