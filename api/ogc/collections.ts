import { HubError } from '../../model/errors.ts';
import type { ThingKind } from '../../model/registry.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import { licenceUrls } from '../catalogue/licences.ts';
import { mapInTurns } from '../in-turns.ts';
import type { ThingNow, ThingsNow } from '../things-now.ts';
import type { Stream } from '../visibility.ts';
import { type Columns, columnsOf, MAX_COLUMNS } from './columns.ts';
import { type Field, type FieldValue, siteFields, thingFields, thingProperties } from './fields.ts';

/** A feature before it becomes text; its place is longitude, latitude (CRS84). */
export interface Feature {
  readonly id: string;
  readonly place: readonly [number, number] | null;
  readonly time: EpochMs | undefined;
  readonly properties: Readonly<Record<string, FieldValue>>;
}

export interface Collection {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly fields: readonly Field[];
  /** Its features have no time, so that none is asked for. */
  readonly isTimeless?: true;
  /** Addresses of the licences of what it shows. */
  readonly licences: readonly string[];
  /** By id. */
  features(): Promise<readonly Feature[]>;
}

/** Titles of the collections, in German and English. */
const kindTitles: Readonly<Record<ThingKind, string>> = {
  container_slot: 'Abfallbehälter / Waste containers',
  road_cross_section: 'Verkehrszählstellen / Traffic counters',
  gauge: 'Pegel / Water gauges',
  weather_station: 'Wetterstationen / Weather stations',
  meter: 'Zähler / Meters',
  air_station: 'Luftmessstellen / Air quality stations',
  parking_bay: 'Stellplätze / Parking bays',
  other: 'Weitere Messstellen / Other things',
  device: 'Zustand der Sensoren / Health of devices',
};

const NEWEST = `One point each, with the newest value of every property (at most ${MAX_COLUMNS}) as columns <property>, <property>_time and <property>_quality; a value that failed its quality tests, or that is a small count, is left out.`;

/** What one asker sees as collections: sites, things, and a collection with newest values for each kind of thing. */
export const createCollections = (now: ThingsNow) => {
  const withValues = createFeatures();
  const withoutValues = createFeatures();
  const columnsFor = createColumns();
  const ofKind = (reader: Reader, kind: ThingKind): Collection => {
    const streams = now.streams(reader, kind);
    const columns = columnsFor(streams);
    return {
      id: kind,
      title: kindTitles[kind],
      description: NEWEST,
      fields: columns.fields,
      licences: licenceUrls(streams),
      features: async () => withValues(await now.things(reader, kind), columns),
    };
  };
  const sites = (reader: Reader): Collection => ({
    id: 'sites',
    title: 'Standorte / Sites',
    description: 'Places where something is measured.',
    fields: siteFields,
    isTimeless: true,
    licences: [],
    features: async () => siteFeatures(reader),
  });
  const things = (reader: Reader): Collection => ({
    id: 'things',
    title: 'Messstellen / Things',
    description: 'Everything that is measured, of all kinds, without its values.',
    fields: thingFields,
    licences: [],
    features: async () => {
      const all = await Promise.all(now.kinds(reader).map((kind) => now.things(reader, kind)));
      const features = await Promise.all(all.map((some) => withoutValues(some, onlyThings)));
      return features.flat().sort(byId);
    },
  });
  return {
    list: (reader: Reader): Collection[] => [
      sites(reader),
      things(reader),
      ...now.kinds(reader).map((kind) => ofKind(reader, kind)),
    ],
    /** Throws HUB_NOT_FOUND. */
    get: (reader: Reader, id: string): Collection => {
      if (id === 'sites') return sites(reader);
      if (id === 'things') return things(reader);
      const kind = now.kinds(reader).find((one) => one === id);
      if (!kind) throw new HubError('HUB_NOT_FOUND', `There is no collection "${id}"`);
      return ofKind(reader, kind);
    },
  };
};

const onlyThings: Columns = { fields: thingFields, names: new Map() };

/** Columns of one view of the registry are named once. */
const createColumns = (): ((streams: readonly Stream[]) => Columns) => {
  const made = new WeakMap<readonly Stream[], Columns>();
  return (streams) => {
    const known = made.get(streams);
    if (known) return known;
    const { fields, names } = columnsOf(streams);
    const columns = { names, fields: [...thingFields, ...fields] };
    made.set(streams, columns);
    return columns;
  };
};

const byId = (a: Feature, b: Feature): number => (a.id < b.id ? -1 : 1);

/** Things that are turned into features before others of the thread have their turn: some milliseconds. */
const THINGS_A_TURN = 250;

type Things = readonly ThingNow[];

/** Features of one reading of the store are made once. */
const createFeatures = (): ((things: Things, columns: Columns) => Promise<readonly Feature[]>) => {
  const made = new WeakMap<Things, Promise<readonly Feature[]>>();
  return (things, columns) => {
    const known = made.get(things) ?? mapInTurns(things, THINGS_A_TURN, (entry) => featureOf(entry, columns));
    made.set(things, known);
    return known;
  };
};

const featureOf = (entry: ThingNow, { fields, names }: Columns): Feature => ({
  id: entry.thing.id,
  place: entry.site?.geometry.coordinates ?? null,
  time: entry.time,
  properties: thingProperties(entry, fields, names),
});

const siteFeatures = (reader: Reader): Feature[] => {
  const features: Feature[] = [];
  for (const { id, name, municipality, geometry, address } of reader.list('site')) {
    const at = reader.find('municipality', municipality);
    features.push({
      id,
      place: geometry.coordinates,
      time: undefined,
      properties: {
        name,
        municipality: at?.id ?? null,
        municipality_name: at?.name ?? null,
        municipality_key: at?.key ?? null,
        address: address ?? null,
      },
    });
  }
  return features.sort(byId);
};
