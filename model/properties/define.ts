import type { UnitCode } from '../units.ts';

/** Quality tests in the sense of the IOOS QARTOD manuals, per observed property. Absent: the test is not evaluated. */
export interface QualityLimits {
  /** Gross range: what the sensor or nature can produce at all; outside is flag 4 (fail). */
  readonly gross: readonly [min: number, max: number];
  /** What is usual in this region; outside is flag 3 (suspect). */
  readonly usual?: readonly [min: number, max: number];
  /** Deviation from the line between both neighbours, in the property's unit. */
  readonly spike?: { readonly suspect: number; readonly fail: number };
  /** Largest believable change per hour, in the property's unit; faster is suspect. */
  readonly ratePerHour?: number;
  /** Unchanged within `tolerance` for longer than `suspectS`/`failS` seconds. */
  readonly flatLine?: { readonly tolerance: number; readonly suspectS: number; readonly failS: number };
}

export interface ObservedProperty {
  /** snake_case id. */
  readonly id: string;
  readonly name: { readonly de: string; readonly en: string };
  /** UCUM code; counts are `{count}`, states and truth `1`. */
  readonly unit: UnitCode;
  /** Where the quantity is defined. */
  readonly definition: string;
  readonly quality: QualityLimits;
  /** How many values one interval holds when aggregated: counts add up, levels average. */
  readonly aggregation: 'mean' | 'sum' | 'last';
  /** Meaning of the values of a state. */
  readonly codes?: Readonly<Record<number, { readonly de: string; readonly en: string }>>;
  /** Health of a device, not a quantity of the region. */
  readonly health?: boolean;
}

export type Details = Partial<Pick<ObservedProperty, 'aggregation' | 'codes' | 'health'>> &
  Omit<QualityLimits, 'gross'>;

/** Describes one property; `gross` is what the sensor or nature can produce at all. */
export const property = (
  id: string,
  [de, en]: readonly [string, string],
  unit: UnitCode,
  gross: readonly [number, number],
  definition: string,
  { aggregation = 'mean', codes, health, ...quality }: Details = {},
): ObservedProperty => ({
  id,
  name: { de, en },
  unit,
  definition,
  quality: { gross, ...quality },
  aggregation,
  ...(codes && { codes }),
  ...(health && { health }),
});

/** NERC vocabulary P07, CF standard names. */
export const cf = (name: string) => `http://vocab.nerc.ac.uk/standard_name/${name}/`;
/** QUDT quantity kinds. */
export const qudt = (name: string) => `http://qudt.org/vocab/quantitykind/${name}`;
/** Quantities without a published URI are defined by this hub. */
export const own = (name: string) => `https://plietsch.org/def/property/${name}`;

/** Codes of a property that is true or not. */
export const truth = { 0: { de: 'nein', en: 'no' }, 1: { de: 'ja', en: 'yes' } } as const;
