import { z } from 'zod';
import type { Job } from '../model/ports.ts';
import { formatTime } from '../model/time.ts';
import { timeSchema } from './zod-app.ts';

const count = z.number().int();

export const jobResource = z
  .object({
    id: z.string(),
    state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    scope: z.object({ profile: z.string().optional(), device: z.string().optional(), all: z.literal(true).optional() }),
    since: timeSchema,
    dryRun: z.boolean(),
    reason: z.string(),
    done: count.describe('Journal entries read so far'),
    total: count.describe('Journal entries to be read'),
    diff: z.object({
      unchanged: count,
      changed: count,
      added: count,
      gone: count,
      largest: z
        .array(
          z.object({
            datastream: z.string(),
            phenomenonTime: timeSchema,
            before: z.number().nullable().optional(),
            after: z.number().nullable().optional(),
          }),
        )
        .describe('The largest changes first'),
    }),
    bounded: z.string().optional().describe('Why what was asked for cannot be replayed whole'),
    error: z.string().optional(),
    createdAt: timeSchema,
    finishedAt: timeSchema.optional(),
  })
  .meta({ id: 'ReprocessJob' });

export const presentJob = (job: Job): z.input<typeof jobResource> => {
  const { id, state, request, done, total, diff, bounded, error, createdAt, finishedAt } = job;
  return {
    id,
    state,
    scope: request.scope,
    since: formatTime(request.since),
    dryRun: request.dryRun,
    reason: request.reason,
    done,
    total,
    diff: {
      unchanged: diff.unchanged,
      changed: diff.changed,
      added: diff.added,
      gone: diff.gone,
      largest: diff.largest.map(({ datastream, phenomenonTime, before, after }) => ({
        datastream,
        phenomenonTime: formatTime(phenomenonTime),
        ...(before !== undefined && { before }),
        ...(after !== undefined && { after }),
      })),
    },
    ...(bounded !== undefined && { bounded }),
    ...(error !== undefined && { error }),
    createdAt: formatTime(createdAt),
    ...(finishedAt !== undefined && { finishedAt: formatTime(finishedAt) }),
  };
};
