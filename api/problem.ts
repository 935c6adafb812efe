import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ErrorCode, errorCatalogue, type Fault, HubError } from '../model/errors.ts';
import { SECOND } from '../model/time.ts';

export const PROBLEM_JSON = 'application/problem+json';

const faultSchema = z.object({
  path: z.string().describe('Where, e.g. query.limit or entities[3].put.from'),
  message: z.string(),
  hint: z.string().optional().describe('What to write instead'),
  line: z.number().int().optional(),
});

/** RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().describe('URI reference of the kind of problem'),
    title: z.string(),
    status: z.number().int(),
    code: z.string().describe('Code of the catalogue of errors, HUB_<AREA>_<WHAT>'),
    detail: z.string(),
    instance: z.string().optional().describe('Path that was asked for'),
    faults: z.array(faultSchema).optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457)' });

export interface Problem extends z.infer<typeof problemSchema> {
  readonly [extension: string]: unknown;
}

export const problemOf = ({ code, message, faults }: HubError, instance?: string): Problem => ({
  type: `urn:plietsch:problem:${code}`,
  title: errorCatalogue[code].title,
  status: errorCatalogue[code].status,
  code,
  // What happened inside is for the log, not for the asker.
  detail: code === 'HUB_INTERNAL' ? 'Something went wrong inside the hub; its log says what.' : message,
  ...(instance !== undefined && { instance }),
  ...(faults.length > 0 && { faults: [...faults] }),
});

export const sendProblem = (request: FastifyRequest, reply: FastifyReply, error: HubError): FastifyReply => {
  const problem = problemOf(error, request.url.split('?', 1)[0]);
  if (error.status === 401) void reply.header('www-authenticate', 'Bearer realm="plietsch"');
  const { retryAfterMs = error.status === 503 ? 5 * SECOND : undefined } = error;
  if (retryAfterMs !== undefined && !reply.hasHeader('retry-after')) {
    void reply.header('retry-after', String(Math.ceil(retryAfterMs / SECOND)));
  }
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type(PROBLEM_JSON)
    .send(JSON.stringify(problem));
};

/** `query.limit: is too small (write 1 or more)`. */
const textOf = ({ path, message, hint }: Fault): string =>
  `${path}: ${message}${hint === undefined ? '' : ` (${hint})`}`;

const frameworkCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'HUB_REQUEST_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'HUB_REQUEST_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_TYPE: 'HUB_REQUEST_MEDIA_TYPE',
};

/** Faults that the framework finds before any schema. */
const frameworkFaults: Readonly<Record<string, Fault>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { path: 'body', message: 'is not valid JSON', hint: 'send one JSON object' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { path: 'body', message: 'is empty', hint: 'send a JSON object, at least {}' },
  FST_ERR_BAD_URL: { path: 'path', message: 'cannot be read', hint: 'write a % as %25' },
  FST_ERR_MAX_PARAM_LENGTH: { path: 'path', message: 'holds an id that is too long', hint: 'at most 300 characters' },
};

/** What fastify, its plugins or our own code threw, as the coded error that it is. */
export const errorOf = (thrown: unknown): HubError => {
  if (thrown instanceof HubError) return thrown;
  if (hasZodFastifySchemaValidationErrors(thrown)) return invalidRequest(thrown);
  const { code = '', statusCode = 500, message = '' } = thrown as Partial<FastifyError>;
  const known = frameworkCodes[code];
  if (known) return new HubError(known, undefined, { cause: thrown });
  const fault = frameworkFaults[code];
  if (fault) return new HubError('HUB_REQUEST_INVALID', textOf(fault), { faults: [fault], cause: thrown });
  if (statusCode >= 400 && statusCode < 500) {
    return new HubError('HUB_REQUEST_INVALID', message || undefined, { cause: thrown });
  }
  return new HubError('HUB_INTERNAL', undefined, { cause: thrown });
};

/** A 400 that names what is wrong where, and what to write instead: for faults that no schema sees. */
export const badRequest = (fault: Fault): HubError =>
  new HubError('HUB_REQUEST_INVALID', textOf(fault), { faults: [fault] });

export const badQuery = (parameter: string, message: string, hint: string): HubError =>
  badRequest({ path: `query.${parameter}`, message, hint });

export const refuse = (fault: Fault): never => {
  throw badRequest(fault);
};

const contexts: Readonly<Record<string, string>> = {
  querystring: 'query',
  params: 'path',
  body: 'body',
  headers: 'header',
};

interface Issue {
  readonly keyword?: string;
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

const invalidRequest = (error: { validation: readonly Issue[]; validationContext?: string | undefined }): HubError => {
  const context = contexts[error.validationContext ?? ''] ?? error.validationContext ?? '';
  const faults = error.validation.flatMap((issue) => faultsOf(issue, context));
  const [first] = faults;
  return new HubError('HUB_REQUEST_INVALID', first && textOf(first), { faults: faults.slice(0, 100), cause: error });
};

const isBound = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

const faultsOf = ({ keyword, instancePath, message = 'is invalid', params = {} }: Issue, context: string): Fault[] => {
  const path = [context, ...instancePath.split('/').filter((part) => part !== '')].join('.');
  if (keyword === 'unrecognized_keys' && Array.isArray(params.keys)) {
    return params.keys.map((key) => ({
      path: `${path}.${String(key)}`,
      message: 'there is no such parameter',
      hint: 'see /docs for those there are',
    }));
  }
  // Of one word, or of the word that tells which kind of object it is.
  const choices = params.values ?? params.options;
  if (Array.isArray(choices)) return [{ path, message, hint: `write one of ${choices.join(', ')}` }];
  if (params.expected === 'number') return [{ path, message, hint: 'write a number' }];
  if (isBound(params.minimum)) return [{ path, message, hint: `not below ${String(params.minimum)}` }];
  if (isBound(params.maximum)) return [{ path, message, hint: `not above ${String(params.maximum)}` }];
  return [{ path, message }];
};
