import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import { formatTime } from '../../model/time.ts';
import { hasRole } from '../auth/principal.ts';
import type { RouteDeps } from '../deps.ts';
import { PROBLEM_JSON, problemOf, problemSchema } from '../problem.ts';
import { answers, timeSchema, type ZodApp } from '../zod-app.ts';

const partSchema = z.object({
  part: z.string(),
  ready: z.boolean(),
  detail: z.string().optional().describe('On the hub itself and for operators'),
  since: timeSchema.optional(),
});

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

const PASSED_ON = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/** From this machine itself, and not passed on by a proxy for somebody else. */
const isLocal = ({ raw, headers }: FastifyRequest): boolean =>
  LOOPBACK.test(raw.socket.remoteAddress ?? '') && PASSED_ON.every((name) => headers[name] === undefined);

export const addHealth = (app: ZodApp, { states, metrics, config }: RouteDeps): void => {
  const tags = ['operation'];
  const isTrusted = (request: FastifyRequest) => isLocal(request) || hasRole(request.reader.principal, 'operator');

  app.get(
    '/health',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Whether the process lives',
        response: answers({
          200: z.object({
            status: z.literal('ok'),
            version: z.string(),
            demo: z.boolean().describe('The region is simulated'),
            timeZone: z.string().describe('IANA time zone of local calendar days'),
          }),
        }),
      },
    },
    async (_request, reply) => {
      const { version, demo, timeZone } = config;
      return reply.header('cache-control', 'no-store').send({ status: 'ok', version, demo, timeZone });
    },
  );

  app.get(
    '/ready',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Whether every part of the hub works',
        response: answers({
          200: z.object({ ready: z.literal(true), parts: z.array(partSchema) }),
          503: {
            description: 'At least one part does not work',
            content: { [PROBLEM_JSON]: { schema: problemSchema.extend({ parts: z.array(partSchema) }) } },
          },
        }),
      },
    },
    async (request, reply) => {
      const parts = states().map(({ part, ready, detail, since }) => ({
        part,
        ready,
        ...(isTrusted(request) && { detail, ...(since !== undefined && { since: formatTime(since) }) }),
      }));
      void reply.header('cache-control', 'no-store');
      const failing = parts.filter(({ ready }) => !ready);
      if (failing.length === 0) return reply.send({ ready: true as const, parts });
      const error = new HubError('HUB_UNAVAILABLE', `Not ready: ${failing.map(({ part }) => part).join(', ')}`);
      return reply
        .code(503)
        .header('retry-after', '5')
        .type(PROBLEM_JSON)
        .send({ ...problemOf(error, '/ready'), parts });
    },
  );

  app.get(
    '/metrics',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Measures of the hub (Prometheus); from this machine, or with a token of an operator',
        response: answers({
          200: { description: 'Text exposition', content: { 'text/plain': { schema: z.string() } } },
        }),
      },
    },
    async (request, reply) => {
      if (!isTrusted(request)) {
        const code = request.reader.principal.role === undefined ? 'HUB_AUTH_REQUIRED' : 'HUB_AUTH_FORBIDDEN';
        throw new HubError(code, 'Measures are for operators');
      }
      // Already text: past the serialiser for JSON.
      return reply.type(metrics.contentType).send(Buffer.from(await metrics.metrics()) as never);
    },
  );
};
