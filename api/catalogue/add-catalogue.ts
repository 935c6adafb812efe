import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MINUTE } from '../../model/time.ts';
import type { ApiSettings } from '../api-config.ts';
import { answers, type ZodApp } from '../zod-app.ts';
import { type CatalogueDeps, catalogueParts } from './catalogue-graph.ts';
import { writeJsonLd } from './json-ld.ts';
import { negotiate } from './negotiate.ts';
import { publicAddress } from './public-address.ts';
import { writeRdfXml } from './rdf-xml.ts';
import { createShelf } from './shelf.ts';
import { writeTurtle } from './turtle.ts';

interface CatalogueRouteDeps extends CatalogueDeps {
  readonly config: CatalogueDeps['config'] & Pick<ApiSettings, 'publicUrl'>;
}

const writers = {
  'text/turtle': { extension: 'ttl', write: writeTurtle, name: 'Turtle' },
  'application/ld+json': { extension: 'jsonld', write: writeJsonLd, name: 'JSON-LD' },
  'application/rdf+xml': { extension: 'rdf', write: writeRdfXml, name: 'RDF/XML' },
} as const;
type RdfType = keyof typeof writers;

export const rdfTypes = Object.keys(writers) as [RdfType, ...RdfType[]];

const offered: [RdfType | 'text/html', ...(RdfType | 'text/html')[]] = [...rdfTypes, 'text/html'];

/** The path of the catalogue as a media type. */
export const catalogueFile = (type: RdfType): string => `/catalog.${writers[type].extension}`;

const CACHE_CONTROL = 'public, max-age=300';
const KEEP_MS = MINUTE;
/** Formats times addresses: a hub is reached under few. */
const KEPT = 12;

const about =
  'One dcat:Dataset for each published dataset with its licence, contact, area and period, and a dcat:Distribution for each interface and monthly file. For harvesters such as those of open-data portals; DCAT-AP.de 3.0.';

/** `/catalog.ttl`, `/catalog.jsonld`, `/catalog.rdf`: one graph in three notations; `/catalog` by Accept. */
export const addCatalogueFiles = (app: ZodApp, deps: CatalogueRouteDeps): void => {
  const { showcase, config } = deps;
  const texts = createShelf<string>({
    version: () => showcase.reader.version(),
    clock: showcase.clock,
    keepMs: KEEP_MS,
    size: KEPT,
  });
  const textOf = (type: RdfType, base: string): Promise<string> =>
    texts(`${type} ${base}`, () => writers[type].write(catalogueParts(deps, base)));

  for (const type of rdfTypes) {
    app.get(
      catalogueFile(type),
      {
        ...cached(CACHE_CONTROL),
        schema: {
          tags: ['catalogue'],
          summary: `The catalogue of open data as ${writers[type].name}`,
          description: about,
          querystring: z.strictObject({}),
          response: answers({ 200: { description: 'The catalogue', content: { [type]: { schema: z.string() } } } }),
        },
      },
      async (request, reply) => {
        const text = await textOf(type, publicAddress(request, config.publicUrl));
        return reply.type(`${type}; charset=utf-8`).send(text as never);
      },
    );
  }

  addNegotiated(app, (type, request) => textOf(type, publicAddress(request, config.publicUrl)));
};

type TextOf = (type: RdfType, request: FastifyRequest) => Promise<string>;

const addNegotiated = (app: ZodApp, textOf: TextOf): void => {
  app.get(
    '/catalog',
    {
      ...cached(CACHE_CONTROL),
      schema: {
        tags: ['catalogue'],
        summary: 'The catalogue of open data, in the notation that Accept asks for',
        description: `${about} People with a browser are led to its pages at /data.`,
        querystring: z.strictObject({}),
        response: answers({
          200: {
            description: 'The catalogue',
            content: Object.fromEntries(rdfTypes.map((type) => [type, { schema: z.string() }])),
          },
          303: { description: 'To the pages for people', content: { 'text/plain': { schema: z.string() } } },
        }),
      },
    },
    async (request, reply) => {
      void reply.header('vary', 'Accept');
      const type = negotiate(request.headers.accept, offered);
      if (type === 'text/html')
        return reply
          .code(303)
          .header('location', '/data')
          .send('/data' as never);
      const text = await textOf(type, request);
      return reply
        .type(`${type}; charset=utf-8`)
        .header('content-location', catalogueFile(type))
        .send(text as never);
    },
  );
};

/** Options of a public route whose answers may be kept and are revalidated by ETag. */
export const cached = (cacheControl: string) => ({
  config: { access: 'public' as const, etag: true },
  // Behind the ETag, which says no-cache for what has a time of its own.
  onSend: async (
    request: { readonly reader: { readonly principal: { readonly role?: string } } },
    reply: { statusCode: number; header(name: string, value: string): unknown },
  ): Promise<void> => {
    if ((reply.statusCode === 200 || reply.statusCode === 304) && request.reader.principal.role === undefined) {
      reply.header('cache-control', cacheControl);
    }
  },
});
