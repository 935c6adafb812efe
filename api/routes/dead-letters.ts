import { z } from 'zod';
import { type ErrorCode, errorCatalogue } from '../../model/errors.ts';
import { devEuiSchema } from '../../model/registry.ts';
import { formatTime } from '../../model/time.ts';
import { outcomes } from '../../store/journal.ts';
import type { RouteDeps } from '../deps.ts';
import { decodeCursor, nextPage, numberIn, pageOf, pageQueryOf } from '../paging.ts';
import { answers, timeSchema, type ZodApp } from '../zod-app.ts';

const codes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

const deadLetterResource = z
  .object({
    position: z.number().int().describe('Journal position'),
    network: z.string(),
    devEui: z.string().optional(),
    code: z.enum(codes),
    title: z.string(),
    detail: z.string(),
    since: timeSchema,
  })
  .meta({ id: 'DeadLetter' });

export const addDeadLetters = (app: ZodApp, { commands }: RouteDeps): void => {
  app.get(
    '/dead-letters',
    {
      config: { access: 'region-operator' },
      schema: {
        tags: ['operation'],
        summary: 'Messages that could not be turned into observations',
        querystring: z.strictObject({
          ...pageQueryOf('dead-letters', '\\d{1,15}'),
          network: z.string().max(80).optional().describe('Id of the network server'),
          code: z.enum(codes).optional().describe('Why they are dead'),
          device: devEuiSchema.optional().describe('DevEUI'),
        }),
        response: answers({ 200: pageOf(deadLetterResource) }),
      },
    },
    async (request, reply) => {
      const { limit, cursor, network, code, device } = request.query;
      const after = numberIn(decodeCursor('dead-letters', cursor));
      const page = await request.reader.journal().deadLetters({
        limit,
        ...(network !== undefined && { network }),
        ...(code !== undefined && { code }),
        ...(device !== undefined && { devEui: device }),
        ...(after !== undefined && { after: String(after) }),
      });
      const items = page.items.map((letter) => ({
        ...letter,
        title: errorCatalogue[letter.code].title,
        since: formatTime(letter.since),
      }));
      return reply.send({ items, ...nextPage({ request, reply }, 'dead-letters', page.next) });
    },
  );

  app.post(
    '/dead-letters/:position/retry',
    {
      config: { access: 'region-operator' },
      schema: {
        tags: ['operation'],
        summary: 'Try again to decode a dead letter',
        params: z.object({ position: z.coerce.number().int().positive().describe('Journal position') }),
        response: answers(
          { 200: z.object({ position: z.number().int(), outcome: z.enum(outcomes).describe('What became of it') }) },
          404,
          409,
        ),
      },
    },
    async (request, reply) => {
      const { position } = request.params;
      const result = await commands.retryDeadLetter(position);
      const outcome = outcomes.find((one) => one === result) ?? 'pending';
      return reply.send({ position, outcome });
    },
  );
};
