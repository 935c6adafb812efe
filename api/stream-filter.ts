import { z } from 'zod';
import { type ThingKind, thingSchema, type UseCase, useCases } from '../model/registry.ts';
import type { Reader } from './access.ts';
import { type BoundingBox, bboxQuery, isWithin } from './bbox.ts';
import { passes } from './collection.ts';
import type { Stream } from './visibility.ts';

/** Parameters by which datastreams are chosen, by what they are. */
export const streamFilters = {
  municipality: z.string().optional(),
  site: z.string().optional(),
  thing: z.string().optional(),
  property: z.string().optional().describe('Observed property'),
  useCase: z.enum(useCases).optional(),
};

/** The same, and by dataset and place. */
export const placeFilters = {
  ...streamFilters,
  dataset: z.string().max(80).optional().describe('Dataset that they belong to'),
  bbox: bboxQuery.optional(),
};

export const kindFilter = { kind: thingSchema.shape.kind.optional().describe('Kind of thing') };

interface StreamFilter {
  readonly municipality?: string | undefined;
  readonly site?: string | undefined;
  readonly thing?: string | undefined;
  readonly property?: string | undefined;
  readonly useCase?: UseCase | undefined;
  readonly kind?: ThingKind | undefined;
  readonly dataset?: string | undefined;
  readonly bbox?: BoundingBox | undefined;
}

/** By what the asker may know: a dataset that keeps a municipality's things private does not hold them. */
export const streamPasses = (stream: Stream, filter: StreamFilter): boolean => {
  const { datastream, thing, site, municipality, useCase, datasets } = stream;
  return (
    passes(filter.property, datastream.property) &&
    passes(filter.thing, thing.id) &&
    passes(filter.useCase, useCase) &&
    passes(filter.kind, thing.kind) &&
    passes(filter.municipality, municipality?.id) &&
    passes(filter.site, site?.id) &&
    (filter.dataset === undefined || datasets.some(({ id }) => id === filter.dataset)) &&
    (filter.bbox === undefined || (site !== undefined && isWithin(site.geometry.coordinates, filter.bbox)))
  );
};

/** Datastreams that an asker sees and that satisfy every filter, by id. */
export function* streamsThatPass(reader: Reader, filter: StreamFilter, after?: string): Generator<Stream> {
  for (const stream of reader.streams(after)) if (streamPasses(stream, filter)) yield stream;
}
