import { type EpochMs, MINUTE } from '../../model/time.ts';

interface Failures {
  count: number;
  since: EpochMs;
}

/** Who tries, and what with. */
export interface Attempt {
  /** Address, or network, that limits count as one (`clientOf`). */
  readonly client: string;
  /** Public part of the credential, such as the id of a token; empty where it has none. */
  readonly name: string;
}

/** Entries that are remembered of each kind; beyond, the oldest are forgotten. */
const MAX_REMEMBERED = 10_000;

/** An address may try so many different names, and a name may be tried from so many addresses. */
const WIDER = 10;

const createCounter = (limit: number, clock: () => EpochMs) => {
  const failures = new Map<string, Failures>();
  const current = (key: string): Failures | undefined => {
    const found = failures.get(key);
    if (!found || clock() - found.since < MINUTE) return found;
    failures.delete(key);
    return undefined;
  };
  return {
    blockedForS(key: string): number | undefined {
      const found = current(key);
      if (!found || found.count < limit) return undefined;
      return Math.max(1, Math.ceil((found.since + MINUTE - clock()) / 1000));
    },
    fail(key: string): void {
      const found = current(key) ?? { count: 0, since: clock() };
      found.count++;
      failures.set(key, found);
      const [oldest] = failures.keys();
      if (failures.size > MAX_REMEMBERED && oldest !== undefined) failures.delete(oldest);
    },
  };
};

/**
 * Counts wrong credentials by minute, and says when one more is too many: of one name from one address, of one address
 * with whatever names, of one name from wherever. The wider two never hold up a name at an address where it was right
 * before: whoever guesses locks out nobody else.
 */
export const createThrottle = ({ perMinute, clock }: { perMinute: number; clock: () => EpochMs }) => {
  const pairs = createCounter(perMinute, clock);
  const clients = createCounter(perMinute * WIDER, clock);
  const names = createCounter(perMinute * WIDER, clock);
  const known = new Set<string>();
  const pairOf = ({ client, name }: Attempt): string => `${client} ${name}`;
  return {
    /** Seconds until this may be tried again; undefined where it may now. */
    blockedForS(attempt: Attempt): number | undefined {
      const pair = pairOf(attempt);
      const blocked = pairs.blockedForS(pair);
      if (blocked !== undefined || known.has(pair)) return blocked;
      return clients.blockedForS(attempt.client) ?? (attempt.name === '' ? undefined : names.blockedForS(attempt.name));
    },
    /** Only for what was tried: what is blocked does not count again, and so pushes nothing out of memory. */
    fail(attempt: Attempt): void {
      pairs.fail(pairOf(attempt));
      clients.fail(attempt.client);
      if (attempt.name !== '') names.fail(attempt.name);
    },
    succeed(attempt: Attempt): void {
      const pair = pairOf(attempt);
      known.delete(pair);
      known.add(pair);
      const [oldest] = known;
      if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
    },
  };
};
