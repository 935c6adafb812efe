import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import { devEuiSchema, instantSchema } from '../../model/registry.ts';
import type { RouteDeps } from '../deps.ts';
import { jobResource, presentJob } from '../job-resource.ts';
import { answers, type ZodApp } from '../zod-app.ts';

const scope = z.union(
  [
    z.strictObject({ profile: z.string().max(200) }),
    z.strictObject({ device: devEuiSchema }),
    z.strictObject({ all: z.literal(true) }),
  ],
  { error: 'write {"profile": "vendor/model"}, {"device": "24e1…"} or {"all": true}' },
);

const body = z.strictObject({
  scope,
  since: instantSchema.describe('Messages received by the hub at or after this instant are read again'),
  dryRun: z.boolean().default(false).describe('Only compute what would change'),
  reason: z.string().max(300).default('requested'),
});

const tags = ['operation'];
const config = { access: 'region-operator' } as const;
const params = z.object({ id: z.string().max(100) });

export const addReprocess = (app: ZodApp, { commands }: RouteDeps): void => {
  app.post(
    '/reprocess',
    {
      config,
      schema: {
        tags,
        summary: 'Replay the journal for a device, a profile or all',
        body,
        response: answers({ 202: jobResource }, 404, 413, 415),
      },
    },
    async ({ body: { since, ...request } }, reply) => {
      const job = await commands.replay({ ...request, since: Date.parse(since) });
      return reply.code(202).header('location', `/api/v1/reprocess/${job.id}`).send(presentJob(job));
    },
  );

  app.get(
    '/reprocess',
    {
      config,
      schema: {
        tags,
        summary: 'The newest replays',
        querystring: z.strictObject({}),
        response: answers({ 200: z.object({ items: z.array(jobResource) }) }),
      },
    },
    async (_request, reply) => reply.send({ items: (await commands.jobs()).map(presentJob) }),
  );

  const jobOf = async (id: string) => {
    const job = await commands.job(id);
    if (!job) throw new HubError('HUB_NOT_FOUND', `There is no job "${id}"`);
    return job;
  };

  app.get(
    '/reprocess/:id',
    { config, schema: { tags, summary: 'One replay', params, response: answers({ 200: jobResource }, 404) } },
    async (request, reply) => reply.send(presentJob(await jobOf(request.params.id))),
  );

  app.delete(
    '/reprocess/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Cancel a replay; what it has written stays',
        params,
        response: answers({ 200: jobResource }, 404),
      },
    },
    async (request, reply) => {
      await jobOf(request.params.id);
      await commands.cancelJob(request.params.id);
      return reply.send(presentJob(await jobOf(request.params.id)));
    },
  );
};
