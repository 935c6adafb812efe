import { z } from 'zod';
import { roles } from '../../model/ports.ts';
import { instantSchema } from '../../model/registry.ts';
import { formatTime, HOUR } from '../../model/time.ts';
import type { TokenInfo, TokenKeeper } from '../auth/tokens.ts';
import type { RouteDeps } from '../deps.ts';
import type { LiveHub } from '../live/live-hub.ts';
import { refuse } from '../problem.ts';
import { answers, timeSchema, type ZodApp } from '../zod-app.ts';

const tokenRoles = ['public', ...roles] as const;
const role = z
  .enum(tokenRoles)
  .describe('`public` is a key for open data: it sees what everybody sees, and may ask more often');

const tokenResource = z
  .object({
    id: z.string(),
    name: z.string().describe('Whom or what it is for'),
    role,
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

const asked = {
  name: z.string().trim().max(200).default('').describe('Whom or what it is for'),
  expiresAt: instantSchema.optional().describe('Until when it holds; default: until it is revoked'),
};
const body = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('public').describe('A key for open data: sees what everybody sees'), ...asked }),
  z.strictObject({
    role: z.enum(roles),
    municipality: z.string().max(80).optional().describe('Sees only this one and what is public'),
    ...asked,
  }),
]);

const tokenParams = z.object({
  id: z.string().max(100).describe('Id of the token, the part between plt_ and its secret'),
});

const newTokenResource = tokenResource
  .extend({ token: z.string().describe('Keep it: the hub does not') })
  .meta({ id: 'NewToken' });

const rotation = z.strictObject({
  overlapHours: z
    .number()
    .min(0)
    .max(24 * 90)
    .default(24)
    .describe('Hours for which the old token holds on, so that it can be exchanged wherever it is used'),
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
        response: answers({ 201: newTokenResource }, 404, 413, 415),
      },
    },
    async (request, reply) => {
      const { role: wanted, name, expiresAt: until } = request.body;
      const municipality = 'municipality' in request.body ? request.body.municipality : undefined;
      if (municipality !== undefined) request.reader.get('municipality', municipality);
      const expiresAt = until === undefined ? undefined : Date.parse(until);
      if (expiresAt !== undefined && expiresAt <= clock())
        refuse({ path: 'body.expiresAt', message: 'lies in the past', hint: 'write a time to come' });
      const { info, token } = await tokens.create({
        role: wanted,
        name,
        ...(municipality !== undefined && { municipality }),
        ...(expiresAt !== undefined && { expiresAt }),
      });
      request.log.info({ id: info.id, role: wanted, by: request.reader.principal.token }, 'token created');
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...present(info), token });
    },
  );

  app.post(
    '/tokens/:id/rotate',
    {
      config,
      schema: {
        tags,
        summary: 'Create a successor of a token; it is shown this once',
        description: 'The successor has the same name, role, municipality and end. The old token holds on for a while.',
        params: tokenParams,
        body: rotation,
        response: answers({ 201: newTokenResource }, 404, 409, 413, 415),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { info, token } = await tokens.rotate(id, request.body.overlapHours * HOUR);
      request.log.info({ id: info.id, successorOf: id, by: request.reader.principal.token }, 'token rotated');
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
        params: tokenParams,
        response: answers({ 204: z.undefined().describe('Revoked') }, 404),
      },
    },
    async (request, reply) => {
      await tokens.revoke(request.params.id);
      await hub.checkTokens();
      request.log.info({ id: request.params.id, by: request.reader.principal.token }, 'token revoked');
      return reply.code(204).send();
    },
  );
};
