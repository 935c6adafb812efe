import type { Thing } from '../../model/registry.ts';
import { formatTime } from '../../model/time.ts';
import { isUnitCode } from '../../model/units.ts';
import { licenceUrls } from '../catalogue/licences.ts';
import { presentJudged } from '../series/quality-query.ts';
import { isTrusted, type ThingNow, type ValueNow } from '../things-now.ts';
import { camel, type Model, modelOf } from './models.ts';
import { unitCodes } from './unit-codes.ts';

type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** A Property, GeoProperty or Relationship in normalized form (ETSI GS CIM 009 §4.5.2). */
export interface Attribute {
  readonly type: 'Property' | 'GeoProperty' | 'Relationship';
  readonly value?: Json;
  readonly object?: string;
  readonly observedAt?: string;
  readonly unitCode?: string;
  readonly datasetId?: string;
  readonly quality?: { readonly type: 'Property'; readonly value: string };
}

/** An entity; an attribute that a thing has several times, once for each channel, is a list (§4.5.5). */
export interface Entity {
  readonly id: string;
  readonly type: string;
  readonly attributes: ReadonlyMap<string, readonly Attribute[]>;
  readonly place: readonly [number, number] | undefined;
}

const property = (value: Json): Attribute => ({ type: 'Property', value });

/** Part of the ids of what belongs to no municipality. */
const NOWHERE = 'region';

const urn = (type: string, ...parts: readonly string[]): string => `urn:ngsi-ld:${type}:${parts.join(':')}`;

/** The entity of a thing; undefined for an observation without a value. */
export const entityOf = (entry: ThingNow): Entity | undefined => {
  const { thing, site, municipality, time } = entry;
  const model = modelOf(thing.kind);
  if (model.isObservation && time === undefined) return undefined;
  const at = municipality?.id ?? NOWHERE;
  const attributes = new Map<string, Attribute[]>();
  const add = (name: string, attribute: Attribute): void => {
    attributes.set(name, [...(attributes.get(name) ?? []), attribute]);
  };
  add('name', property(thing.name));
  if (site) add('location', { type: 'GeoProperty', value: site.geometry });
  if (municipality) add('address', property(addressOf(municipality.name, site?.address)));
  if (model.isObservation && time !== undefined) add('dateObserved', property(formatTime(time)));
  if (thing.kind === 'parking_bay') addParking(thing, { add, place: [at, site?.id ?? thing.id] });
  for (const value of entry.values) addValue(value, { model, add });
  if (thing.kind === 'parking_bay' && !attributes.has('status')) add('status', property('unknown'));
  addSource(entry, add);
  return { id: urn(model.type, at, thing.id), type: model.type, attributes, place: site?.geometry.coordinates };
};

type Add = (name: string, attribute: Attribute) => void;

const addressOf = (addressLocality: string, streetAddress: string | undefined): Json => ({
  addressLocality,
  addressCountry: 'DE',
  ...(streetAddress !== undefined && { streetAddress }),
});

const addSource = ({ thing, streams }: ThingNow, add: Add): void => {
  const [first, ...rest] = licenceUrls(streams);
  if (first !== undefined) add('license', property(rest.length === 0 ? first : [first, ...rest]));
  if (thing.simulated) add('simulated', property(true));
};

/** ParkingSpot asks for both; whether the bay lies at a street is a property of the thing. */
const addParking = (thing: Thing, { add, place }: { add: Add; place: readonly string[] }): void => {
  const isOnStreet = thing.properties.category === 'onStreet';
  add('category', property([isOnStreet ? 'onStreet' : 'offStreet']));
  const object = urn(isOnStreet ? 'OnStreetParking' : 'OffStreetParking', ...place);
  add('refParkingSite', { type: 'Relationship', object });
};

/** Names that stand for something else (ETSI GS CIM 009 §4.5.1, §4.8): what people call their properties must not take them. */
const RESERVED: ReadonlySet<string> = new Set([
  'id', 'type', 'scope', 'location', 'observationSpace', 'operationSpace', 'createdAt', 'modifiedAt', 'observedAt',
  'datasetId', 'unitCode', 'value', 'object', 'name', 'address', 'dateObserved', 'license', 'simulated', 'category',
  'refParkingSite', 'status', 'quality',
]); // biome-ignore format: names read better in rows

const attributeName = (property: string): string => {
  const name = camel(property);
  return RESERVED.has(name) ? camel(`observed_${property}`) : name;
};

/** A value that failed its tests, is missing or withheld is left out: NGSI-LD has no null for it. */
const addValue = ({ stream, observation }: ValueNow, { model, add }: { model: Model; add: Add }): void => {
  const { property: id, channel, unit } = stream.datastream;
  const { value } = observation;
  if (value === null || !isTrusted(observation)) return;
  const more = {
    observedAt: formatTime(observation.phenomenonTime),
    ...(channel !== undefined && { datasetId: `urn:ngsi-ld:Dataset:${encodeURIComponent(channel)}` }),
    quality: { type: 'Property' as const, value: presentJudged(observation).quality },
  };
  const own = Object.hasOwn(model.attributes, id) ? model.attributes[id] : undefined;
  const converted = own?.convert ? own.convert(value) : value;
  const code = own?.unitCode ?? (isUnitCode(unit) ? unitCodes[unit] : undefined);
  if (own && converted !== undefined) {
    const hasUnit = typeof converted === 'number' && code !== undefined;
    add(own.name, { type: 'Property', value: converted, ...(hasUnit && { unitCode: code }), ...more });
  }
  if (own && !own.keepsOwnName) return;
  add(attributeName(id), { type: 'Property', value, ...(code !== undefined && { unitCode: code }), ...more });
};
