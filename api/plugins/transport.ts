import compress from '@fastify/compress';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { ApiSettings } from '../api-config.ts';

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

/** Headers that a page of another origin may send, */
const ASKED = [
  'Accept',
  'Authorization',
  'If-Modified-Since',
  'If-None-Match',
  'If-Range',
  'Last-Event-ID',
  'Range',
] as const;

/** and those it may read: all by which an answer says what it is and where it goes on. */
const TOLD = [
  'Accept-Ranges',
  'Allow',
  'Content-Disposition',
  'Content-Range',
  'Deprecation',
  'ETag',
  'Last-Modified',
  'Link',
  'Location',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'Sunset',
  'WWW-Authenticate',
] as const;

/** Headers of all answers. */
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
    allowedHeaders: [...ASKED],
    exposedHeaders: [...TOLD],
    maxAge: 86_400,
    strictPreflight: false,
  });
};

export const addCompression = async (app: FastifyInstance): Promise<void> => {
  await app.register(compress, {
    threshold: 1_024,
    encodings: ['br', 'gzip'],
    // As the plugin has it, and NDJSON.
    customTypes: /^text\/(?!event-stream)|[+/](?:json|x-ndjson|text|xml)(?:;|$)|octet-stream(?:;|$)/u,
    requestEncodings: ['identity'],
    globalDecompression: false,
  });
};
