import type { Role } from '../model/ports.ts';
import type { EpochMs } from '../model/time.ts';

/** `public` is a key for open data: it sees what everybody sees, and may ask more often. */
export type TokenRole = Role | 'public';

/** An API token; only the SHA-256 of its secret is kept. */
export interface StoredToken {
  readonly id: string;
  /** SHA-256 of the token, lower-case hexadecimal. */
  readonly hash: string;
  readonly name: string;
  readonly role: TokenRole;
  /** Restricts the token to one municipality; absent: the whole region. */
  readonly municipality?: string;
  readonly createdAt: EpochMs;
  readonly expiresAt?: EpochMs;
  readonly lastUsedAt?: EpochMs;
}

export interface AccountStore {
  tokens(): Promise<StoredToken[]>;
  putToken(token: StoredToken): Promise<void>;
  removeToken(id: string): Promise<boolean>;
}
