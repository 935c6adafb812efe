/**
 * What a $filter or $orderby of SensorThings 1.1 (OGC 18-088 §9.3.3.4 and §9.3.3.5, grammar of OData 4.0 ABNF) says,
 * as plain data.
 */
import type { EpochMs } from '../../../model/time.ts';

/** Instant in UTC, with the offset that it was written with: `hour(…)` speaks of the writer's clock (OData §5.1.1.4.7). */
export interface Instant {
  readonly kind: 'instant';
  /** Epoch milliseconds, with a fraction where the text has more than three digits. */
  readonly at: number;
  readonly offsetMinutes: number;
}

/** `2026-01-01T00:00:00Z/2026-01-02T00:00:00Z`; the end is never before the start. */
export interface Interval {
  readonly kind: 'interval';
  readonly start: Instant;
  readonly end: Instant;
}

/** Edm.Date: `2026-01-31`, and what `date()` gives. Compared with an instant it is its midnight in UTC. */
export interface CalendarDate {
  readonly kind: 'date';
  /** Epoch milliseconds of its midnight in UTC. */
  readonly at: EpochMs;
}

/** Edm.TimeOfDay: `13:20:00.5`, and what `time()` gives. */
export interface TimeOfDay {
  readonly kind: 'time';
  /** Milliseconds since midnight. */
  readonly ms: number;
}

/** Edm.Duration: `duration'PT1H'`: days and smaller, so that its length is the same on every day (ABNF durationValue). */
export interface Duration {
  readonly kind: 'duration';
  readonly ms: number;
}

/** GeoJSON as far as WKT says the same (RFC 7946 §3.1); positions are longitude, latitude and perhaps a height. */
export type Position = readonly number[];
export type Shape =
  | { readonly type: 'Point'; readonly coordinates: Position }
  | { readonly type: 'LineString' | 'MultiPoint'; readonly coordinates: readonly Position[] }
  | { readonly type: 'Polygon' | 'MultiLineString'; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Position[])[])[] }
  | { readonly type: 'GeometryCollection'; readonly geometries: readonly Shape[] };

/** `geography'POINT (8.5 54.6)'`. */
export interface Geography {
  readonly kind: 'geography';
  readonly shape: Shape;
}

export type TimeValue = Instant | Interval | CalendarDate;

/** What a literal stands for. */
export type Value = number | string | boolean | null | TimeValue | TimeOfDay | Duration | Geography;

export const comparisonOperators = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
export type Comparison = (typeof comparisonOperators)[number];
export const arithmeticOperators = ['add', 'sub', 'mul', 'div', 'mod'] as const;
export type Arithmetic = (typeof arithmeticOperators)[number];
export type BinaryOperator = 'and' | 'or' | Comparison | Arithmetic;

/** What an expression is known to give before a row is seen; `any` of paths and of null. */
export type Kind = 'any' | 'boolean' | 'number' | 'text' | 'instant' | 'date' | 'time' | 'duration' | 'geography';

/** What a function takes: `moment` is anything with a date, `clock` anything with a time of day. */
export type Parameter = 'text' | 'number' | 'moment' | 'clock' | 'geography';

export interface Signature {
  readonly takes: readonly Parameter[];
  /** How many of these may be left out at the end. */
  readonly optional?: number;
  readonly gives: Kind;
}

const text = (gives: Kind, count = 1): Signature => ({ takes: Array<Parameter>(count).fill('text'), gives });
const part = (of: 'moment' | 'clock'): Signature => ({ takes: [of], gives: 'number' });
const spatial: Signature = { takes: ['geography', 'geography'], gives: 'boolean' };
const temporal: Signature = { takes: ['moment', 'moment'], gives: 'boolean' };
const rounding: Signature = { takes: ['number'], gives: 'number' };
const moment: Signature = { takes: [], gives: 'instant' };

/**
 * Every function of 18-088 §9.3.3.5.2, and beside them `contains` of OData 4 and the relations of times that
 * FROST-Server has and its clients use.
 */
export const signatures = {
  substringof: text('boolean', 2),
  contains: text('boolean', 2),
  endswith: text('boolean', 2),
  startswith: text('boolean', 2),
  length: text('number'),
  indexof: text('number', 2),
  substring: { takes: ['text', 'number', 'number'], optional: 1, gives: 'text' },
  tolower: text('text'),
  toupper: text('text'),
  trim: text('text'),
  concat: text('text', 2),
  year: part('moment'),
  month: part('moment'),
  day: part('moment'),
  hour: part('clock'),
  minute: part('clock'),
  second: part('clock'),
  fractionalseconds: part('clock'),
  date: { takes: ['moment'], gives: 'date' },
  time: { takes: ['moment'], gives: 'time' },
  totaloffsetminutes: part('moment'),
  now: moment,
  mindatetime: moment,
  maxdatetime: moment,
  before: temporal,
  after: temporal,
  meets: temporal,
  during: temporal,
  overlaps: temporal,
  starts: temporal,
  finishes: temporal,
  round: rounding,
  floor: rounding,
  ceiling: rounding,
  'geo.distance': { takes: ['geography', 'geography'], gives: 'number' },
  'geo.length': { takes: ['geography'], gives: 'number' },
  'geo.intersects': spatial,
  st_equals: spatial,
  st_disjoint: spatial,
  st_touches: spatial,
  st_within: spatial,
  st_overlaps: spatial,
  st_crosses: spatial,
  st_intersects: spatial,
  st_contains: spatial,
  st_relate: { takes: ['geography', 'geography', 'text'], gives: 'boolean' },
} as const satisfies Record<string, Signature>;
export type FunctionName = keyof typeof signatures;

export interface Path {
  readonly kind: 'path';
  /** `Datastream/ObservedProperty/name` in steps; the last may be `@iot.id` or `id`. One array for one path, always. */
  readonly steps: readonly string[];
}

export type Expression =
  | Path
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] }
  | { readonly kind: 'not' | 'negate'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    };

export interface OrderKey {
  readonly expression: Expression;
  readonly descending: boolean;
}
