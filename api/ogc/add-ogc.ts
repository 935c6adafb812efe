import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import type { ApiSettings } from '../api-config.ts';
import { publicAddress } from '../catalogue/public-address.ts';
import { mapInTurns } from '../in-turns.ts';
import { encodeCursor } from '../paging.ts';
import type { ThingsNow } from '../things-now.ts';
import type { ZodApp } from '../zod-app.ts';
import { type Collection, createCollections } from './collections.ts';
import { crsOf } from './crs.ts';
import {
  collectionDocument,
  collectionsDocument,
  conformanceDocument,
  featureDocument,
  GEOJSON,
  type Link,
  landingPage,
  OPENAPI,
  schemaDocument,
} from './documents.ts';
import { type ItemsQuery, readItemsQuery, requireNoQuery } from './items-query.ts';
import { openApiDocument } from './openapi.ts';

const PATH = '/ogc/v1';

interface OgcDeps {
  readonly now: ThingsNow;
  readonly config: ApiSettings;
}

/** Features on their way into one answer before others of the thread have their turn. */
const FEATURES_A_TURN = 200;

/** OGC API Features, Part 1: Core (17-069r4), with GeoJSON and OpenAPI 3.0, and the reference systems of Part 2 (18-058r1). */
export const addOgc = (app: ZodApp, { now, config }: OgcDeps): void => {
  const collections = createCollections(now);
  const rootOf = (request: FastifyRequest): string => publicAddress(request, config.publicUrl) + PATH;
  const looseQuery = z.record(z.string(), z.unknown());
  const route = (
    path: string,
    answer: (
      request: FastifyRequest & { query: Record<string, unknown> },
      reply: FastifyReply,
    ) => Promise<FastifyReply>,
  ): void => {
    app.get(
      `${PATH}${path}`,
      // Described by its own document, in the version that the standard's clients read.
      { config: { access: 'public', etag: true }, schema: { hide: true, querystring: looseQuery } },
      (request, reply) => answer(request as FastifyRequest & { query: Record<string, unknown> }, reply),
    );
  };
  const send = (reply: FastifyReply, document: object, type = 'application/json'): FastifyReply =>
    reply.type(type).send(JSON.stringify(document));
  const collectionOf = (request: FastifyRequest): Collection =>
    collections.get(request.reader, (request.params as { collection: string }).collection);

  const simple = (path: string, document: (request: FastifyRequest) => Promise<object> | object, type?: string): void =>
    route(path, async (request, reply) => {
      requireNoQuery(request.query);
      return send(reply, await document(request), type);
    });
  simple('', (request) => landingPage(rootOf(request)));
  simple('/', (request) => landingPage(rootOf(request)));
  simple('/conformance', conformanceDocument);
  simple('/api', (request) => openApiDocument(rootOf(request), config), OPENAPI);
  simple('/collections', (request) => collectionsDocument(rootOf(request), collections.list(request.reader)));
  simple('/collections/:collection', (request) => collectionDocument(rootOf(request), collectionOf(request)));
  simple(
    '/collections/:collection/schema',
    (request) => schemaDocument(rootOf(request), collectionOf(request)),
    'application/schema+json',
  );

  route('/collections/:collection/items', async (request, reply) => {
    const collection = collectionOf(request);
    const query = readItemsQuery(request.query, collection);
    const address = { root: rootOf(request), search: request.url.split('?', 2)[1] ?? '' };
    void reply.header('content-crs', `<${query.crs}>`);
    return reply.type(GEOJSON).send(await itemsText(collection, query, address));
  });

  route('/collections/:collection/items/:feature', async (request, reply) => {
    const collection = collectionOf(request);
    requireNoQuery(request.query, ['crs']);
    const crs = crsOf('crs', request.query.crs as string | undefined);
    const { feature: id } = request.params as { feature: string };
    const feature = (await collection.features()).find((one) => one.id === id);
    if (!feature) throw new HubError('HUB_NOT_FOUND', `There is no feature "${id}" in ${collection.id}`);
    const self = `${rootOf(request)}/collections/${collection.id}`;
    const links: Link[] = [
      { href: `${self}/items/${id}`, rel: 'self', type: GEOJSON },
      { href: self, rel: 'collection', type: 'application/json', title: collection.title },
    ];
    void reply.header('content-crs', `<${crs}>`);
    return send(reply, featureDocument(feature, crs, links), GEOJSON);
  });
};

/** One page; `next` leads to the one that begins after its last feature. */
const itemsText = async (
  collection: Collection,
  query: ItemsQuery,
  { root, search }: { root: string; search: string },
): Promise<string> => {
  const matching = (await collection.features()).filter((feature) => query.passes(feature));
  const { after, limit, crs } = query;
  const from = after === undefined ? 0 : matching.findIndex(({ id }) => id > after);
  const page = from === -1 ? [] : matching.slice(from, from + limit);
  const last = page.at(-1);
  const self = `${root}/collections/${collection.id}`;
  const links: Link[] = [
    { href: `${self}/items${search === '' ? '' : `?${search}`}`, rel: 'self', type: GEOJSON, title: 'This page' },
    { href: self, rel: 'collection', type: 'application/json', title: collection.title },
  ];
  if (last && from + limit < matching.length) {
    const next = new URLSearchParams(search);
    next.set('cursor', encodeCursor(`ogc ${collection.id}`, last.id));
    links.push({ href: `${self}/items?${next.toString()}`, rel: 'next', type: GEOJSON, title: 'Next page' });
  }
  const head = { type: 'FeatureCollection', links, numberMatched: matching.length, numberReturned: page.length };
  const texts = await mapInTurns(page, FEATURES_A_TURN, (feature) => JSON.stringify(featureDocument(feature, crs)));
  return `${JSON.stringify(head).slice(0, -1)},"features":[${texts.join(',')}]}`;
};
