import { z } from 'zod';
import type { RouteDeps } from '../deps.ts';
import { answers, type ZodApp } from '../zod-app.ts';

/** The hub's own folder is nobody's to guess. */
const ABSOLUTE = /^\/[ -~\u00a0-\uffff]+$/;

/** Writes a file where the hub runs, so only the command line on that machine may ask for it. */
export const addBackup = (app: ZodApp, { commands }: RouteDeps): void => {
  app.post(
    '/backup',
    {
      config: { access: 'local' },
      schema: {
        tags: ['operation'],
        summary: 'Write a consistent copy of all state to a new file (local command line only)',
        body: z.strictObject({
          file: z
            .string()
            .max(4_096)
            .regex(ABSOLUTE, 'write an absolute path, e.g. /var/backups/plietsch.db')
            .describe('Absolute path of a file that does not exist'),
        }),
        response: answers({ 200: z.object({ bytes: z.number().int(), head: z.number().int() }) }, 409, 413, 415),
      },
    },
    async (request, reply) => reply.send({ ...(await commands.backup(request.body.file)) }),
  );
};
