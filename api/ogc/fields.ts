import { formatTime } from '../../model/time.ts';
import { presentJudged } from '../series/quality-query.ts';
import { isTrusted, type ThingNow } from '../things-now.ts';

export type FieldValue = string | number | boolean | null;

/** One flat property of the features of a collection: GIS make a column of it. */
export interface Field {
  readonly name: string;
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  readonly title: string;
  readonly format?: 'date-time';
  /** UCUM. */
  readonly unit?: string;
}

/** Parameters of every list of features; each queryable property is one more. */
export const itemsParameters = ['bbox', 'bbox-crs', 'crs', 'cursor', 'datetime', 'f', 'limit'] as const;

const text = (name: string, title: string): Field => ({ name, type: 'string', title });

/** What is said of every site. */
export const siteFields: readonly Field[] = [
  text('name', 'Name'),
  text('municipality', 'Gemeinde / Municipality (id)'),
  text('municipality_name', 'Gemeinde / Municipality'),
  text('municipality_key', 'Amtlicher Schlüssel / Official key'),
  text('address', 'Adresse / Address'),
];

/** What is said of every thing, whatever it measures. */
export const thingFields: readonly Field[] = [
  text('name', 'Name'),
  text('kind', 'Art / Kind'),
  text('use_case', 'Anwendung / Use case'),
  { name: 'simulated', type: 'boolean', title: 'Simuliert / Simulated' },
  text('site', 'Standort / Site (id)'),
  text('site_name', 'Standort / Site'),
  text('municipality', 'Gemeinde / Municipality (id)'),
  text('municipality_name', 'Gemeinde / Municipality'),
  text('datasets', 'Datensätze / Datasets (ids)'),
  text('licence', 'Lizenz / Licence'),
  { name: 'time', type: 'string', format: 'date-time', title: 'Neuester Wert / Newest value' },
];

/** All columns of a collection, so that each feature has each: null where the thing has no such value. */
export const thingProperties = (
  entry: ThingNow,
  fields: readonly Field[],
  columns: ReadonlyMap<number, string>,
): Record<string, FieldValue> => {
  const { thing, site, municipality, useCase, streams, time } = entry;
  const datasets = streams.flatMap((stream) => stream.datasets);
  const own: Record<string, FieldValue> = {
    name: thing.name,
    kind: thing.kind,
    use_case: useCase,
    simulated: thing.simulated,
    site: site?.id ?? null,
    site_name: site?.name ?? null,
    municipality: municipality?.id ?? null,
    municipality_name: municipality?.name ?? null,
    datasets: joined(datasets.map(({ id }) => id)),
    licence: joined(datasets.map(({ licence }) => licence)),
    time: time === undefined ? null : formatTime(time),
  };
  for (const { stream, observation } of entry.values) {
    const column = columns.get(stream.datastream.key);
    if (column === undefined) continue;
    // A map must not colour by what failed its tests: its quality says why it is left out.
    own[column] = isTrusted(observation) ? observation.value : null;
    own[`${column}_time`] = formatTime(observation.phenomenonTime);
    own[`${column}_quality`] = observation.withheld ? 'withheld' : presentJudged(observation).quality;
  }
  return Object.fromEntries(fields.map(({ name }) => [name, own[name] ?? null]));
};

const joined = (ids: readonly string[]): string | null =>
  ids.length === 0 ? null : [...new Set(ids)].sort().join(' ');
