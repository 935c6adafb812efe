import { hash } from 'node:crypto';
import { z } from 'zod';
import type { QualityFlag } from './quality.ts';
import type { EpochMs } from './time.ts';

/** Entity sets of the OGC SensorThings API 1.1 (18-088) that hold few entities; Observations are counted apart. */
export const staSets = [
  'Things',
  'Locations',
  'HistoricalLocations',
  'Datastreams',
  'Sensors',
  'ObservedProperties',
  'FeaturesOfInterest',
] as const;
export type StaSet = (typeof staSets)[number];

/** Numbers of entities that were created through SensorThings lie below, those derived from the registry's ids above. */
export const FIRST_DERIVED_NUMBER = 2 ** 32;

const DERIVED_NUMBERS = 2 ** 48 - FIRST_DERIVED_NUMBER;

/**
 * `@iot.id` of an entity that is derived from the registry, by its readable id: a hash, so that it stays the same in every
 * hub that reads the same region. Two of a hundred thousand entities share one with a probability of 1 to 50,000.
 */
export const derivedNumber = (set: StaSet, slug: string): number =>
  FIRST_DERIVED_NUMBER + (Number.parseInt(hash('sha256', `${set}/${slug}`, 'hex').slice(0, 13), 16) % DERIVED_NUMBERS);

/** An entity that was created through SensorThings, as its creator described it. */
export const staEntitySchema = z.strictObject({
  id: z.string().max(60).describe('<set>(<number>)'),
  set: z.enum(staSets),
  /** `@iot.id`, never given twice; of a Datastream it is the key of the datastream. */
  number: z.number().int().positive(),
  body: z.record(z.string(), z.json()).describe('Its properties without ids and links'),
  links: z
    .record(z.string(), z.array(z.number().int().positive()))
    .describe('Numbers that are kept at this entity by name: of the entities of a navigation property, or marks'),
});
export type StaEntity = z.infer<typeof staEntitySchema>;

export const staEntityId = (set: StaSet, number: number): string => `${set}(${number})`;

/** The registry's thing that stands for a Thing created through SensorThings. */
export const staThingId = (number: number): string => `sta-${number}`;

/** What of an observation has no place in a number: kept beside it, as SensorThings has it. */
export interface ObservationDetail {
  /** Where it is no number. */
  readonly result?: z.core.util.JSONType;
  /** End of a phenomenonTime that is an interval; it begins at the observation's own instant. */
  readonly phenomenonEnd?: EpochMs;
  /** Absent where its creator said none. */
  readonly resultTime?: EpochMs;
  readonly validTime?: readonly [EpochMs, EpochMs];
  readonly resultQuality?: z.core.util.JSONType;
  readonly parameters?: Readonly<Record<string, z.core.util.JSONType>>;
  /** Number of its FeatureOfInterest; absent where it is the one of the Thing's place. */
  readonly feature?: number;
}

/** An observation with what is kept beside it. */
export interface DetailOf {
  readonly datastream: number;
  readonly phenomenonTime: EpochMs;
  readonly detail: ObservationDetail;
}

/** One step of writing observations that come without LoRaWAN. */
export type ObservationChange =
  | {
      readonly put: {
        readonly datastream: number;
        readonly phenomenonTime: EpochMs;
        readonly value: number | null;
        readonly flag: QualityFlag;
        readonly detail?: ObservationDetail;
      };
    }
  | { readonly remove: { readonly datastream: number; readonly phenomenonTime: EpochMs } };

/** Instants of one datastream that share a number lie closer together than this, 1/16 s. */
const TICK_MS = 62.5;
const TICKS = 2 ** 36;
/** Numbers reach from 1950 to 2086. */
const FIRST_INSTANT = Date.UTC(1950, 0, 1);

/**
 * `@iot.id` of an observation: the datastream's key and the instant in sixteenths of a second. It follows from where the
 * observation stands, so that nothing need be kept; below 2^53, which JavaScript counts exactly, for 131,071 datastreams.
 */
export const observationNumber = (datastream: number, phenomenonTime: EpochMs): number =>
  datastream * TICKS + Math.floor((phenomenonTime - FIRST_INSTANT) / TICK_MS);

/** Where the observation of a number stands: the first of the datastream in [from, to). */
export const observationPlace = (number: number): { datastream: number; from: EpochMs; to: EpochMs } => {
  const tick = number % TICKS;
  return {
    datastream: Math.floor(number / TICKS),
    from: Math.ceil(tick * TICK_MS) + FIRST_INSTANT,
    to: Math.ceil((tick + 1) * TICK_MS) + FIRST_INSTANT,
  };
};
