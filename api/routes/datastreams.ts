import { z } from 'zod';
import { observedProperties } from '../../model/observed-properties.ts';
import { useCases } from '../../model/registry.ts';
import { MINUTE } from '../../model/time.ts';
import { addCollection } from '../collection.ts';
import { kindFilter, placeFilters, streamFilters, streamsThatPass } from '../stream-filter.ts';
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

export const addDatastreams = (app: ZodApp): void =>
  addCollection(app, {
    path: 'datastreams',
    access: 'public',
    tag: 'observations',
    what: 'datastreams: the series of one observed property at one thing',
    item: datastreamResource,
    filters: { ...streamFilters, ...kindFilter, dataset: placeFilters.dataset },
    keyOf: (stream: Stream) => stream.datastream.id,
    list: streamsThatPass,
    get: (reader, id) => reader.stream(id),
    present: (streams) => streams.map(presentStream),
  });
