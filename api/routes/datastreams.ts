import { z } from 'zod';
import { observedProperties } from '../../model/observed-properties.ts';
import { type ThingKind, thingSchema, type UseCase, useCases } from '../../model/registry.ts';
import { MINUTE } from '../../model/time.ts';
import { addCollection, passes } from '../collection.ts';
import type { Stream } from '../visibility.ts';
import type { ZodApp } from '../zod-app.ts';

export const datastreamResource = z
  .object({
    id: z.string().describe('<thing>.<property>[.<channel>]'),
    thing: z.string(),
    property: z.string(),
    channel: z.string().optional(),
    unit: z.string().describe('UCUM code'),
    site: z.string().optional(),
    municipality: z.string().optional(),
    useCase: z.enum(useCases),
    simulated: z.boolean().describe('Invented by the simulator'),
    aggregation: z.enum(['mean', 'sum', 'last']).describe('How values of a longer time are summed up'),
    delayMinutes: z.number().describe('You see values when they are this old'),
  })
  .meta({ id: 'Datastream' });

export const presentStream = ({ datastream, thing, site, municipality, useCase, delayMs }: Stream) => ({
  id: datastream.id,
  thing: thing.id,
  property: datastream.property,
  ...(datastream.channel !== undefined && { channel: datastream.channel }),
  unit: datastream.unit,
  ...(site && { site: site.id }),
  ...(municipality && { municipality: municipality.id }),
  useCase,
  simulated: thing.simulated,
  aggregation: observedProperties.get(datastream.property)?.aggregation ?? ('mean' as const),
  delayMinutes: delayMs / MINUTE,
});

export const streamFilters = {
  municipality: z.string().optional(),
  site: z.string().optional(),
  thing: z.string().optional(),
  property: z.string().optional().describe('Observed property'),
  useCase: z.enum(useCases).optional(),
};

interface StreamFilter {
  readonly municipality?: string | undefined;
  readonly site?: string | undefined;
  readonly thing?: string | undefined;
  readonly property?: string | undefined;
  readonly useCase?: UseCase | undefined;
  readonly kind?: ThingKind | undefined;
}

export const streamPasses = (stream: Stream, filter: StreamFilter): boolean =>
  passes(filter.property, stream.datastream.property) &&
  passes(filter.thing, stream.thing.id) &&
  passes(filter.useCase, stream.useCase) &&
  passes(filter.kind, stream.thing.kind) &&
  passes(filter.municipality, stream.municipality?.id) &&
  passes(filter.site, stream.site?.id);

export const addDatastreams = (app: ZodApp): void =>
  addCollection(app, {
    path: 'datastreams',
    access: 'public',
    tag: 'observations',
    what: 'datastreams: the series of one observed property at one thing',
    item: datastreamResource,
    filters: { ...streamFilters, kind: thingSchema.shape.kind.optional(), dataset: z.string().optional() },
    keyOf: (stream: Stream) => stream.datastream.id,
    *list(reader, filters, after) {
      const dataset = filters.dataset === undefined ? undefined : reader.find('dataset', filters.dataset);
      if (filters.dataset !== undefined && !dataset) return;
      for (const stream of reader.streams(after)) {
        if (streamPasses(stream, filters) && (!dataset || reader.isMember(stream, dataset))) yield stream;
      }
    },
    get: (reader, id) => reader.stream(id),
    present: (streams) => streams.map(presentStream),
  });
