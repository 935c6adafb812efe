import type { Datastream } from '../../model/registry.ts';
import type { EpochMs } from '../../model/time.ts';

/** Nanoseconds since 1970 end here, so do InfluxDB's times. */
export const LAST_TIME: EpochMs = 9_223_372_036_854;

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

/** A name for InfluxQL; values are bound as parameters instead. */
export const quotedName = (name: string): string => `"${escaped(name)}"`;

/** A time, or the nearest one that InfluxDB knows. */
export const knownTime = (time: EpochMs): EpochMs => Math.min(Math.max(time, -LAST_TIME), LAST_TIME);

/** Condition of InfluxQL: from an instant until before another. */
export const during = (from: EpochMs, to: EpochMs): string =>
  `time >= ${knownTime(from)}ms AND time < ${knownTime(to)}ms`;

/** The same, the end included. */
export const through = (from: EpochMs, to: EpochMs): string =>
  `time >= ${knownTime(from)}ms AND time <= ${knownTime(to)}ms`;

/** The delete API binds nothing: its predicate of one datastream. */
export const seriesPredicate = ({ id, property }: Pick<Datastream, 'id' | 'property'>): string =>
  `_measurement="${escaped(property)}" AND datastream="${escaped(id)}"`;
