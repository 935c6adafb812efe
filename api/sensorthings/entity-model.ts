import { HubError } from '../../model/errors.ts';
import type { StaSet } from '../../model/sensor-things.ts';

/** Every entity set of OGC 18-088 §8; Observations are the only one that is not held in memory. */
export type EntitySet = StaSet | 'Observations';

interface Property {
  readonly name: string;
  readonly kind: 'text' | 'uri' | 'json' | 'object' | 'instant' | 'interval' | 'time' | 'any';
  /** A creator must give it. */
  readonly required?: true;
  /** Shown as null where there is none. */
  readonly nullable?: true;
  /** Made by the hub: what a creator says of it is left aside. */
  readonly derived?: true;
}

export interface Navigation {
  readonly name: string;
  readonly set: EntitySet;
  readonly many: boolean;
  /** A creator must give it. */
  readonly required?: true;
}

export interface EntityType {
  readonly set: EntitySet;
  /** Name of a link that leads to one of them. */
  readonly one: string;
  readonly properties: readonly Property[];
  readonly navigations: readonly Navigation[];
}

const name = { name: 'name', kind: 'text', required: true } as const;
const description = { name: 'description', kind: 'text', required: true } as const;
const encodingType = { name: 'encodingType', kind: 'text', required: true } as const;
const properties = { name: 'properties', kind: 'object' } as const;

const one = (link: string, set: EntitySet, required?: 'required'): Navigation => ({
  name: link,
  set,
  many: false,
  ...(required && { required: true }),
});
const many = (set: EntitySet): Navigation => ({ name: set, set, many: true });

/** Properties in the order in which they are written, tables 2 to 17 of 18-088. */
export const entityTypes: Readonly<Record<EntitySet, EntityType>> = {
  Things: {
    set: 'Things',
    one: 'Thing',
    properties: [name, description, properties],
    navigations: [many('Datastreams'), many('Locations'), many('HistoricalLocations')],
  },
  Locations: {
    set: 'Locations',
    one: 'Location',
    properties: [name, description, encodingType, { name: 'location', kind: 'json', required: true }, properties],
    navigations: [many('Things'), many('HistoricalLocations')],
  },
  HistoricalLocations: {
    set: 'HistoricalLocations',
    one: 'HistoricalLocation',
    properties: [{ name: 'time', kind: 'instant', required: true }],
    navigations: [one('Thing', 'Things', 'required'), many('Locations')],
  },
  Datastreams: {
    set: 'Datastreams',
    one: 'Datastream',
    properties: [
      name,
      description,
      { name: 'observationType', kind: 'text', required: true },
      { name: 'unitOfMeasurement', kind: 'object', required: true },
      { name: 'observedArea', kind: 'json' },
      { name: 'phenomenonTime', kind: 'interval', derived: true },
      { name: 'resultTime', kind: 'interval', derived: true },
      properties,
    ],
    navigations: [
      one('Thing', 'Things', 'required'),
      one('Sensor', 'Sensors', 'required'),
      one('ObservedProperty', 'ObservedProperties', 'required'),
      many('Observations'),
    ],
  },
  Sensors: {
    set: 'Sensors',
    one: 'Sensor',
    properties: [name, description, encodingType, { name: 'metadata', kind: 'any', required: true }, properties],
    navigations: [many('Datastreams')],
  },
  ObservedProperties: {
    set: 'ObservedProperties',
    one: 'ObservedProperty',
    properties: [name, { name: 'definition', kind: 'uri', required: true }, description, properties],
    navigations: [many('Datastreams')],
  },
  FeaturesOfInterest: {
    set: 'FeaturesOfInterest',
    one: 'FeatureOfInterest',
    properties: [name, description, encodingType, { name: 'feature', kind: 'json', required: true }, properties],
    navigations: [many('Observations')],
  },
  Observations: {
    set: 'Observations',
    one: 'Observation',
    properties: [
      { name: 'phenomenonTime', kind: 'time' },
      { name: 'resultTime', kind: 'instant', nullable: true },
      { name: 'result', kind: 'any', required: true, nullable: true },
      { name: 'resultQuality', kind: 'any' },
      { name: 'validTime', kind: 'interval' },
      { name: 'parameters', kind: 'object' },
    ],
    navigations: [one('Datastream', 'Datastreams', 'required'), one('FeatureOfInterest', 'FeaturesOfInterest')],
  },
};

export const isEntitySet = (text: string): text is EntitySet => Object.hasOwn(entityTypes, text);

export const navigationOf = (set: EntitySet, link: string): Navigation | undefined =>
  entityTypes[set].navigations.find((navigation) => navigation.name === link);

/** Whether a link is kept at the entity that has it; all others are kept at the other end. Of those to many, Locations are. */
export const isKept = ({ many, set }: Navigation): boolean => !many || set === 'Locations';

/** What the way back of a link is called. */
export const backLinkOf = (set: EntitySet, { set: target }: Navigation): Navigation => {
  const back = entityTypes[target].navigations.find((navigation) => navigation.set === set);
  if (!back) throw new HubError('HUB_INTERNAL', `No way back from ${target} to ${set}`);
  return back;
};

export const propertyOf = (set: EntitySet, property: string): Property | undefined =>
  entityTypes[set].properties.find((known) => known.name === property);

/** Names under which every entity's number and address are asked for. */
export const idNames: readonly string[] = ['@iot.id', 'id'];
export const selfLinkNames: readonly string[] = ['@iot.selfLink', 'selfLink'];
