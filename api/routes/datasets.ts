import { z } from 'zod';
import { type Dataset, datasetSchema, visibilities } from '../../model/registry.ts';
import type { Reader } from '../access.ts';
import { addCollection, passes } from '../collection.ts';
import type { RouteDeps } from '../deps.ts';
import { publicationOf } from '../membership.ts';
import type { ZodApp } from '../zod-app.ts';
import { addPublication, publicationShape } from './publication.ts';

const datasetResource = z
  .object({
    ...datasetSchema.shape,
    visibility: datasetSchema.shape.visibility.describe('For you: the widest of its publications'),
    publications: z
      .array(
        z.object({
          municipality: z.string().optional().describe('Absent: things at no place'),
          ...publicationShape,
          datastreams: z.number().int().describe('Datastreams of it that you may see'),
        }),
      )
      .describe('How the values of each municipality are published, as far as you may see any'),
  })
  .meta({ id: 'Dataset' });

export const addDatasets = (app: ZodApp, deps: RouteDeps): void => {
  addReading(app);
  addPublication(app, deps);
};

const addReading = (app: ZodApp): void =>
  addCollection(app, {
    path: 'datasets',
    access: 'public',
    tag: 'registry',
    what: 'datasets: what is published, under which licence',
    item: datasetResource,
    filters: {
      publisher: z.string().max(80).optional().describe('Municipality that publishes it'),
      visibility: datasetSchema.shape.visibility.unwrap().optional().describe('How it is published'),
      theme: datasetSchema.shape.themes.unwrap().element.optional().describe('Code of the EU vocabulary data-theme'),
      licence: datasetSchema.shape.licence.optional(),
      hvd: datasetSchema.shape.hvdCategory.unwrap().optional().describe('Category of a high-value dataset'),
    },
    keyOf: ({ id }: Dataset) => id,
    list: (reader, { publisher, visibility, theme, licence, hvd }, after) =>
      reader
        .list('dataset', after)
        .filter(
          (dataset) =>
            passes(publisher, dataset.publisher) &&
            passes(licence, dataset.licence) &&
            passes(hvd, dataset.hvdCategory) &&
            (theme === undefined || dataset.themes.includes(theme)) &&
            passes(visibility, shownVisibility(reader, dataset)),
        ),
    get: (reader, id) => reader.get('dataset', id),
    present: (entries, reader) => {
      const publications = publicationsOf(reader, new Set(entries.map(({ id }) => id)));
      return entries.map((dataset) => ({
        ...shownTo(reader, dataset),
        publications: publications.get(dataset.id) ?? [],
      }));
    },
  });

/** Whoever decides on a dataset sees how it was decided; all others see what it means for them. */
const decides = ({ principal: { role, municipality } }: Reader, { publisher }: Dataset): boolean =>
  role !== undefined && (municipality === undefined || municipality === publisher);

const shownVisibility = (reader: Reader, dataset: Dataset): Dataset['visibility'] => {
  if (decides(reader, dataset)) return dataset.visibility;
  const all = [dataset, ...Object.values(dataset.perMunicipality)].map(({ visibility }) => visibility);
  return visibilities.findLast((visibility) => all.includes(visibility)) ?? dataset.visibility;
};

/** Without what others decided to keep to themselves, and without the names of what is not seen. */
const shownTo = (reader: Reader, dataset: Dataset): Dataset => {
  if (decides(reader, dataset)) return dataset;
  const { municipality: own } = reader.principal;
  const isKnown = (id: string) => reader.find('municipality', id) !== undefined;
  const { things, municipalities, ...members } = dataset.members;
  const visibility = shownVisibility(reader, dataset);
  return {
    ...dataset,
    visibility,
    delayMinutes: visibility === 'delayed' ? leastDelay(dataset) : 0,
    perMunicipality: Object.fromEntries(
      Object.entries(dataset.perMunicipality).filter(
        ([id, publication]) => id === own || (publication.visibility !== 'private' && isKnown(id)),
      ),
    ),
    members: {
      ...members,
      ...(things && { things: things.filter((id) => reader.find('thing', id)) }),
      ...(municipalities && { municipalities: municipalities.filter(isKnown) }),
    },
  };
};

const leastDelay = (dataset: Dataset): number =>
  [dataset, ...Object.values(dataset.perMunicipality)]
    .filter(({ visibility }) => visibility === 'delayed')
    .reduce((least, { delayMinutes }) => Math.min(least, delayMinutes), Number.POSITIVE_INFINITY);

type Publications = z.infer<typeof datasetResource>['publications'];

/** For some datasets, counted over the datastreams that the asker sees of them. */
const publicationsOf = (reader: Reader, wanted: ReadonlySet<string>): Map<string, Publications> => {
  const counted = new Map<string, Map<string, Publications[number]>>();
  for (const { datasets, municipality } of reader.streams()) {
    for (const dataset of datasets) {
      if (!wanted.has(dataset.id)) continue;
      const byPlace = counted.get(dataset.id) ?? new Map<string, Publications[number]>();
      counted.set(dataset.id, byPlace);
      const held = byPlace.get(municipality?.id ?? '');
      if (held) held.datastreams++;
      else {
        byPlace.set(municipality?.id ?? '', {
          ...(municipality && { municipality: municipality.id }),
          ...publicationOf(dataset, municipality?.id),
          datastreams: 1,
        });
      }
    }
  }
  const inOrder = (places: Map<string, Publications[number]>) =>
    [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, publication]) => publication);
  return new Map([...counted].map(([id, places]) => [id, inOrder(places)]));
};
