import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer carries a strong ETag and is revalidated instead of sent again. */
    etag?: boolean;
  }
}

/** A strong ETag names the bytes that were sent, so the encoding is part of it (RFC 9110 §8.8.3.3). */
const ENCODING = /-(?:br|gzip)"$/;

/**
 * Strong ETags and 304 for routes that ask for it. @fastify/etag compares If-None-Match as one string: no lists, and
 * one tag for all encodings.
 */
export const addEtag = (app: FastifyInstance): void => {
  app.addHook('onRoute', (route) => {
    if (!route.config?.etag) return;
    const after = route.onSend === undefined ? [] : [route.onSend].flat();
    // Runs after the route's compression.
    route.onSend = [
      ...after,
      async (_request, reply, payload) => {
        const encoding = reply.getHeader('content-encoding');
        const tag = reply.getHeader('etag');
        if (typeof encoding === 'string' && typeof tag === 'string' && reply.statusCode === 200) {
          void reply.header('etag', `${tag.slice(0, -1)}-${encoding}"`);
        }
        return payload;
      },
    ];
  });

  app.addHook('onSend', async (request, reply, payload) => {
    if (!request.routeOptions.config.etag || reply.statusCode !== 200 || !isWhole(payload)) return payload;
    const isPublic = request.reader.principal.role === undefined;
    const tag = `"${createHash('sha256').update(payload).digest('base64url').slice(0, 27)}"`;
    void reply
      .header('cache-control', isPublic ? 'no-cache' : 'private, no-cache')
      .header('vary', [reply.getHeader('vary') ?? [], 'Authorization'].flat().join(', '));
    const match = tagsOf(request.headers['if-none-match']).find(
      (held) => held === '*' || held.replace(ENCODING, '"') === tag,
    );
    if (match === undefined) {
      void reply.header('etag', tag);
      return payload;
    }
    void reply
      .code(304)
      .header('etag', match === '*' ? tag : match)
      .removeHeader('content-type');
    return '';
  });
};

const isWhole = (payload: unknown): payload is string | Buffer =>
  typeof payload === 'string' || Buffer.isBuffer(payload);

/** The tags of If-None-Match, which compares weakly (RFC 9110 §13.1.2). */
export const tagsOf = (header: string | undefined): string[] =>
  header === undefined ? [] : header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
