import compress from '@fastify/compress';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { HubError } from '../../model/errors.ts';
import type { ApiSettings } from '../api-config.ts';
import { LOCAL } from '../principal.ts';

/** What the console needs and not more; the reference page has its own policy. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/** Headers, limits and encodings of all answers. */
export const addTransport = async (app: FastifyInstance, config: ApiSettings): Promise<void> => {
  await app.register(helmet, {
    contentSecurityPolicy,
    // For the reverse proxy to say, which knows whether there is TLS at all.
    strictTransportSecurity: false,
    // Open data is for pages of other origins too.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(cors, {
    origin: config.corsOrigins.includes('*') ? '*' : config.corsOrigins,
    methods: ['GET', 'HEAD'],
    allowedHeaders: ['Accept', 'Authorization', 'If-None-Match', 'Last-Event-ID'],
    exposedHeaders: ['ETag', 'Link', 'Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'],
    maxAge: 86_400,
    strictPreflight: false,
  });
};

/** After the asker is known: tokens have their own allowance. */
export const addLimits = async (app: FastifyInstance, config: ApiSettings): Promise<void> => {
  await app.register(rateLimit, {
    max: config.rateLimitPerMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    cache: 10_000,
    keyGenerator: ({ reader, ip }) => reader.principal.token ?? ip,
    // Routes that are not the API's, above all webhooks, have limits of their own.
    allowList: ({ reader, routeOptions }) =>
      routeOptions.config.access === undefined || reader.principal.token === LOCAL,
    errorResponseBuilder: (_request, { max, after }) =>
      new HubError('HUB_REQUEST_RATE_LIMITED', `More than ${max} requests a minute; try again in ${after}`),
  });
};

export const addCompression = async (app: FastifyInstance): Promise<void> => {
  await app.register(compress, {
    threshold: 1_024,
    encodings: ['br', 'gzip'],
    requestEncodings: ['identity'],
    globalDecompression: false,
  });
};
