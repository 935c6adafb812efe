import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import { answers, type ZodApp } from '../zod-app.ts';
import { createBudget } from './context.ts';
import { createObservations } from './create-observations.ts';
import type { EntitySet } from './entity-model.ts';
import { badOption } from './faults.ts';
import { optionsOfQuery } from './option-text.ts';
import { parsePath } from './path.ts';
import { read } from './read.ts';
import { createContexts, excluded, isOpen, PREFIX, type SensorThingsDeps } from './request-context.ts';
import { send } from './send.ts';
import { create } from './write-create.ts';
import { remove } from './write-delete.ts';
import { checkedBody } from './write-draft.ts';
import { update } from './write-update.ts';
import { createQueue } from './writing.ts';

const CREATE_OBSERVATIONS = 'CreateObservations';
/** A deep insert, or some thousand rows of observations. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

const createHandlers = (deps: SensorThingsDeps) => {
  const { contextOf, writingOf } = createContexts(deps);
  const queue = createQueue();

  const answerRead = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const text = optionsOfQuery(request.url.split('?').slice(1).join('?'));
    const left = excluded(text.get('quality'));
    void reply.header('plietsch-quality-excluded', left.join(','));
    const context = contextOf(request, left);
    return send(reply, await read(context, pathOf(request), text), context.budget);
  };

  const sendEntity = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { set, number, status }: { set: EntitySet; number: number; status: number },
  ): Promise<FastifyReply> => {
    const context = contextOf(request, []);
    const path = `${set}(${number})`;
    if (status === 201) void reply.header('location', `${context.root}/${path}`);
    return send(reply.code(status), await read(context, path, new Map()), context.budget);
  };

  const post = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    refuseOptions(request);
    const path = pathOf(request);
    if (path === CREATE_OBSERVATIONS) {
      const created = await queue(() => createObservations(writingOf(request), request.body));
      return send(reply.code(201), { json: created }, createBudget());
    }
    const body = checkedBody(request.body);
    const made = await queue(() => create(writingOf(request), parsePath(path).steps, body));
    return sendEntity(request, reply, { ...made, status: 201 });
  };

  const change = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    refuseOptions(request);
    const { steps } = entityPath(pathOf(request));
    const body = checkedBody(request.body);
    const whole = request.method === 'PUT';
    const made = await queue(() => update(writingOf(request), steps, { body, whole }));
    return sendEntity(request, reply, { ...made, status: 200 });
  };

  const drop = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    refuseOptions(request);
    const { steps } = entityPath(pathOf(request));
    await queue(() => remove(writingOf(request), steps));
    return reply.code(200).type('application/json').send('');
  };

  return { answerRead, post, change, drop };
};

/** OGC SensorThings API 1.1 (18-088): one route for reading, one for each way of writing, with a path language of its own. */
export const addSensorThings = (app: ZodApp, deps: SensorThingsDeps): void => {
  const { answerRead, post, change, drop } = createHandlers(deps);
  const params = z.object({ '*': z.string().max(12_000).describe('Resource path, e.g. Things(1)/Datastreams') });
  const response = answers({}, 404, 409, 413, 415);
  const writing = {
    config: { access: isOpen(deps) ? ('public' as const) : ('region-admin' as const) },
    bodyLimit: MAX_BODY_BYTES,
  };
  const reading = { config: { access: 'public' as const } };
  // OpenAPI has no words for a path language: docs/sensorthings.md describes it.
  const describe = (summary: string) => ({ hide: true, summary, response });
  // The path language is not the router's: handlers read the address themselves.
  const routes = app as unknown as FastifyInstance;
  // Clients of old send the type of a form with a DELETE that has no body.
  routes.addContentTypeParser('application/x-www-form-urlencoded', (request, payload, done) => {
    payload.resume();
    done(request.method === 'DELETE' ? null : new HubError('HUB_REQUEST_MEDIA_TYPE', 'Send application/json'));
  });
  routes.get(
    PREFIX,
    { ...reading, schema: describe('Entity sets and conformance of the SensorThings API') },
    answerRead,
  );
  routes.get(
    `${PREFIX}/*`,
    { ...reading, schema: { ...describe('Entities of the SensorThings API'), params } },
    answerRead,
  );
  routes.post(
    `${PREFIX}/*`,
    { ...writing, schema: { ...describe('Create an entity, with others inside it'), params } },
    post,
  );
  routes.patch(`${PREFIX}/*`, { ...writing, schema: { ...describe('Change some of an entity'), params } }, change);
  routes.put(`${PREFIX}/*`, { ...writing, schema: { ...describe('Change all of an entity'), params } }, change);
  routes.delete(
    `${PREFIX}/*`,
    { ...writing, schema: { ...describe('Delete an entity and what goes with it'), params } },
    drop,
  );
};

const pathOf = (request: FastifyRequest): string => (request.url.split('?', 1)[0] ?? '').slice(PREFIX.length + 1);

const refuseOptions = (request: FastifyRequest): void => {
  if (request.url.includes('?')) throw badOption('query', 'has no place in writing', 'leave everything after ? out');
};

const entityPath = (path: string) => {
  const parsed = parsePath(path);
  if (parsed.property.length > 0 || parsed.ref || parsed.value) {
    throw new HubError('HUB_REQUEST_INVALID', 'path: leads to a part of an entity (change the entity itself)');
  }
  return parsed;
};
