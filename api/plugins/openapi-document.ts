import type { SwaggerTransform, SwaggerTransformObject } from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { RouteAccess } from './auth.ts';
import { exampleOf, type JsonSchema, type Schemas } from './openapi-examples.ts';
import { LONGEST_PARAMETER } from './strict-input.ts';

type Json = Record<string, unknown>;

const whoMay = (access: RouteAccess): string => {
  if (access === 'public') return 'Without a token: what open and delayed datasets hold.';
  if (access === 'local') return 'For the local command line.';
  const role = access.replace('region-', '');
  return `Needs the role ${role}${access === role ? '' : ', for the whole region'}.`;
};

/** `GET /api/v1/datastreams/{id}/observations` is getDatastreamsByIdObservations: stable as long as the path is. */
export const operationIdOf = (method: string, path: string): string =>
  method.toLowerCase() +
  path
    .replace(/^\/api\/v1/, '')
    .replace(/[:{]([A-Za-z]+)\}?/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** OpenAPI knows no paths of any length: what a `*` stands for is written as one parameter. */
const withNamedRest = ({ schema, url }: ReturnType<SwaggerTransform>): ReturnType<SwaggerTransform> => {
  // Both are served; the linters want the one without.
  if (!url.endsWith('/*') || !schema) return { schema, url: url === '/' ? url : url.replace(/\/$/, '') };
  const params = {
    type: 'object',
    properties: { rest: { type: 'string', maxLength: LONGEST_PARAMETER, description: 'The rest of the path' } },
    required: ['rest'],
  };
  return { schema: { ...schema, params }, url: url.replace(/\*$/, ':rest') };
};

/** Every operation says who may call it, and has a name. */
export const describeRoute: SwaggerTransform = (input) => {
  const { schema, url } = withNamedRest((jsonSchemaTransform as SwaggerTransform)(input));
  const { access, deprecated } = input.route.config ?? {};
  if (!schema || access === undefined) return { schema, url };
  const { description: told, operationId, summary } = schema as Readonly<Record<string, string | undefined>>;
  const description = [told ?? (summary && `${summary}.`), whoMay(access)].filter(Boolean).join('\n\n');
  const method = [input.route.method].flat().find((one) => one !== 'HEAD') ?? 'GET';
  return {
    schema: {
      ...schema,
      operationId: operationId ?? operationIdOf(method, url),
      description,
      security: access === 'public' ? [{}, { token: [] }] : [{ token: [] }],
      ...(deprecated && { deprecated: true }),
    },
    url,
  };
};

/** What every transform of the framework leaves to do. */
export const finishDocument: SwaggerTransformObject = (input) => {
  const document = (jsonSchemaTransformObject as SwaggerTransformObject)(input) as Json;
  const tidy = withTuples(withoutUnused(document)) as Json;
  const { schemas = {} } = (tidy.components ?? {}) as { schemas?: Schemas };
  for (const path of Object.values(tidy.paths as Record<string, Record<string, Json>>)) {
    for (const operation of Object.values(path)) finishOperation(operation, schemas);
  }
  return tidy as ReturnType<SwaggerTransformObject>;
};

/** The provider lists every schema twice, as input and output; only what is referred to stays. */
const withoutUnused = (document: Json): Json => {
  const components = (document.components ?? {}) as { schemas?: Record<string, unknown> };
  const schemas = components.schemas ?? {};
  const used = new Set<string>();
  const follow = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name) || !Object.hasOwn(schemas, name)) continue;
      used.add(name);
      follow(schemas[name]);
    }
  };
  follow(document.paths ?? {});
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  return { ...document, components: { ...components, schemas: Object.fromEntries(kept) } };
};

/**
 * A tuple of members of one type is a list of so many: half of the tools for OpenAPI 3.1 stumble over `prefixItems`, and
 * those for older drafts over what they make of it.
 */
const withTuples = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withTuples);
  if (value === null || typeof value !== 'object') return value;
  const inner: Json = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withTuples(member)]));
  const { prefixItems, items, ...rest } = inner;
  const members = (prefixItems ?? items) as readonly Json[] | undefined;
  const type = Array.isArray(members) && members[0]?.type;
  if (!type || !members.every((member) => member.type === type)) return inner;
  return { ...rest, items: { type }, minItems: members.length, maxItems: members.length };
};

const header = (description: string, type = 'integer') => ({ description, schema: { type } });
const limits = {
  'RateLimit-Limit': header('Requests a minute that you may make'),
  'RateLimit-Remaining': header('How many of them are left'),
  'RateLimit-Reset': header('Seconds until they are as many as before'),
};
const retry = { 'Retry-After': header('Seconds until the next attempt') };

interface Response extends Json {
  description?: string;
  headers?: Json;
  content?: Record<string, { schema?: JsonSchema; example?: unknown; examples?: unknown }>;
}

const finishOperation = (operation: Json, schemas: Schemas): void => {
  const responses = (operation.responses ?? {}) as Record<string, Response>;
  for (const [status, response] of Object.entries(responses)) {
    if (response.description === 'Default Response') response.description = status === '202' ? 'Accepted' : 'Done';
    const retries = status === '429' || status === '503';
    response.headers = { ...(status < '500' && limits), ...(retries && retry), ...response.headers };
    if (status < '300') addExamples(response.content, schemas);
  }
  // Routes with a parser and writer of their own say nothing of what they answer.
  if (!Object.keys(responses).some((status) => status.startsWith('2')))
    responses['200'] = { description: 'Done', headers: limits };
  operation.responses = responses;
  addExamples((operation.requestBody as Response | undefined)?.content, schemas);
  for (const parameter of (operation.parameters ?? []) as Json[]) boundText(parameter);
};

const addExamples = (content: Response['content'], schemas: Schemas): void => {
  for (const [type, media] of Object.entries(content ?? {})) {
    // JSON that a route writes by itself.
    if (type.includes('json') && media.schema?.type === 'string') media.schema = {};
    if (media.example !== undefined || media.examples !== undefined || !media.schema || !type.includes('json'))
      continue;
    const example = exampleOf(media.schema, schemas);
    if (example !== undefined) media.example = example;
  }
};

/** What strict-input.ts holds all texts to that say nothing of their length. */
const boundText = (parameter: Json): void => {
  const schema = parameter.schema as JsonSchema | undefined;
  if (parameter.in !== 'query' || schema?.type !== 'string' || schema.enum || schema.const) return;
  parameter.schema = { maxLength: LONGEST_PARAMETER, ...schema };
};
