import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { HubError } from '../../model/errors.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Principal } from '../auth/principal.ts';
import { OIDC, principalIn } from './claims.ts';
import { createKeySet } from './key-set.ts';
import type { OidcConfig } from './oidc-config.ts';

/** Longer ones are not looked at. */
const LONGEST_TOKEN = 8_192;

/** JSON Web Signature in its compact form (RFC 7515 §7.1). */
const JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** What is signed by the same keys and is no leave to read: logout tokens, proofs, events (RFC 8725 §3.11). */
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt']);

export interface Oidc {
  /** Whether a credential has the form of such a token. */
  takes(credential: string): boolean;
  /** Undefined: it is wrong. Throws HUB_UNAVAILABLE while its key cannot be had. */
  principalOf(token: string): Promise<Principal | undefined>;
  /** Undefined: not one of ours. */
  stillHolds(principal: Principal): boolean | undefined;
}

interface OidcDeps {
  readonly config: OidcConfig;
  readonly clock: () => EpochMs;
  readonly cooldownMs?: number;
}

/** Bearer tokens of an OpenID Connect issuer: JSON Web Tokens, verified with its published keys (RFC 7519, 8725, 9068). */
export const createOidc = ({ config, clock, ...more }: OidcDeps): Oidc => {
  const keys = createKeySet({ config, clock, ...more });
  const allowed: readonly string[] = config.algorithms;
  return {
    takes: (credential) => JWS.test(credential),
    principalOf: async (token) => {
      // Before a key is asked for: whoever is not of this issuer makes nobody call it.
      if (token.length > LONGEST_TOKEN || !isPlausible(token, { issuer: config.issuer, allowed })) return undefined;
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer: config.issuer,
          audience: config.audience,
          algorithms: [...allowed],
          clockTolerance: config.clockToleranceS,
          currentDate: new Date(clock()),
          requiredClaims: ['exp', 'sub'],
        });
        return principalIn(payload, config);
      } catch (thrown) {
        if (thrown instanceof errors.JOSEError && !isAway(thrown)) return undefined;
        if (thrown instanceof HubError) throw thrown;
        throw new HubError('HUB_UNAVAILABLE', 'The keys of the issuer cannot be read right now', { cause: thrown });
      }
    },
    stillHolds: ({ token, expiresAt }) => {
      if (!token?.startsWith(OIDC)) return undefined;
      return expiresAt !== undefined && clock() < expiresAt;
    },
  };
};

/** The issuer answered with something that is no key set. */
const isAway = ({ code }: errors.JOSEError): boolean =>
  ['ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC'].includes(code);

const isPlausible = (token: string, { issuer, allowed }: { issuer: string; allowed: readonly string[] }): boolean => {
  try {
    const { alg, typ } = decodeProtectedHeader(token);
    if (alg === undefined || !allowed.includes(alg)) return false;
    if (typ !== undefined && (typeof typ !== 'string' || !TYPES.has(typ.toLowerCase()))) return false;
    return decodeJwt(token).iss === issuer;
  } catch {
    return false;
  }
};
