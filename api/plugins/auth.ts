import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../../model/errors.ts';
import type { Role } from '../../model/ports.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Access, Reader } from '../access.ts';
import type { ApiSettings } from '../api-config.ts';
import { everybody, hasRole, LOCAL, type Principal } from '../principal.ts';
import { createThrottle } from '../throttle.ts';
import { TokenKeeper } from '../tokens.ts';

/** Who may call a route. Every route declares it. */
export type RouteAccess =
  | 'public'
  /** A role at least, in the whole region or in one municipality. */
  | Role
  /** A role at least, in the whole region. */
  | `region-${Role}`
  /** The local command line only. */
  | 'local';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
  interface FastifyRequest {
    /** All that the asker may read. */
    reader: Reader;
  }
}

interface AuthDeps {
  readonly tokens: TokenKeeper;
  readonly access: Access;
  readonly config: Pick<ApiSettings, 'failedLoginsPerMinute'>;
  readonly clock: () => EpochMs;
}

/** Finds out who asks, and refuses routes that are not for them. */
export const addAuth = (app: FastifyInstance, { tokens, access, config, clock }: AuthDeps): void => {
  const throttle = createThrottle({ perMinute: config.failedLoginsPerMinute, clock });
  const publicReader = access(everybody);
  app.decorateRequest('reader', null as unknown as Reader);

  app.addHook('onRoute', ({ url, config: route }) => {
    if (url.startsWith('/api/') && route?.access === undefined)
      throw new Error(`Route ${url} does not declare its access`);
  });

  const identify = async (request: FastifyRequest, reply: FastifyReply): Promise<Principal> => {
    const header = request.headers.authorization;
    if (header === undefined) return everybody;
    const credential = /^Bearer +([^\s]+) *$/i.exec(header)?.[1];
    if (credential === undefined)
      throw new HubError('HUB_AUTH_REQUIRED', 'Send the token as "Authorization: Bearer plt_…"');
    // Per address and token: whoever guesses cannot lock out others behind the same address.
    const key = `${request.ip} ${TokenKeeper.idIn(credential) ?? ''}`;
    const blockedForS = throttle.blockedForS(key);
    if (blockedForS !== undefined) {
      void reply.header('retry-after', String(blockedForS));
      throw new HubError('HUB_REQUEST_RATE_LIMITED', `Too many wrong tokens; try again in ${blockedForS} s`);
    }
    const principal = await tokens.principalOf(credential);
    if (!principal) {
      throttle.fail(key);
      throw new HubError('HUB_AUTH_REQUIRED', 'The token is unknown, revoked or expired');
    }
    if (principal.token !== undefined && principal.token !== LOCAL) {
      tokens.noteUse(principal.token).catch((err: unknown) => request.log.warn({ err }, 'use of token not noted'));
    }
    return principal;
  };

  app.addHook('onRequest', async (request, reply) => {
    request.reader = publicReader;
    const needed = request.routeOptions.config.access;
    // Not ours (the console's files, webhooks with credentials of their own), or nothing at all.
    if (needed === undefined) return;
    const principal = await identify(request, reply);
    if (principal !== everybody) request.reader = access(principal);
    permit(principal, needed);
  });
};

const permit = (principal: Principal, needed: RouteAccess): void => {
  if (needed === 'public') return;
  if (principal.role === undefined) throw new HubError('HUB_AUTH_REQUIRED');
  if (needed === 'local') {
    if (principal.token !== LOCAL) throw new HubError('HUB_AUTH_FORBIDDEN', 'Only the local command line may do this');
    return;
  }
  const role = needed.replace('region-', '') as Role;
  if (!hasRole(principal, role)) throw new HubError('HUB_AUTH_FORBIDDEN', `This needs the role ${role}`);
  if (needed !== role && principal.municipality !== undefined) {
    throw new HubError('HUB_AUTH_FORBIDDEN', 'This needs a token for the whole region, not for one municipality');
  }
};
