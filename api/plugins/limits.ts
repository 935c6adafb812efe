import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { clientOf } from '../../model/client-address.ts';
import { HubError } from '../../model/errors.ts';
import { MINUTE } from '../../model/time.ts';
import type { ApiSettings } from '../api-config.ts';
import { LOCAL } from '../auth/principal.ts';

/** Clients that are counted at the same time; beyond, those longest unheard are forgotten. */
const MAX_CLIENTS = 20_000;

/**
 * Counts requests once the asker is known, and before anything is refused: also wrong tokens, paths that do not exist,
 * answers 304 and streams. Everybody without a token counts by address, a token by itself wherever it is used. Each
 * answer carries RateLimit-Limit, -Remaining and -Reset (draft-ietf-httpapi-ratelimit-headers-06).
 */
export const addLimits = async (app: FastifyInstance, config: ApiSettings): Promise<void> => {
  await app.register(rateLimit, { global: false, cache: MAX_CLIENTS });
  const count = app.createRateLimit({
    timeWindow: MINUTE,
    max: ({ reader }) =>
      reader.principal.token === undefined ? config.rateLimitPerMinute : config.keyRateLimitPerMinute,
    keyGenerator: ({ reader, ip }) => reader.principal.token ?? clientOf(ip),
    // What others serve, above all webhooks, has limits of its own.
    allowList: ({ reader, routeOptions, is404 }) =>
      (routeOptions.config.access === undefined && !is404) || reader.principal.token === LOCAL,
  });
  app.addHook('onRequest', async (request, reply) => {
    const counted = await count(request);
    if (counted.isAllowed) return;
    const { max, remaining, ttlInSeconds, isExceeded } = counted;
    void reply.headers({
      'ratelimit-limit': String(max),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(ttlInSeconds),
    });
    if (!isExceeded) return;
    void reply.header('retry-after', String(Math.max(1, ttlInSeconds)));
    const more = request.reader.principal.token === undefined ? '; with a key it may be more' : '';
    const detail = `More than ${max} requests a minute${more}; try again in ${ttlInSeconds} s`;
    throw new HubError('HUB_REQUEST_RATE_LIMITED', detail);
  });
};
