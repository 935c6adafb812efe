import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { asHubError, HubError } from '../../model/errors.ts';
import type { Reader } from '../access.ts';
import { answers, type ZodApp } from '../zod-app.ts';
import type { DumpKeeper } from './dump-keeper.ts';
import { MONTH_ID } from './month.ts';

/** Runs whose outcome is remembered; beyond, the oldest are forgotten. */
const MAX_REMEMBERED = 20;

const runResource = z
  .object({
    id: z.string(),
    state: z.enum(['running', 'done', 'failed']),
    items: z
      .array(
        z.object({
          dataset: z.string(),
          month: z.string(),
          action: z.enum(['made', 'unchanged', 'removed']),
          rows: z.number().int(),
        }),
      )
      .describe('What became of the files, once it is done'),
    error: z.object({ code: z.string(), detail: z.string() }).optional().describe('Why it failed'),
  })
  .meta({ id: 'DumpRun' });
type Run = z.infer<typeof runResource>;

const config = { access: 'local' } as const;
const tags = ['operation'];

/** Monthly files on demand: a run takes as long as there are months to read, so it is asked for and looked at. */
export const addDumpRuns = (app: ZodApp, { keeper, reader }: { keeper: DumpKeeper; reader: Reader }): void => {
  const runs = new Map<string, Run>();
  const remember = (run: Run): Run => {
    runs.set(run.id, run);
    const [oldest] = runs.keys();
    if (runs.size > MAX_REMEMBERED && oldest !== undefined) runs.delete(oldest);
    return run;
  };

  app.post(
    '/api/v1/dumps',
    {
      config,
      schema: {
        tags,
        summary: 'Make the monthly files now (local command line only)',
        body: z.strictObject({
          dataset: z.string().min(1).max(80).optional().describe('Only those of this dataset'),
          month: z.string().regex(MONTH_ID, 'write a month as 2026-03').optional().describe('Only those of this month'),
        }),
        response: answers({ 202: runResource }, 404, 413, 415),
      },
    },
    async ({ body, log }, reply) => {
      if (body.dataset !== undefined) reader.get('dataset', body.dataset);
      const id = randomUUID();
      keeper.make(body).then(
        (items) => remember({ id, state: 'done', items }),
        (thrown: unknown) => {
          log.warn({ err: thrown }, 'files of open data were not made');
          const { code, message: detail } = asHubError(thrown);
          remember({ id, state: 'failed', items: [], error: { code, detail } });
        },
      );
      return reply
        .code(202)
        .header('location', `/api/v1/dumps/${id}`)
        .send(remember({ id, state: 'running', items: [] }));
    },
  );

  app.get(
    '/api/v1/dumps/:id',
    {
      config,
      schema: {
        tags,
        summary: 'How far a run that makes monthly files is (local command line only)',
        params: z.object({ id: z.string().max(100).describe('Id of the run') }),
        response: answers({ 200: runResource }, 404),
      },
    },
    async ({ params: { id } }) => {
      const run = runs.get(id);
      if (!run) throw new HubError('HUB_NOT_FOUND', `There is no run "${id}"`);
      return run;
    },
  );
};
