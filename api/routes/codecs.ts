import { z } from 'zod';
import { foreignCodecSchema } from '../../devices/foreign-schema.ts';
import { HubError } from '../../model/errors.ts';
import type { CodecVersion } from '../../model/ports.ts';
import { formatTime } from '../../model/time.ts';
import type { RouteDeps } from '../deps.ts';
import { jobResource, presentJob } from '../job-resource.ts';
import { answers, queryInstant, timeSchema, type ZodApp } from '../zod-app.ts';

/** A script of 256 KiB as JSON text, and vectors. */
const MAX_UPLOAD_BYTES = 2 * 1024 * 1024;

const versionResource = z
  .object({
    profile: z.string().describe('Device profile that it decodes'),
    version: z.number().int(),
    active: z.boolean().describe('It decodes what comes in'),
    createdAt: timeSchema,
    createdBy: z.string().describe('Id of the token'),
    activatedAt: timeSchema.optional(),
    activatedBy: z.string().optional(),
  })
  .meta({ id: 'CodecVersion' });

const uploadResource = z
  .object({
    profile: z.string(),
    version: z.number().int(),
    vectors: z.number().int().describe('All of them passed'),
    active: z.boolean().describe('The first version of a profile is active at once'),
  })
  .meta({ id: 'CodecUpload' });

const present = ({ createdAt, activatedAt, ...version }: CodecVersion): z.input<typeof versionResource> => ({
  ...version,
  createdAt: formatTime(createdAt),
  ...(activatedAt !== undefined && { activatedAt: formatTime(activatedAt) }),
});

const tags = ['codecs'];
const config = { access: 'region-operator' } as const;
const dryRun = z.enum(['true', 'false']).default('false');
const listResource = z.object({ items: z.array(versionResource) });
const ofProfile = z.object({ vendor: z.string().max(100), model: z.string().max(200) });
const ofVersion = ofProfile.extend({ version: z.coerce.number().int().min(1).max(1_000_000_000) });
const nameOf = ({ vendor, model }: z.infer<typeof ofProfile>): string => `${vendor}/${model}`;

/** Codecs that operators bring along: kept in versions, tried before they are used. */
export const addCodecs = (app: ZodApp, deps: RouteDeps): void => {
  addReading(app, deps);
  addChanging(app, deps);
};

const addReading = (app: ZodApp, { codecs }: RouteDeps): void => {
  app.get(
    '/codecs',
    {
      config,
      schema: {
        tags,
        summary: 'All versions of all uploaded codecs',
        querystring: z.strictObject({}),
        response: answers({ 200: listResource }),
      },
    },
    async (_request, reply) => reply.send({ items: (await codecs.versions()).map(present) }),
  );

  app.get(
    '/codecs/:vendor/:model',
    {
      config,
      schema: {
        tags,
        summary: 'The versions of one codec, the newest first',
        params: ofProfile,
        querystring: z.strictObject({}),
        response: answers({ 200: listResource }, 404),
      },
    },
    async ({ params }, reply) => {
      const versions = await codecs.versions(nameOf(params));
      if (versions.length === 0) throw new HubError('HUB_NOT_FOUND', `There is no uploaded codec "${nameOf(params)}"`);
      return reply.send({ items: versions.map(present) });
    },
  );

  app.get(
    '/codecs/:vendor/:model/:version',
    {
      config,
      schema: {
        tags,
        summary: 'One version with all that was uploaded',
        params: ofVersion,
        querystring: z.strictObject({}),
        response: answers(
          { 200: versionResource.extend({ upload: z.record(z.string(), z.unknown()) }).meta({ id: 'StoredCodec' }) },
          404,
        ),
      },
    },
    async ({ params }, reply) => {
      const found = await codecs.version(nameOf(params), params.version);
      if (!found) throw new HubError('HUB_NOT_FOUND', `There is no version ${params.version} of "${nameOf(params)}"`);
      const { body, ...version } = found;
      return reply.send({ ...present(version), upload: body as Record<string, unknown> });
    },
  );
};

const addChanging = (app: ZodApp, { codecs }: RouteDeps): void => {
  app.post(
    '/codecs',
    {
      config,
      bodyLimit: MAX_UPLOAD_BYTES,
      schema: {
        tags,
        summary: "Upload a vendor's codec as the next version of its profile; its vectors must pass",
        querystring: z.strictObject({ dryRun: dryRun.describe('Only check it and run its vectors') }),
        body: foreignCodecSchema,
        response: answers({ 200: uploadResource, 201: uploadResource }, 413, 415, 422),
      },
    },
    async (request, reply) => {
      const isDryRun = request.query.dryRun === 'true';
      const by = request.reader.principal.token ?? 'unknown';
      const upload = await codecs.put(request.body, { by, dryRun: isDryRun });
      if (isDryRun) return reply.code(200).send(upload);
      return reply.code(201).header('location', `/api/v1/codecs/${upload.profile}/${upload.version}`).send(upload);
    },
  );

  app.post(
    '/codecs/:vendor/:model/:version/activate',
    {
      config,
      schema: {
        tags,
        summary: 'Decode by this version from now on, and replay what came in since; with dryRun only compare',
        params: ofVersion,
        querystring: z.strictObject({
          dryRun: dryRun.describe('Only compute what would change'),
          since: queryInstant.optional().describe('Messages received at or after this instant; default: all'),
        }),
        response: answers({ 202: jobResource }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const job = await codecs.activate(nameOf(params), params.version, {
        by: request.reader.principal.token ?? 'unknown',
        dryRun: query.dryRun === 'true',
        since: query.since ?? 0,
      });
      return reply.code(202).header('location', `/api/v1/reprocess/${job.id}`).send(presentJob(job));
    },
  );
};
