import { z } from 'zod';
import { type Thing, thingKinds, thingSchema, useCases } from '../../model/registry.ts';
import { addCollection, passes } from '../collection.ts';
import type { ZodApp } from '../zod-app.ts';

const thingResource = z
  .object({
    ...thingSchema.shape,
    useCase: z.enum(useCases),
    municipality: z.string().optional(),
    datastreams: z.array(z.string()).describe('Those of its datastreams that you may see'),
  })
  .meta({ id: 'Thing' });

export const addThings = (app: ZodApp): void =>
  addCollection(app, {
    path: 'things',
    access: 'public',
    tag: 'registry',
    what: 'things: what is monitored',
    item: thingResource,
    filters: {
      municipality: z.string().optional(),
      site: z.string().optional(),
      kind: thingSchema.shape.kind.optional(),
      useCase: z.enum(useCases).optional(),
    },
    keyOf: ({ id }: Thing) => id,
    list: (reader, filters, after) =>
      reader
        .list('thing', after)
        .filter(
          ({ site, kind }) =>
            passes(filters.kind, kind) &&
            passes(filters.useCase, thingKinds[kind]) &&
            passes(filters.site, site) &&
            (filters.municipality === undefined ||
              reader.find('site', site ?? '')?.municipality === filters.municipality),
        ),
    get: (reader, id) => reader.get('thing', id),
    present: (things, reader) =>
      things.map((thing) => {
        const site = thing.site === undefined ? undefined : reader.find('site', thing.site);
        return {
          ...thing,
          useCase: thingKinds[thing.kind],
          ...(site && { municipality: site.municipality }),
          datastreams: reader.streamsOfThing(thing.id).map(({ datastream }) => datastream.id),
        };
      }),
  });
