import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { ApiSettings } from '../api-config.ts';
import { describeRoute, finishDocument } from './openapi-document.ts';
import { webhookPaths, webhookScheme } from './webhook-operation.ts';

/** The name, in place of the framework's. */
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40"><text x="0" y="29" font-family="sans-serif" font-size="28" fill="#fff">plietsch</text></svg>';

const tags = [
  { name: 'observations', description: 'Measured values: series, newest, live' },
  { name: 'dumps', description: 'Monthly files of open data, for those who take everything' },
  { name: 'registry', description: 'What is measured, where, by what, and what is published' },
  { name: 'catalogue', description: 'Observed properties and device profiles' },
  { name: 'operation', description: 'For those who keep the hub and its devices alive' },
];

const description = (config: ApiSettings): string =>
  [
    'Open datasets are read without credentials; everything else needs a bearer token (`plietsch token create`).',
    `A key is not needed, and raises the limit from ${config.rateLimitPerMinute} to ${config.keyRateLimitPerMinute} requests a minute; see the RateLimit headers.`,
    'Lists come in pages: follow `next`. Errors are problem details (RFC 9457) with a code.',
    'Version 1 changes in ways that break nothing; what is to go says so half a year before (Deprecation, Sunset).',
    `Times are RFC 3339 in UTC; local calendar days are those of ${config.timeZone}.`,
    ...(config.demo ? ['**The region of this hub is simulated: nothing here was measured.**'] : []),
  ].join('\n\n');

/** What the reference page needs, from this hub only. Its own style attributes are inline. */
const referencePolicy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': "'self'",
  'font-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
};

/** OpenAPI 3.1 of all routes at /api/v1/openapi.json, and a page to read it at /docs. */
export const addDocs = async (app: FastifyInstance, config: ApiSettings): Promise<void> => {
  const { name, url, email } = config.contact;
  const contact = {
    ...(name !== undefined && { name }),
    ...(url !== undefined && { url }),
    ...(email !== undefined && { email }),
  };
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'plietsch',
        version: config.version,
        summary: 'The data hub of a smart rural region',
        description: description(config),
        license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
        ...(Object.keys(contact).length > 0 && { contact }),
      },
      servers: [{ url: config.publicUrl?.replace(/\/$/, '') ?? '/', description: 'This hub' }],
      tags,
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'plt_<id>_<secret>' },
          webhook: webhookScheme,
        },
      },
      paths: webhookPaths,
    },
    transform: describeRoute,
    transformObject: finishDocument,
    hideUntagged: true,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: referencePolicy,
    theme: { title: 'plietsch: API' },
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO), href: '/docs', target: '_self' },
    // The badge of the validator would ask a server of somebody else.
    uiConfig: { validatorUrl: null, url: '/api/v1/openapi.json', deepLinking: true },
  });
  let text: string | undefined;
  app.get(
    '/api/v1/openapi.json',
    { config: { access: 'public', etag: true }, schema: { hide: true } },
    async (_request, reply) => {
      text ??= JSON.stringify(app.swagger());
      return reply.type('application/json').send(text);
    },
  );
};
