import type { EpochMs } from '../../model/time.ts';

interface ShelfOptions {
  /** Version of the registry: what was made of another one is no longer given out. */
  readonly version: () => number;
  readonly clock: () => EpochMs;
  /** Milliseconds for which a thing is given out again. */
  readonly keepMs: number;
  /** Further milliseconds for which it is given out while a new one is made, so that only the very first asker waits. */
  readonly staleMs?: number;
  /** Things kept at most; the oldest go first. */
  readonly size: number;
}

export type Shelf<T> = (key: string, make: () => Promise<T>) => Promise<T>;

/** Keeps for a while what is dear to make, so that many askers cost as much as one. What failed is not kept. */
export const createShelf = <T>({ version, clock, keepMs, staleMs = 0, size }: ShelfOptions): Shelf<T> => {
  const held = new Map<string, { readonly at: EpochMs; readonly made: Promise<T> }>();
  let of = version();
  const put = (key: string, make: () => Promise<T>): Promise<T> => {
    const entry = { at: clock(), made: make() };
    held.delete(key);
    held.set(key, entry);
    entry.made.catch(() => {
      if (held.get(key) === entry) held.delete(key);
    });
    const [oldest] = held.keys();
    if (held.size > size && oldest !== undefined) held.delete(oldest);
    return entry.made;
  };
  return (key, make) => {
    if (of !== version()) {
      held.clear();
      of = version();
    }
    const found = held.get(key);
    // A clock that was set back must not keep a thing for as long again.
    const age = found ? Math.abs(clock() - found.at) : Number.POSITIVE_INFINITY;
    if (!found || age >= keepMs + staleMs) return put(key, make);
    // Whoever asks for what is stale gets it, and starts what the next one gets.
    if (age >= keepMs) void put(key, make);
    return found.made;
  };
};
