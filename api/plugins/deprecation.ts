import type { FastifyInstance, FastifyReply } from 'fastify';
import { DAY, parseRfc3339 } from '../../model/time.ts';

/** That a route is on its way out. */
export interface Deprecated {
  /** Since when nobody should begin to use it: a day, 2026-03-02, or an RFC 3339 date-time. */
  readonly since: string;
  /** When it ends, not before six months after `since`. */
  readonly sunset?: string;
  /** Path of what takes its place. */
  readonly successor?: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    deprecated?: Deprecated;
  }
}

const instantOf = (text: string): number => {
  const instant = parseRfc3339(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (instant === undefined) throw new Error(`"${text}" is no day and no date-time`);
  return instant;
};

/** As promised in docs/api.md. */
const SHORTEST_NOTICE_MS = 180 * DAY;

const headersOf = ({ since, sunset, successor }: Deprecated): Record<string, string> => {
  const begin = instantOf(since);
  if (sunset !== undefined && instantOf(sunset) - begin < SHORTEST_NOTICE_MS)
    throw new Error(`A route deprecated at ${since} stays for at least 180 days, not until ${sunset}`);
  return {
    // RFC 9745 §2.1: a Date of structured fields (RFC 9651 §3.3.7).
    deprecation: `@${Math.floor(begin / 1000)}`,
    // RFC 8594 §3: an HTTP-date.
    ...(sunset !== undefined && { sunset: new Date(instantOf(sunset)).toUTCString() }),
    ...(successor !== undefined && { link: `<${successor}>; rel="successor-version"` }),
  };
};

const addLink = (reply: FastifyReply, link: string): void => {
  const links = [reply.getHeader('link') ?? []].flat().map(String);
  if (!links.some((one) => one.includes(link))) void reply.header('link', [...links, link].join(', '));
};

/** Routes with `config: { deprecated }` say so on every answer, also on errors and streams. */
export const addDeprecation = (app: FastifyInstance): void => {
  const byRoute = new WeakMap<Deprecated, Record<string, string>>();
  app.addHook('onRoute', ({ config }) => {
    if (config?.deprecated) byRoute.set(config.deprecated, headersOf(config.deprecated));
  });
  const headersFor = (deprecated: Deprecated | undefined) => deprecated && byRoute.get(deprecated);
  app.addHook('onRequest', async (request, reply) => {
    const headers = headersFor(request.routeOptions.config.deprecated);
    if (headers) void reply.headers(headers);
  });
  // Routes set links of their own, above all to the next page.
  app.addHook('onSend', async (request, reply, payload) => {
    const link = headersFor(request.routeOptions.config.deprecated)?.link;
    if (link !== undefined) addLink(reply, link);
    return payload;
  });
};
