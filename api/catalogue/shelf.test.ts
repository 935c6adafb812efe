import { describe, expect, it } from 'vitest';
import { HOUR } from '../../model/time.ts';
import { createAccess } from '../access.ts';
import { everybody } from '../auth/principal.ts';
import { createTestApi, fillRegion, NOW } from '../testing.ts';
import { createShelf } from './shelf.ts';
import { createShowcase } from './showcase.ts';

const shelfAt = (options: { staleMs?: number; size?: number } = {}) => {
  const state = { now: 0, version: 1, made: 0 };
  const shelf = createShelf<number>({
    version: () => state.version,
    clock: () => state.now,
    keepMs: 10,
    size: 2,
    ...options,
  });
  return { state, take: (key = 'a') => shelf(key, async () => ++state.made) };
};

describe('a shelf', () => {
  it('gives out the same for a while, to many at once too', async () => {
    const { state, take } = shelfAt();
    expect(await Promise.all([take(), take(), take('b')])).toEqual([1, 1, 2]);
    state.now = 9;
    expect(await take()).toBe(1);
    state.now = 10;
    expect(await take()).toBe(3);
  });

  it('gives out what is stale once more, while the next is made', async () => {
    const { state, take } = shelfAt({ staleMs: 5 });
    await take();
    state.now = 12;
    expect([await take(), await take()]).toEqual([1, 2]);
    state.now = 40;
    expect(await take()).toBe(3);
  });

  it('gives out nothing for an hour because the clock was set back by one', async () => {
    const { state, take } = shelfAt({ staleMs: 5 });
    state.now = HOUR;
    await take();
    state.now = 0;
    expect(await take()).toBe(2);
  });

  it('gives out nothing that was made of another version of the registry', async () => {
    const { state, take } = shelfAt({ staleMs: 1_000 });
    await take();
    state.version++;
    expect(await take()).toBe(2);
  });

  it('keeps no failure, and no more than its size', async () => {
    const { take } = shelfAt();
    let tries = 0;
    const shelf = createShelf<number>({ version: () => 1, clock: () => 0, keepMs: 10, size: 2 });
    const fail = async () => {
      if (++tries === 1) throw new Error('no');
      return tries;
    };
    await expect(shelf('x', fail)).rejects.toThrow('no');
    expect(await shelf('x', fail)).toBe(2);
    await take('a');
    await take('b');
    await take('c');
    expect([await take('c'), await take('b'), await take('a')]).toEqual([3, 2, 4]);
  });
});

describe('the showcase', () => {
  it('keeps nothing that was seen before a dataset became delayed', async () => {
    const api = await createTestApi();
    await fillRegion(api);
    const { registry, deps } = api;
    const showcase = createShowcase({ reader: createAccess(deps)(everybody), clock: deps.clock });
    const before = showcase.dataset('levels');
    api.put('dataset', { ...registry.require('dataset', 'levels'), visibility: 'delayed', delayMinutes: 90 });
    // A page that was begun before asks in the middle of its work.
    if (before) await showcase.extent(before);
    const now = showcase.dataset('levels');
    expect((now && (await showcase.extent(now)))?.newest).toBeLessThanOrEqual(NOW - 1.5 * HOUR);
    await api.app.close();
  });
});
