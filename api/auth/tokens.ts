import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { HubError } from '../../model/errors.ts';
import { type EpochMs, MINUTE } from '../../model/time.ts';
import type { AccountStore, StoredToken, TokenRole } from '../../store/accounts.ts';
import { LOCAL, type Principal } from './principal.ts';

/** `plt_<id>_<secret>`: the prefix lets secret scanners find it, the id lets us find it without a scan. */
const TOKEN = /^plt_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

export interface NewToken {
  readonly name: string;
  readonly role: TokenRole;
  readonly municipality?: string;
  readonly expiresAt?: EpochMs;
}

export type TokenInfo = Omit<StoredToken, 'hash'>;

const withoutHash = ({ hash: _hash, ...info }: StoredToken): TokenInfo => info;

/**
 * The tokens in memory; the API is the only one that changes them. A secret is random (256 bits), so that a plain
 * SHA-256 of it is enough to keep.
 */
export class TokenKeeper {
  readonly #accounts: AccountStore;
  readonly #clock: () => EpochMs;
  readonly #local: Buffer | undefined;
  #tokens: Promise<Map<string, StoredToken>> | undefined;
  /** Writes happen one after the other: a noted use must not bring back a token that is being revoked. */
  #writes: Promise<unknown> = Promise.resolve();

  constructor({ accounts, clock, local }: { accounts: AccountStore; clock: () => EpochMs; local: string | undefined }) {
    this.#accounts = accounts;
    this.#clock = clock;
    this.#local = local === undefined ? undefined : sha256(local);
  }

  /** Id in a token, whether or not there is such a token; undefined where it is none of ours. */
  static idIn(credential: string): string | undefined {
    return TOKEN.exec(credential)?.[1];
  }

  /** The command line of this machine, which nobody's guesses may hold up. */
  localPrincipal(credential: string): Principal | undefined {
    const isLocal = this.#local !== undefined && isSame(sha256(credential), this.#local);
    return isLocal ? { role: 'admin', token: LOCAL } : undefined;
  }

  async principalOf(credential: string): Promise<Principal | undefined> {
    const local = this.localPrincipal(credential);
    if (local) return local;
    const hash = sha256(credential);
    const id = TokenKeeper.idIn(credential);
    const stored = id === undefined ? undefined : (await this.#load()).get(id);
    // Compared even without such a token, so that both take the same time.
    const matches = isSame(hash, stored ? Buffer.from(stored.hash, 'hex') : sha256(''));
    if (!stored || !matches || this.#isExpired(stored)) return undefined;
    return {
      // A key for open data has no role: it sees what everybody sees.
      ...(stored.role !== 'public' && { role: stored.role }),
      token: stored.id,
      ...(stored.municipality !== undefined && { municipality: stored.municipality }),
      ...(stored.expiresAt !== undefined && { expiresAt: stored.expiresAt }),
    };
  }

  /** Whether a principal that was let in earlier would be let in now. */
  async stillHolds({ token, expiresAt }: Principal): Promise<boolean> {
    if (token === undefined || token === LOCAL) return true;
    if (expiresAt !== undefined && expiresAt <= this.#clock()) return false;
    const stored = (await this.#load()).get(token);
    // Rotation shortens the life of a token that is in use.
    return stored !== undefined && !this.#isExpired(stored);
  }

  /** Notes the use of a token, at most once a minute. */
  async noteUse(id: string): Promise<void> {
    const tokens = await this.#load();
    const now = this.#clock();
    const stored = tokens.get(id);
    if (!stored || now - (stored.lastUsedAt ?? 0) < MINUTE) return;
    tokens.set(id, { ...stored, lastUsedAt: now });
    await this.#write(async () => {
      const current = tokens.get(id);
      if (current) await this.#accounts.putToken(current);
    });
  }

  /** Answers the token once; only its hash is kept. */
  async create(request: NewToken): Promise<{ readonly info: TokenInfo; readonly token: string }> {
    const id = randomBytes(8).toString('hex');
    const token = `plt_${id}_${randomBytes(32).toString('base64url')}`;
    const info: TokenInfo = { id, ...request, createdAt: this.#clock() };
    const stored: StoredToken = { ...info, hash: sha256(token).toString('hex') };
    const tokens = await this.#load();
    await this.#write(() => this.#accounts.putToken(stored));
    tokens.set(id, stored);
    return { info, token };
  }

  /**
   * A new token in place of another, which holds on for `overlapMs` so that it can be exchanged wherever it is used.
   * Throws HUB_NOT_FOUND, and HUB_CONFLICT where the other has expired.
   */
  async rotate(id: string, overlapMs: number): Promise<{ readonly info: TokenInfo; readonly token: string }> {
    const tokens = await this.#load();
    const old = tokens.get(id);
    if (!old) throw new HubError('HUB_NOT_FOUND', `There is no token "${id}"`);
    if (this.#isExpired(old)) throw new HubError('HUB_CONFLICT', `Token "${id}" has expired; create a new one`);
    const { name, role, municipality, expiresAt } = old;
    const made = await this.create({
      name,
      role,
      ...(municipality !== undefined && { municipality }),
      ...(expiresAt !== undefined && { expiresAt }),
    });
    const end = Math.min(this.#clock() + overlapMs, expiresAt ?? Number.POSITIVE_INFINITY);
    await this.#write(async () => {
      const current = tokens.get(id);
      // Revoked meanwhile.
      if (!current) return;
      const ending = { ...current, expiresAt: end };
      await this.#accounts.putToken(ending);
      tokens.set(id, ending);
    });
    return made;
  }

  async list(): Promise<TokenInfo[]> {
    const tokens = [...(await this.#load()).values()];
    return tokens.map(withoutHash).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async revoke(id: string): Promise<void> {
    const tokens = await this.#load();
    if (!tokens.has(id)) throw new HubError('HUB_NOT_FOUND', `There is no token "${id}"`);
    await this.#write(async () => {
      await this.#accounts.removeToken(id);
      // Not before it is durable: a revocation that failed can be asked for again.
      tokens.delete(id);
    });
  }

  #isExpired({ expiresAt }: StoredToken): boolean {
    return expiresAt !== undefined && expiresAt <= this.#clock();
  }

  #load(): Promise<Map<string, StoredToken>> {
    this.#tokens ??= this.#accounts.tokens().then(
      (tokens) => new Map(tokens.map((token) => [token.id, token])),
      (cause: unknown) => {
        this.#tokens = undefined;
        throw new HubError('HUB_UNAVAILABLE', 'The accounts cannot be read right now', { cause });
      },
    );
    return this.#tokens;
  }

  async #write<T>(write: () => Promise<T>): Promise<T> {
    const written = this.#writes.then(write);
    this.#writes = written.catch(() => undefined);
    return written;
  }
}
