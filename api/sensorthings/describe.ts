import type { DeviceProfile } from '../../devices/catalogue.ts';
import { observedProperties } from '../../model/observed-properties.ts';
import type { Municipality, Site, Thing, UseCase } from '../../model/registry.ts';
import { type EpochMs, formatTime, MINUTE } from '../../model/time.ts';
import { units } from '../../model/units.ts';
import type { Stream } from '../visibility.ts';

/** What the registry knows, in the words of SensorThings. Readable ids are `properties/slug`; names are German, as the region is. */

const MEASUREMENT = 'http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement';
const GEO_JSON = 'application/geo+json';

type Body = Readonly<Record<string, unknown>>;

interface ThingContext {
  readonly site: Site | undefined;
  readonly municipality: Municipality | undefined;
  readonly useCase: UseCase;
}

export const describeThing = (thing: Thing, { site, municipality, useCase }: ThingContext): Body => ({
  name: thing.name,
  description: [thing.name, site?.name, municipality?.name].filter((part) => part !== undefined).join(', '),
  properties: {
    ...thing.properties,
    slug: thing.id,
    kind: thing.kind,
    useCase,
    ...(municipality && { municipality: municipality.id, municipalityKey: municipality.key }),
    ...(site && { site: site.id }),
    simulated: thing.simulated,
  },
});

/** A site as the place of a thing, or as the feature that is observed there. */
export const describePlace = (
  set: 'Locations' | 'FeaturesOfInterest',
  site: Site,
  municipality: Municipality | undefined,
): Body => ({
  name: site.name,
  description: [site.name, site.address, municipality?.name].filter((part) => part !== undefined).join(', '),
  encodingType: GEO_JSON,
  [set === 'Locations' ? 'location' : 'feature']: site.geometry,
  properties: {
    slug: site.id,
    municipality: site.municipality,
    ...(site.address !== undefined && { address: site.address }),
  },
});

/** Time and place alone: which device it was is nobody's business. */
export const describeHistoricalLocation = (from: EpochMs): Body => ({ time: formatTime(from) });

export const describeSensor = (profile: DeviceProfile | undefined): Body =>
  profile
    ? {
        name: profile.name.de,
        description: `${profile.vendor} ${profile.model}`,
        encodingType: 'application/pdf',
        metadata: profile.datasheet,
        properties: { slug: profile.id, vendor: profile.vendor, model: profile.model, nameEn: profile.name.en },
      }
    : {
        name: 'Unbekannter Sensor',
        description: 'Nobody registered which device measures this',
        encodingType: 'text/html',
        metadata: 'https://plietsch.org/def/sensor/unknown',
        properties: { slug: 'unknown', nameEn: 'Unknown sensor' },
      };

export const describeObservedProperty = (id: string): Body => {
  const property = observedProperties.get(id);
  return {
    name: property?.name.de ?? id,
    definition: property?.definition ?? `https://plietsch.org/def/property/${id}`,
    description: property?.name.en ?? id,
    properties: {
      slug: id,
      ...(property && {
        nameEn: property.name.en,
        unit: property.unit,
        unitDefinition: unitUri(property.unit),
        aggregation: property.aggregation,
        ...(property.codes && { codes: property.codes }),
      }),
    },
  };
};

export const describeDatastream = (stream: Stream): Body => {
  const { datastream, thing, municipality, useCase, datasets, delayMs, smallestCount } = stream;
  const name = observedProperties.get(datastream.property)?.name;
  const channel = datastream.channel === undefined ? '' : ` (${datastream.channel})`;
  return {
    name: `${thing.name}: ${name?.de ?? datastream.property}${channel}`,
    description: `${name?.en ?? datastream.property}${channel} at ${thing.name}`,
    observationType: MEASUREMENT,
    unitOfMeasurement: describeUnit(datastream.unit),
    properties: {
      slug: datastream.id,
      property: datastream.property,
      ...(datastream.channel !== undefined && { channel: datastream.channel }),
      ...(municipality && { municipality: municipality.id }),
      useCase,
      datasets: datasets.map(({ id }) => id),
      licences: [...new Set(datasets.map(({ licence }) => licence))],
      attributions: [...new Set(datasets.map(({ attribution }) => attribution).filter((text) => text !== ''))],
      delayMinutes: delayMs / MINUTE,
      ...(smallestCount !== undefined && { smallestCount }),
    },
  };
};

/** The symbol is UCUM's, which programs read; the name is what people read. */
const describeUnit = (unit: string): Body => {
  const known = (units as Readonly<Record<string, { symbol: string; kind: string }>>)[unit];
  return { name: known?.symbol || known?.kind || unit, symbol: unit, definition: unitUri(unit) };
};

/** UCUM code as the OGC's definitions server names it. */
const unitUri = (unit: string): string => `http://www.opengis.net/def/uom/UCUM/${encodeURIComponent(unit)}`;
