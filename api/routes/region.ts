import { z } from 'zod';
import { entityKinds } from '../../model/registry.ts';
import type { RegistryChange } from '../../store/registry.ts';
import type { RouteDeps } from '../deps.ts';
import { answers, type ZodApp } from '../zod-app.ts';

const kinds = entityKinds.filter((kind) => kind !== 'datastream');

const entitySchema = z.union(
  [
    z.strictObject({ kind: z.enum(kinds), put: z.record(z.string(), z.unknown()) }),
    z.strictObject({ kind: z.enum(kinds), remove: z.string().max(300) }),
  ],
  { error: `write {"kind", "put"} or {"kind", "remove"} with one of the kinds ${kinds.join(', ')}` },
);

const reportSchema = z.object({
  kind: z.string(),
  id: z.string(),
  action: z.enum(['created', 'changed', 'removed', 'unchanged']),
});

/** What people wrote: not the datastreams, and not the things by which the hub keeps a device's health. */
const isWritten = (change: RegistryChange): boolean => {
  if (change.kind === 'datastream' || change.kind === 'staEntity' || !('put' in change)) return false;
  return change.kind !== 'thing' || (change.put.kind !== 'device' && !STANDS_FOR_STA.test(change.put.id));
};

/** What came by way of SensorThings is written that way. */
const STANDS_FOR_STA = /^sta-\d+$/;

export const addRegion = (app: ZodApp, { commands, config }: RouteDeps): void => {
  app.get(
    '/region',
    {
      config: { access: 'region-operator', etag: true },
      schema: {
        tags: ['registry'],
        summary: 'Every registry entry that people wrote, in the order in which they refer to each other',
        querystring: z.strictObject({}),
        response: answers({
          200: z.object({
            entities: z.array(z.object({ kind: z.enum(kinds), put: z.record(z.string(), z.unknown()) })),
          }),
        }),
      },
    },
    async (request, reply) => {
      const entities = request.reader.allEntries().filter(isWritten);
      return reply.send({ entities: entities as never });
    },
  );

  app.post(
    '/region',
    {
      // Datasets decide what is public: not for operators.
      config: { access: 'region-admin' },
      bodyLimit: config.maxRegionBytes,
      schema: {
        tags: ['registry'],
        summary: 'Create, change and remove registry entries, all or none; entries not named stay',
        querystring: z.strictObject({
          dryRun: z.enum(['true', 'false']).default('false').describe('Only say what would change'),
        }),
        body: z.strictObject({ entities: z.array(entitySchema).max(1_000_000) }),
        response: answers({ 200: z.object({ changes: z.array(reportSchema) }) }, 409, 413, 415, 422),
      },
    },
    async (request, reply) => {
      const dryRun = request.query.dryRun === 'true';
      const changes = await commands.applyEntities(request.body.entities, { dryRun });
      return reply.send({ changes });
    },
  );
};
