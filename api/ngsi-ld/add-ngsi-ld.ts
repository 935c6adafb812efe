import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import type { ApiSettings } from '../api-config.ts';
import { publicAddress } from '../catalogue/public-address.ts';
import { mapInTurns } from '../in-turns.ts';
import { errorOf, problemOf } from '../problem.ts';
import type { ThingsNow } from '../things-now.ts';
import type { ZodApp } from '../zod-app.ts';
import { attributeNames, contextDocument, typeNames } from './context.ts';
import { attributeInfo, attributeList, typeInfo, typeList } from './discovery.ts';
import { createEntities } from './entities.ts';
import { readEntitiesQuery, readEntityQuery, readTexts, type Shape } from './entities-query.ts';
import type { Entity } from './entity.ts';
import { sendFault } from './faults.ts';
import { represent } from './represent.ts';

const CONTEXT_PATH = '/ngsi-ld/v1/context.jsonld';
const JSON_LD = 'application/ld+json';
/** Entities on their way into one answer before others of the thread have their turn. */
const ENTITIES_A_TURN = 200;

interface NgsiLdDeps {
  readonly now: ThingsNow;
  readonly config: ApiSettings;
}

type Asked = FastifyRequest & { query: Record<string, unknown> };

/** NGSI-LD for reading, ETSI GS CIM 009 V1.6: entities (§6.4, §6.5), types (§6.25, §6.26), attributes (§6.27, §6.28). */
export const addNgsiLd = async (app: ZodApp, { now, config }: NgsiLdDeps): Promise<void> => {
  const entities = createEntities(now);
  app.setErrorHandler((thrown, request, reply) => {
    const error = errorOf(thrown);
    if (error.status >= 500) request.log.error({ err: thrown, code: error.code }, 'request failed');
    return sendFault(reply, error, problemOf(error, request.url.split('?', 1)[0]));
  });
  const contextOf = (request: FastifyRequest): string => publicAddress(request, config.publicUrl) + CONTEXT_PATH;
  const route = (path: string, answer: (request: Asked, reply: FastifyReply) => Promise<FastifyReply>): void => {
    app.get(
      `/ngsi-ld/v1${path}`,
      {
        config: { access: 'public', etag: true },
        schema: { hide: true, querystring: z.record(z.string(), z.unknown()) },
      },
      (request, reply) => answer(request as Asked, reply),
    );
  };

  /** The @context comes in the body of JSON-LD, and as a link beside plain JSON (§6.3.5, §6.3.6). */
  const send = (request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply => {
    void reply.header('vary', [reply.getHeader('vary') ?? [], 'Accept'].flat().join(', '));
    if (wantsJsonLd(request)) return reply.type(JSON_LD).send(text);
    const link = `<${contextOf(request)}>; rel="http://www.w3.org/ns/json-ld#context"; type="${JSON_LD}"`;
    void reply.header('link', [reply.getHeader('link') ?? [], link].flat().join(', '));
    return reply.type('application/json').send(text);
  };
  const textOf = (request: FastifyRequest, entity: Entity, { format, attrs }: Shape): string =>
    JSON.stringify(
      represent(entity, { format, attrs, context: wantsJsonLd(request) ? contextOf(request) : undefined }),
    );

  route('/entities', async (request, reply) => {
    const query = readEntitiesQuery(request.query);
    const matching = (await entities.list(request.reader, query.types)).filter(query.passes);
    const { offset, limit, count } = query;
    const page = matching.slice(offset, offset + limit);
    if (count) void reply.header('ngsild-results-count', String(matching.length));
    if (limit > 0 && offset + limit < matching.length) void reply.header('link', nextLink(request, offset + limit));
    const texts = await mapInTurns(page, ENTITIES_A_TURN, (entity) => textOf(request, entity, query));
    return send(request, reply, `[${texts.join(',')}]`);
  });

  route('/entities/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    const shape = readEntityQuery(request.query);
    const type = /^urn:ngsi-ld:([A-Za-z]+):/.exec(id)?.[1];
    const found = (await entities.list(request.reader, new Set(type === undefined ? [] : [type]))).find(
      (entity) => entity.id === id,
    );
    const hasAttrs = found && [...(shape.attrs ?? [])].some((name) => found.attributes.has(name));
    // §5.7.1.4: without one of the attributes it is not found either.
    if (!found || (shape.attrs && !hasAttrs)) throw missing('entity', id);
    return send(request, reply, textOf(request, found, shape));
  });

  const list = (path: string, all: (found: readonly Entity[], details: boolean) => object): void =>
    route(path, async (request, reply) => {
      const { details } = readTexts(request.query, ['details']) as { details?: string };
      const found = await entities.list(request.reader);
      return send(request, reply, JSON.stringify(withContext(request, all(found, details === 'true'))));
    });
  const one = (path: string, named: (found: readonly Entity[], name: string) => object | undefined): void =>
    route(`${path}/:name`, async (request, reply) => {
      readTexts(request.query, []);
      const { name } = request.params as { name: string };
      const found = named(await entities.list(request.reader), name);
      if (!found) throw missing(path.slice(1, -1), name);
      return send(request, reply, JSON.stringify(withContext(request, found)));
    });
  const withContext = (request: FastifyRequest, document: object): object =>
    wantsJsonLd(request) && !Array.isArray(document) ? { ...document, '@context': contextOf(request) } : document;
  list('/types', typeList);
  one('/types', (found, name) => typeInfo(found, typeNames.get(name) ?? name));
  list('/attributes', attributeList);
  one('/attributes', (found, name) => attributeInfo(found, attributeNames(name)[0] ?? name));

  app.get(
    CONTEXT_PATH,
    { config: { access: 'public', etag: true }, schema: { hide: true, querystring: z.strictObject({}) } },
    async (_request, reply) => reply.type(JSON_LD).send(JSON.stringify(contextDocument)),
  );
};

const wantsJsonLd = ({ headers }: FastifyRequest): boolean => (headers.accept ?? '').includes(JSON_LD);

const missing = (what: string, name: string): HubError =>
  new HubError('HUB_NOT_FOUND', `There is no ${what} "${name.slice(0, 300)}"`);

/** Pages by offset, as the standard has it (§6.3.10). */
const nextLink = (request: FastifyRequest, offset: number): string => {
  const [path = '', query = ''] = request.url.split('?', 2);
  const search = new URLSearchParams(query);
  search.set('offset', String(offset));
  return `<${path}?${search.toString()}>; rel="next"`;
};
