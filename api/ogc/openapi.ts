import type { ApiSettings } from '../api-config.ts';
import { crsList } from './crs.ts';
import { GEOJSON } from './documents.ts';
import { MAX_LIMIT } from './items-query.ts';

type Json = Readonly<Record<string, unknown>>;

const text: Json = { type: 'string' };
const crs: Json = { type: 'string', format: 'uri', enum: crsList, default: crsList[0] };

const query = (name: string, description: string, more: Json = { schema: text }): Json => ({
  name,
  in: 'query',
  required: false,
  description,
  ...more,
});

const path = (name: string, description: string): Json => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: text,
});

const parameters: Json = {
  f: query('f', 'Format; there is one.', { schema: { type: 'string', enum: ['json'] } }),
  collection: path('collection', 'Id of a collection, from /collections.'),
  feature: path('feature', 'Id of a feature.'),
  limit: query(
    'limit',
    `Features on a page. More than ${MAX_LIMIT} are answered with ${MAX_LIMIT} and a link rel=next.`,
    {
      schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: 100 },
      style: 'form',
      explode: false,
    },
  ),
  bbox: query(
    'bbox',
    'Box as west,south,east,north (six numbers with heights are read as well), in the system of bbox-crs.',
    {
      schema: { type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 6 },
      style: 'form',
      explode: false,
    },
  ),
  bboxCrs: query('bbox-crs', 'Reference system of bbox.', { schema: crs }),
  crs: query('crs', 'Reference system of the answer; the header Content-Crs repeats it.', { schema: crs }),
  datetime: query('datetime', 'Time of the newest value: an instant, or an interval such as 2026-03-01T00:00:00Z/..', {
    schema: text,
    style: 'form',
    explode: false,
  }),
  cursor: query('cursor', 'Where a page begins; part of the link rel=next, not to be made by clients.'),
  property: query(
    'properties',
    'Every property of the collection is a parameter as well: municipality=laboe, use_case=coast.',
    {
      schema: { type: 'object', additionalProperties: text },
      style: 'form',
      explode: true,
    },
  ),
};

const ref = (name: string): Json => ({ $ref: `#/components/parameters/${name}` });
const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

const problems = (...codes: readonly number[]): Json =>
  Object.fromEntries(codes.map((code) => [String(code), { $ref: `#/components/responses/Problem` }]));

interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly parameters: readonly string[];
  readonly type: string;
  readonly schema: string;
  readonly canMiss?: boolean;
}

const operation = ({ id, summary, parameters: names, type, schema, canMiss = false }: Operation): Json => ({
  get: {
    operationId: id,
    summary,
    description: `${summary}. Without a token: what open and delayed datasets hold.`,
    tags: ['features'],
    parameters: ['f', ...names].map(ref),
    responses: {
      200: { description: 'The document', content: { [type]: { schema: schemaRef(schema) } } },
      ...problems(400, ...(canMiss ? [404] : []), 429, 500),
    },
  },
});

const link: Json = {
  type: 'object',
  required: ['href', 'rel'],
  properties: { href: { type: 'string', format: 'uri' }, rel: text, type: text, title: text },
};
const links: Json = { type: 'array', items: schemaRef('Link') };

const schemas: Json = {
  Link: link,
  Landing: { type: 'object', required: ['links'], properties: { title: text, description: text, links } },
  Conformance: { type: 'object', required: ['conformsTo'], properties: { conformsTo: { type: 'array', items: text } } },
  Collections: {
    type: 'object',
    required: ['links', 'collections'],
    properties: {
      links,
      crs: { type: 'array', items: text },
      collections: { type: 'array', items: schemaRef('Collection') },
    },
  },
  Collection: {
    type: 'object',
    required: ['id', 'links'],
    properties: {
      id: text,
      title: text,
      description: text,
      itemType: text,
      crs: { type: 'array', items: text },
      storageCrs: text,
      extent: { type: 'object' },
      links,
    },
  },
  Document: { type: 'object' },
  Feature: {
    type: 'object',
    required: ['type', 'id', 'geometry', 'properties'],
    properties: {
      type: { type: 'string', enum: ['Feature'] },
      id: text,
      geometry: { type: 'object', nullable: true },
      properties: { type: 'object' },
      links,
    },
  },
  FeatureCollection: {
    type: 'object',
    required: ['type', 'features'],
    properties: {
      type: { type: 'string', enum: ['FeatureCollection'] },
      features: { type: 'array', items: schemaRef('Feature') },
      links,
      numberMatched: { type: 'integer', minimum: 0 },
      numberReturned: { type: 'integer', minimum: 0 },
    },
  },
  Problem: {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'detail'],
    properties: { type: text, title: text, status: { type: 'integer' }, code: text, detail: text },
  },
};

const paths: Json = {
  '/': operation({
    id: 'getLandingPage',
    summary: 'Where everything is',
    parameters: [],
    type: 'application/json',
    schema: 'Landing',
  }),
  '/conformance': operation({
    id: 'getConformance',
    summary: 'What this API conforms to',
    parameters: [],
    type: 'application/json',
    schema: 'Conformance',
  }),
  '/api': operation({
    id: 'getApi',
    summary: 'This document',
    parameters: [],
    type: 'application/vnd.oai.openapi+json;version=3.0',
    schema: 'Document',
  }),
  '/collections': operation({
    id: 'getCollections',
    summary: 'The collections that you may see',
    parameters: [],
    type: 'application/json',
    schema: 'Collections',
  }),
  '/collections/{collection}': operation({
    id: 'getCollection',
    summary: 'One collection',
    parameters: ['collection'],
    type: 'application/json',
    schema: 'Collection',
    canMiss: true,
  }),
  '/collections/{collection}/schema': operation({
    id: 'getSchema',
    summary: 'Properties of its features, with units',
    parameters: ['collection'],
    type: 'application/schema+json',
    schema: 'Document',
    canMiss: true,
  }),
  '/collections/{collection}/items': operation({
    id: 'getFeatures',
    summary: 'Features with their newest values',
    parameters: ['collection', 'limit', 'bbox', 'bboxCrs', 'crs', 'datetime', 'cursor', 'property'],
    type: GEOJSON,
    schema: 'FeatureCollection',
    canMiss: true,
  }),
  '/collections/{collection}/items/{feature}': operation({
    id: 'getFeature',
    summary: 'One feature',
    parameters: ['collection', 'feature', 'crs'],
    type: GEOJSON,
    schema: 'Feature',
    canMiss: true,
  }),
};

/** The definition of this API in OpenAPI 3.0, which the class oas30 of the standard asks for. */
export const openApiDocument = (
  root: string,
  { version, contact }: Pick<ApiSettings, 'version' | 'contact'>,
): Json => ({
  openapi: '3.0.3',
  info: {
    title: 'plietsch: OGC API Features',
    version,
    description: 'Sites and things of the region with their newest values, as GeoJSON.',
    license: { name: 'EUPL-1.2', url: 'https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12' },
    ...(Object.keys(contact).length > 0 && { contact }),
  },
  servers: [{ url: root }],
  security: [{}, { token: [] }],
  tags: [{ name: 'features', description: 'OGC API Features, Part 1 and 2' }],
  paths,
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    parameters,
    schemas,
    responses: {
      Problem: {
        description: 'What is wrong, and what to write instead (RFC 9457)',
        content: { 'application/problem+json': { schema: schemaRef('Problem') } },
      },
    },
  },
});
