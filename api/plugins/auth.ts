import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from '../../model/client-address.ts';
import { HubError } from '../../model/errors.ts';
import type { Role } from '../../model/ports.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Access, Reader } from '../access.ts';
import type { ApiSettings } from '../api-config.ts';
import type { Credentials } from '../auth/credentials.ts';
import { everybody, hasRole, LOCAL, type Principal } from '../auth/principal.ts';
import { createThrottle } from '../auth/throttle.ts';

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
    /** Why the asker is not who it says it is. It is counted first, and told then. */
    refusal: HubError | undefined;
  }
}

interface AuthDeps {
  readonly credentials: Credentials;
  readonly access: Access;
  readonly config: Pick<ApiSettings, 'failedLoginsPerMinute'>;
  readonly clock: () => EpochMs;
}

/** Routes of others: files of the console, the reference page, webhooks with credentials of their own. */
const WITHOUT_ACCESS = /^(?:\*|\/\*?|\/(?:docs|ingest)(?:\/.*)?)$/;

/** Longer ones are not looked at; tokens of an issuer with many claims take some kilobytes. */
const LONGEST_CREDENTIAL = 8_192;

/** Finds out who asks. Answers the hook that refuses routes which are not for them. */
export const addAuth = (app: FastifyInstance, deps: AuthDeps): ((request: FastifyRequest) => Promise<void>) => {
  const { access } = deps;
  const publicReader = access(everybody);
  const identify = identifier(deps);
  app.decorateRequest('reader', null as unknown as Reader);
  app.decorateRequest('refusal', undefined);

  app.addHook('onRoute', ({ url, config: route }) => {
    if (route?.access === undefined && !WITHOUT_ACCESS.test(url))
      throw new Error(`Route ${url} does not declare its access`);
  });

  app.addHook('onRequest', async (request, reply) => {
    request.reader = publicReader;
    // Not ours, or nothing at all.
    if (request.routeOptions.config.access === undefined) return;
    try {
      const principal = await identify(request, reply);
      if (principal !== everybody) request.reader = access(principal);
    } catch (thrown) {
      if (!(thrown instanceof HubError)) throw thrown;
      request.refusal = thrown;
    }
  });

  return async (request) => {
    if (request.refusal) throw request.refusal;
    const needed = request.routeOptions.config.access;
    if (needed !== undefined) permit(request.reader.principal, needed);
  };
};

const identifier = ({ credentials, config, clock }: AuthDeps) => {
  const throttle = createThrottle({ perMinute: config.failedLoginsPerMinute, clock });
  return async (request: FastifyRequest, reply: FastifyReply): Promise<Principal> => {
    const header = request.headers.authorization;
    if (header === undefined) return everybody;
    const credential = header.length > LONGEST_CREDENTIAL ? undefined : /^Bearer +([^\s]+) *$/i.exec(header)?.[1];
    if (credential === undefined)
      throw new HubError('HUB_AUTH_REQUIRED', 'Send the token as "Authorization: Bearer plt_…"');
    const local = credentials.localPrincipal(credential);
    if (local) return local;
    const attempt = { client: clientOf(request.ip), name: credentials.nameIn(credential) };
    const blockedForS = throttle.blockedForS(attempt);
    if (blockedForS !== undefined) {
      void reply.header('retry-after', String(blockedForS));
      throw new HubError('HUB_REQUEST_RATE_LIMITED', `Too many wrong tokens; try again in ${blockedForS} s`);
    }
    const principal = await credentials.principalOf(credential);
    if (!principal) {
      throttle.fail(attempt);
      throw new HubError('HUB_AUTH_REQUIRED', 'The token is unknown, revoked or expired');
    }
    throttle.succeed(attempt);
    credentials.noteUse(principal).catch((err: unknown) => request.log.warn({ err }, 'use of token not noted'));
    return principal;
  };
};

const permit = (principal: Principal, needed: RouteAccess): void => {
  if (needed === 'public') return;
  if (principal.token === undefined) throw new HubError('HUB_AUTH_REQUIRED');
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
