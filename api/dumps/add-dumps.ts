import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import type { Reader } from '../access.ts';
import { presentTerms } from '../formats/terms.ts';
import { termsResource } from '../routes/observations.ts';
import { answers, type ZodApp } from '../zod-app.ts';
import { addDumpRuns } from './add-runs.ts';
import type { DumpKeeper } from './dump-keeper.ts';
import { sendFile } from './file-answer.ts';
import { manifestSchema } from './manifest.ts';

const slug = z.string().min(1).max(80);
const FILE_NAME = /^\d{4}-\d\d\.(csv\.gz|parquet|json)$/;

const missing = (dataset: string, name: string) => new HubError('HUB_NOT_FOUND', `There is no file ${dataset}/${name}`);

interface DumpRoutes {
  readonly keeper: DumpKeeper;
  /** What the public sees, whoever asks: the files hold nothing else. */
  readonly reader: Reader;
}

/** Monthly files of published datasets at /dumps/, and what there is of them. */
export const addDumps = (app: ZodApp, { keeper, reader }: DumpRoutes): void => {
  const { shelf } = keeper;
  app.get(
    '/dumps/',
    {
      config: { access: 'public', etag: true },
      schema: {
        tags: ['dumps'],
        summary: 'Monthly files of all published datasets',
        response: answers({
          200: z.object({
            datasets: z.array(termsResource.extend({ months: z.array(manifestSchema) }).meta({ id: 'DumpsOfDataset' })),
          }),
        }),
      },
    },
    async () => {
      const datasets = [];
      for (const dataset of reader.list('dataset')) {
        const months = await shelf.manifests(dataset.id);
        if (months.length > 0) datasets.push({ ...presentTerms(dataset), months });
      }
      return { datasets };
    },
  );

  app.get('/dumps', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.redirect('/dumps/', 308),
  );

  app.get(
    '/dumps/:dataset/:file',
    {
      config: { access: 'public' },
      // What is compressed already only costs.
      compress: false,
      schema: {
        tags: ['dumps'],
        summary: 'A file: <month>.csv.gz, <month>.parquet, or <month>.json, which describes both',
        description: 'Its ETag is its SHA-256. A download that broke off is resumed with Range and If-Range.',
        params: z.object({ dataset: slug, file: z.string().max(30).describe('e.g. 2026-03.parquet') }),
        response: answers(
          {
            200: {
              description: 'The file',
              content: {
                'application/gzip': { schema: z.string().describe('CSV, compressed by gzip') },
                'application/vnd.apache.parquet': { schema: z.string().describe('Apache Parquet') },
                'application/json': { schema: manifestSchema },
              },
            },
          },
          404,
        ),
      },
    },
    async (request, reply) => {
      const { dataset, file: name } = request.params;
      if (!FILE_NAME.test(name)) throw missing(dataset, name);
      if (name.endsWith('.json')) {
        const manifest = (await shelf.manifests(dataset)).find(({ month }) => month === name.slice(0, 7));
        if (!manifest) throw missing(dataset, name);
        return reply.type('application/json').send(manifest);
      }
      const found = await shelf.find(dataset, name);
      if (!found) throw missing(dataset, name);
      const { path, file, madeAt } = found;
      return sendFile({ request, reply }, { ...file, path, name: `${dataset}-${name}`, modifiedAt: madeAt });
    },
  );

  app.get(
    '/api/v1/datasets/:id/dumps',
    {
      config: { access: 'public', etag: true },
      schema: {
        tags: ['dumps'],
        summary: 'Monthly files of a dataset, newest first',
        params: z.object({ id: slug }),
        response: answers({ 200: z.object({ items: z.array(manifestSchema) }) }, 404),
      },
    },
    async (request) => {
      const { id } = request.reader.get('dataset', request.params.id);
      return { items: await shelf.manifests(id) };
    },
  );

  addDumpRuns(app, { keeper, reader });
};

/** Runs begin when the hub listens: a command that opens it for a moment makes files only when it is asked to. */
export const keepDumps = (app: FastifyInstance, keeper: DumpKeeper): void => {
  app.addHook('onListen', () => keeper.start());
  app.addHook('preClose', () => keeper.stop());
};
