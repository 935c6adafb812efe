import type { JWTPayload } from 'jose';
import { HubError } from '../../model/errors.ts';
import { type Role, roles } from '../../model/ports.ts';
import { SECOND } from '../../model/time.ts';
import type { Principal } from '../auth/principal.ts';
import type { OidcConfig } from './oidc-config.ts';

/** Marks principals of the issuer; ids of local tokens are hexadecimal. */
export const OIDC = 'oidc:';

/** Values of a claim: one text, or a list of texts. */
const valuesOf = (claims: JWTPayload, path: string | readonly string[]): string[] => {
  let value: unknown = claims;
  for (const part of typeof path === 'string' ? path.split('.') : path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return [];
    value = (value as Record<string, unknown>)[part];
  }
  return [value].flat().filter((one): one is string => typeof one === 'string' && one !== '');
};

/** Who a token of the issuer stands for. Its signature and dates are verified already. */
export const principalIn = (claims: JWTPayload, config: OidcConfig): Principal => {
  const { sub, exp } = claims;
  if (sub === undefined || sub === '' || exp === undefined) {
    throw new HubError('HUB_AUTH_REQUIRED', 'The token lacks sub or exp');
  }
  const person: Principal = {
    token: `${OIDC}${sub.slice(0, 200)}`,
    expiresAt: (exp + config.clockToleranceS) * SECOND,
  };
  const role = roleIn(claims, config);
  if (role === undefined) return person;
  if (config.municipalityClaim === undefined) return { ...person, role };
  const named = [...new Set(valuesOf(claims, config.municipalityClaim))];
  if (named.includes(config.wholeRegion)) return { ...person, role };
  if (named.length > 1) {
    throw new HubError('HUB_AUTH_FORBIDDEN', 'The token names several municipalities; it may name one, or all of them');
  }
  const [one] = named;
  // Nobody has the whole region because something is missing.
  if (one === undefined) return person;
  const municipality = Object.hasOwn(config.municipalities, one) ? config.municipalities[one] : one;
  return { ...person, role, municipality: municipality ?? one };
};

const roleIn = (claims: JWTPayload, config: OidcConfig): Role | undefined => {
  const known = new Map(Object.entries(config.roles));
  const held = new Set(valuesOf(claims, config.roleClaim).map((name) => known.get(name)));
  return roles.findLast((role) => held.has(role));
};
