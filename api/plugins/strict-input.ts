import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { refuse } from '../problem.ts';

/** Names under which tokens are sent in addresses elsewhere (RFC 6750 §2.3 is the reason not to). */
const TOKEN_NAME = /^(?:access[_-]?token|api[_-]?key|auth(?:orization)?|bearer|jwt|token)$/i;
/** One of ours, or a JSON Web Token. */
const TOKEN_VALUE = /plt_[0-9a-f]{16}_|^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

/** Characters of a parameter whose schema says nothing of its length. */
export const LONGEST_PARAMETER = 1_000;

const check = async ({ query, routeOptions }: FastifyRequest): Promise<void> => {
  // What others serve has rules of its own.
  if (routeOptions.config.access === undefined || query === null || typeof query !== 'object') return;
  for (const [name, value] of Object.entries(query as Record<string, unknown>)) {
    const path = `query.${name.slice(0, 100)}`;
    if (TOKEN_NAME.test(name) || [value].flat().some((one) => TOKEN_VALUE.test(String(one)))) {
      refuse({
        path,
        message: 'a token does not belong in an address, which ends up in logs and histories',
        hint: 'send it as the header "Authorization: Bearer …", and create a new one: this one has been seen',
      });
    }
    if (Array.isArray(value)) refuse({ path, message: 'is given more than once', hint: 'write it once' });
  }
};

/** Refuses what no schema says by itself: parameters given twice, and tokens in addresses. */
export const addStrictInput = (app: FastifyInstance): void => {
  app.addHook('onRequest', check);
};

const tooLong = (limits: ReadonlyMap<string, number>) => async (request: FastifyRequest) => {
  for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
    const limit = limits.get(name) ?? LONGEST_PARAMETER;
    if (String(value).length > limit)
      refuse({ path: `query.${name.slice(0, 100)}`, message: 'is too long', hint: `at most ${limit} characters` });
  }
};

/**
 * For scopes with zod schemas. A route that names no parameters takes none: whoever misspells one is told. Texts are
 * bounded, whether or not a schema says so.
 */
export const boundQueries = (app: FastifyInstance): void => {
  app.addHook('onRoute', (route) => {
    // Those with a parser of their own.
    if (route.url.endsWith('*')) return;
    const querystring = route.schema?.querystring ?? z.strictObject({});
    route.schema = { ...route.schema, querystring };
    route.preValidation = [...[route.preValidation ?? []].flat(), tooLong(limitsOf(querystring as z.ZodType))];
  });
};

const limitsOf = (querystring: z.ZodType): Map<string, number> => {
  const { properties = {} } = z.toJSONSchema(querystring, { io: 'input', unrepresentable: 'any' });
  return new Map(
    Object.entries(properties).flatMap(([name, schema]) => {
      const limit = typeof schema === 'object' ? schema.maxLength : undefined;
      return limit === undefined ? [] : [[name, limit] as const];
    }),
  );
};
