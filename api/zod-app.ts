import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { parseRfc3339 } from '../model/time.ts';
import { PROBLEM_JSON, problemSchema } from './problem.ts';

/** A fastify scope whose schemas are zod's. */
export type ZodApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

const meanings = {
  400: 'The request is invalid; `faults` names the parameter and what to write',
  401: 'A valid bearer token is required',
  403: 'The token does not permit this',
  404: 'There is no such thing, or it is not for you to see',
  409: 'Conflicts with the present state',
  413: 'The body is too large',
  415: 'The media type is not supported',
  422: 'The entry is invalid; `faults` says where',
  429: 'Too many requests; see Retry-After',
  431: 'Address and headers are too long',
  500: 'An internal error occurred',
  503: 'Not possible right now; see Retry-After',
} as const;

const problem = (status: keyof typeof meanings) => ({
  description: meanings[status],
  content: { [PROBLEM_JSON]: { schema: problemSchema } },
});

const always = {
  400: problem(400),
  401: problem(401),
  403: problem(403),
  429: problem(429),
  431: problem(431),
  500: problem(500),
  503: problem(503),
};

/** Answers of a route: the good ones, the problems that every route may answer, and the further ones named. */
export const answers = <T extends Record<number, unknown>>(good: T, ...further: (404 | 409 | 413 | 415 | 422)[]) => ({
  ...always,
  ...Object.fromEntries(further.map((status) => [status, problem(status)])),
  ...good,
});

/** An instant in a query string, where an unescaped + arrives as a blank. */
export const queryInstant = z
  .string()
  .max(40)
  .meta({ format: 'date-time' })
  .transform((text) => text.replace(/ (\d\d:\d\d)$/, '+$1'))
  .refine((text) => parseRfc3339(text) !== undefined, 'write a time as 2026-03-02T07:15:31Z')
  .transform((text) => parseRfc3339(text) as number)
  .meta({ description: 'RFC 3339 date-time' });

export const timeSchema = z.string().meta({ format: 'date-time', description: 'RFC 3339, UTC' });
