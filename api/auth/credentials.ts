import { createHash } from 'node:crypto';
import type { Oidc } from '../oidc/oidc.ts';
import type { Principal } from './principal.ts';
import { TokenKeeper } from './tokens.ts';

/** All ways in which somebody can say who it is. */
export interface Credentials {
  /** Undefined: it is wrong. Throws HUB_UNAVAILABLE where that cannot be told right now. */
  principalOf(credential: string): Promise<Principal | undefined>;
  /** The command line of this machine, which nobody's guesses hold up. */
  localPrincipal(credential: string): Principal | undefined;
  /** The part of a credential by which guesses are counted; empty where it has none. */
  nameIn(credential: string): string;
  /** Whether a principal that was let in earlier would be let in now. */
  stillHolds(principal: Principal): Promise<boolean>;
  noteUse(principal: Principal): Promise<void>;
}

export const createCredentials = (tokens: TokenKeeper, oidc: Oidc | undefined): Credentials => ({
  principalOf: async (credential) =>
    oidc?.takes(credential) ? oidc.principalOf(credential) : tokens.principalOf(credential),
  localPrincipal: (credential) => tokens.localPrincipal(credential),
  nameIn: (credential) => {
    const id = TokenKeeper.idIn(credential);
    if (id !== undefined || !oidc?.takes(credential)) return id ?? '';
    // Of an OIDC token its claims: who changes one has another token.
    return createHash('sha256')
      .update(credential.slice(0, credential.lastIndexOf('.')))
      .digest('base64url');
  },
  stillHolds: async (principal) => oidc?.stillHolds(principal) ?? tokens.stillHolds(principal),
  noteUse: async ({ token }) => {
    if (token !== undefined) await tokens.noteUse(token);
  },
});
