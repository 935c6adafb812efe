import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { cached, catalogueFile, rdfTypes } from '../catalogue/add-catalogue.ts';
import { negotiate } from '../catalogue/negotiate.ts';
import { publicAddress } from '../catalogue/public-address.ts';
import type { ZodApp } from '../zod-app.ts';
import { createDocuments, type DocumentDeps } from './documents.ts';
import { readLook } from './look.ts';
import { robotsText } from './sitemap.ts';
import { type Language, languages } from './tongue.ts';

const CACHE_CONTROL = 'public, max-age=60';
const HTML = 'text/html; charset=utf-8';

const offered: [string, ...string[]] = ['text/html', ...rdfTypes];
// Links to pages are passed on by people, and gather parameters of those who count clicks.
const anyQuery = z.looseObject({});
const ofDataset = z.object({ dataset: z.string().max(80) });

/**
 * The public pages: `/de/data` and `/en/data`, and beneath them one for each dataset. `/data` and `/data/<dataset>` answer
 * the same in the language that Accept-Language asks for; whoever asks them for RDF is led to the catalogue.
 */
export const addPages = (app: ZodApp, deps: DocumentDeps): void => {
  const look = readLook();
  const documents = createDocuments(deps, look);
  const base = (request: FastifyRequest): string => publicAddress(request, deps.config.publicUrl);
  const sendList = async ({ request, reply }: Exchange, language: Language): Promise<FastifyReply> =>
    reply.type(HTML).send(await documents.list({ language, base: base(request) }));
  const sendDataset = async ({ request, reply }: Exchange, language: Language, id: string): Promise<FastifyReply> => {
    const place = { language, base: base(request) };
    const text = await documents.dataset(place, id);
    if (text === undefined) void reply.code(404).header('cache-control', 'no-store');
    return reply.type(HTML).send(text ?? documents.notFound(place));
  };

  const options = { ...cached(CACHE_CONTROL), schema: { querystring: anyQuery } };
  const oneOptions = { ...options, schema: { ...options.schema, params: ofDataset } };
  for (const language of languages) {
    app.get(`/${language}/data`, options, (request, reply) => sendList({ request, reply }, language));
    app.get(`/${language}/data/:dataset`, oneOptions, (request, reply) =>
      sendDataset({ request, reply }, language, request.params.dataset),
    );
  }
  app.get('/data', options, (request, reply) => {
    const language = negotiated({ request, reply }, '/data');
    return language ? sendList({ request, reply }, language) : reply;
  });
  app.get('/data/:dataset', oneOptions, (request, reply) => {
    const { dataset } = request.params;
    const language = negotiated({ request, reply }, `/data/${dataset}`);
    return language ? sendDataset({ request, reply }, language, dataset) : reply;
  });
  app.get(look.style, { ...cached('public, max-age=31536000, immutable') }, (_request, reply) =>
    reply.type('text/css').send(look.css),
  );
  app.get('/robots.txt', options, (request, reply) =>
    reply.type('text/plain; charset=utf-8').send(robotsText(base(request))),
  );
  app.get('/sitemap.xml', options, async (request, reply) =>
    reply.type('application/xml; charset=utf-8').send(await documents.sitemap(base(request))),
  );
};

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The language of an address without one; undefined where the answer is another address. */
const negotiated = ({ request, reply }: Exchange, path: string): Language | undefined => {
  void reply.header('vary', 'Accept, Accept-Language');
  const type = negotiate(request.headers.accept, offered);
  const rdf = rdfTypes.find((one) => one === type);
  if (rdf) {
    void reply.code(303).header('location', catalogueFile(rdf)).type('text/plain').send(catalogueFile(rdf));
    return undefined;
  }
  const language = negotiate(request.headers['accept-language'], [...languages]);
  // Only addresses that we wrote ourselves go into a header.
  if (/^[\w/-]+$/.test(path)) void reply.header('content-location', `/${language}${path}`);
  return language;
};
