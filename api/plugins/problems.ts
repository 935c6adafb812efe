import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../../model/errors.ts';
import { errorOf, sendProblem } from '../problem.ts';

const METHODS_OF_ANY = ['OPTIONS'];

type EarlyHook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/** Answers every error as problem+json; a path that exists under other methods is a 405 that names them. */
export const addProblems = (app: FastifyInstance): EarlyHook => {
  const routes: { pattern: RegExp; methods: Set<string> }[] = [];
  const byUrl = new Map<string, Set<string>>();

  app.addHook('onRoute', ({ url, method }) => {
    if (url === '*' || url === '/*') return;
    const methods = byUrl.get(url) ?? new Set(METHODS_OF_ANY);
    if (!byUrl.has(url)) {
      byUrl.set(url, methods);
      routes.push({ pattern: patternOf(url), methods });
    }
    for (const one of Array.isArray(method) ? method : [method]) methods.add(one);
  });

  app.setErrorHandler((thrown, request, reply) => {
    const error = errorOf(thrown);
    if (error.status >= 500 && !error.retryable) request.log.error({ err: thrown, code: error.code }, 'request failed');
    else if (error.code === 'HUB_INTERNAL') request.log.error({ err: error.cause ?? thrown }, 'request failed');
    return sendProblem(request, reply, error);
  });

  const answerNotFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => [...methods]));
    if (allowed.size > 0 && !allowed.has(request.method)) {
      const allow = [...allowed].sort().join(', ');
      void reply.header('allow', allow);
      const detail = `${request.method} is not possible here; possible: ${allow}`;
      return sendProblem(request, reply, new HubError('HUB_METHOD_NOT_ALLOWED', detail));
    }
    return sendProblem(request, reply, new HubError('HUB_ROUTE_NOT_FOUND', `There is nothing at ${path}`));
  };
  app.setNotFoundHandler(answerNotFound);
  // For an early hook: what a body holds does not matter where nobody reads it.
  return async (request, reply) => (request.is404 ? answerNotFound(request, reply) : undefined);
};

const patternOf = (url: string): RegExp => {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
};
