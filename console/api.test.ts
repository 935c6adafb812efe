import { afterEach, describe, expect, it, vi } from 'vitest';
import { api, getDay, getEvents } from './api.ts';

const answer = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

describe('asking the hub', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  const asked = (reply: (path: string, init: RequestInit) => Promise<Response>) => {
    const fetch = vi.fn(reply);
    vi.stubGlobal('fetch', fetch);
    return () => fetch.mock.calls.map(([path]) => path);
  };

  it('follows pages to the end', async () => {
    const paths = asked(async (path) =>
      path === '/more' ? answer({ items: [{ id: 'b' }] }) : answer({ items: [{ id: 'a' }], next: '/more' }),
    );
    expect((await api.observedProperties()).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(paths()).toEqual(['/api/v1/observed-properties?limit=1000', '/more']);
  });

  it('ends, also where pages do not', async () => {
    const paths = asked(async () => answer({ observations: [{ value: 1 }], next: '/again' }));
    expect(await getDay('a b', new AbortController().signal)).toHaveLength(20);
    expect(paths()[0]).toBe('/api/v1/datastreams/a%20b/observations');
  });

  it('takes one page of events, and whether there are more', async () => {
    const paths = asked(async () => answer({ items: [{ kind: 'surge' }], next: '/more' }));
    const page = await getEvents('surge', Date.UTC(2026, 2, 2), new AbortController().signal);
    expect(page).toMatchObject({ items: [{ kind: 'surge' }], next: '/more' });
    expect(paths()).toEqual(['/api/v1/events?kind=surge&from=2026-03-02T00%3A00%3A00.000Z&limit=200']);
  });

  it('tells what the hub refused', async () => {
    asked(async () => answer({ code: 'HUB_UNAVAILABLE', title: 'Not now' }, 503));
    await expect(api.health()).rejects.toMatchObject({ status: 503, message: 'HUB_UNAVAILABLE: Not now' });
  });

  it.each([
    ['has no network', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['hears something else than the hub', () => Promise.resolve(new Response('<html>'))],
  ])('tells that nobody answers where it %s', async (_case, reply) => {
    asked(reply);
    await expect(api.health()).rejects.toMatchObject({ name: 'ApiError', status: 0 });
  });

  const untilAborted = (_path: string, { signal }: RequestInit) =>
    new Promise<Response>((_resolve, reject) => {
      if (signal?.aborted) reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });

  it('does not wait for ever', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    asked(untilAborted);
    await expect(api.latest()).rejects.toMatchObject({ status: 0 });
    await expect(getDay('a', new AbortController().signal)).rejects.toMatchObject({ status: 0 });
  });

  it('can be called off', async () => {
    asked(untilAborted);
    const abort = new AbortController();
    const day = getDay('a', abort.signal);
    abort.abort(new Error('enough'));
    await expect(day).rejects.toThrow('enough');
  });
});
