import { type EpochMs, MINUTE } from '../model/time.ts';

interface Failures {
  count: number;
  since: EpochMs;
}

/** Addresses that are remembered; beyond, the oldest are forgotten. */
const MAX_REMEMBERED = 10_000;

/** Counts failures per key and minute, and says when one more is too many. */
export const createThrottle = ({ perMinute, clock }: { perMinute: number; clock: () => EpochMs }) => {
  const failures = new Map<string, Failures>();
  const current = (key: string): Failures | undefined => {
    const found = failures.get(key);
    if (!found || clock() - found.since < MINUTE) return found;
    failures.delete(key);
    return undefined;
  };
  return {
    /** Seconds until the key may try again; undefined where it may now. */
    blockedForS(key: string): number | undefined {
      const found = current(key);
      if (!found || found.count < perMinute) return undefined;
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
