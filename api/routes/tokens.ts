import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import { roles } from '../../model/ports.ts';
import { instantSchema } from '../../model/registry.ts';
import { formatTime } from '../../model/time.ts';
import type { RouteDeps } from '../deps.ts';
import type { LiveHub } from '../live-hub.ts';
import type { TokenInfo, TokenKeeper } from '../tokens.ts';
import { answers, timeSchema, type ZodApp } from '../zod-app.ts';

const tokenResource = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles),
    municipality: z.string().optional().describe('Sees only this one and what is public'),
    createdAt: timeSchema,
    expiresAt: timeSchema.optional(),
    lastUsedAt: timeSchema.optional().describe('To the minute'),
  })
  .meta({ id: 'Token' });

const present = ({ createdAt, expiresAt, lastUsedAt, id, name, role, municipality }: TokenInfo) => ({
  id,
  name,
  role,
  ...(municipality !== undefined && { municipality }),
  createdAt: formatTime(createdAt),
  ...(expiresAt !== undefined && { expiresAt: formatTime(expiresAt) }),
  ...(lastUsedAt !== undefined && { lastUsedAt: formatTime(lastUsedAt) }),
});

const body = z.strictObject({
  role: z.enum(roles),
  name: z.string().trim().max(200).default(''),
  municipality: z.string().max(80).optional(),
  expiresAt: instantSchema.optional(),
});

const tags = ['operation'];
const config = { access: 'region-admin' } as const;

export const addTokens = (
  app: ZodApp,
  { tokens, hub, clock }: RouteDeps & { tokens: TokenKeeper; hub: LiveHub },
): void => {
  app.get(
    '/tokens',
    {
      config,
      schema: {
        tags,
        summary: 'Tokens, without their secrets',
        querystring: z.strictObject({}),
        response: answers({ 200: z.object({ items: z.array(tokenResource) }) }),
      },
    },
    async (_request, reply) => reply.send({ items: (await tokens.list()).map(present) }),
  );

  app.post(
    '/tokens',
    {
      config,
      schema: {
        tags,
        summary: 'Create a token; it is shown this once',
        body,
        response: answers(
          { 201: tokenResource.extend({ token: z.string().describe('Keep it: the hub does not') }) },
          404,
          413,
          415,
        ),
      },
    },
    async (request, reply) => {
      const { role, name, municipality, expiresAt: until } = request.body;
      if (municipality !== undefined) request.reader.get('municipality', municipality);
      const expiresAt = until === undefined ? undefined : Date.parse(until);
      if (expiresAt !== undefined && expiresAt <= clock()) {
        const fault = { path: 'body.expiresAt', message: 'lies in the past', hint: 'write a time to come' };
        throw new HubError('HUB_REQUEST_INVALID', 'body.expiresAt: lies in the past', { faults: [fault] });
      }
      const { info, token } = await tokens.create({
        role,
        name,
        ...(municipality !== undefined && { municipality }),
        ...(expiresAt !== undefined && { expiresAt }),
      });
      request.log.info({ token: info.id, role, by: request.reader.principal.token }, 'token created');
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...present(info), token });
    },
  );

  app.delete(
    '/tokens/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Revoke a token; its live streams end',
        params: z.object({ id: z.string().max(100) }),
        response: answers({ 204: z.undefined().describe('Revoked') }, 404),
      },
    },
    async (request, reply) => {
      await tokens.revoke(request.params.id);
      await hub.checkTokens();
      request.log.info({ token: request.params.id, by: request.reader.principal.token }, 'token revoked');
      return reply.code(204).send();
    },
  );
};
