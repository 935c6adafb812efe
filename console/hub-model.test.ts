import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Api, ApiError, type LatestValue, type LiveObservation } from './api.ts';
import { HubModel } from './hub-model.ts';
import { LiveFeed, type LiveListener } from './live.ts';

const NOW = Date.UTC(2026, 2, 2, 7, 15);

const latest = (datastream: string, minute: number, value: number): LatestValue => ({
  datastream,
  property: 'water_level',
  unit: 'm',
  value,
  quality: 'pass',
  failedTests: [],
  phenomenonTime: new Date(Date.UTC(2026, 2, 2, 7, minute)).toISOString(),
  ageS: 60 * (20 - minute),
  delayMinutes: 0,
  useCase: 'coast',
  thing: { id: datastream, name: datastream, simulated: true },
});
const live = (...args: Parameters<typeof latest>): LiveObservation => latest(...args);

class OpenFeed extends LiveFeed {
  listener: LiveListener = {};
  override subscribe(listener: LiveListener): () => void {
    this.listener = listener;
    return () => undefined;
  }
}

const begin = (answers: (readonly LatestValue[] | Error)[]) => {
  const feed = new OpenFeed({
    connect: () => ({ readyState: 0, addEventListener: () => undefined, close: () => undefined }),
  });
  const ask = vi.fn<Api['latest']>(async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return [...(answer ?? [])];
  });
  const api: Api = {
    latest: ask,
    observedProperties: async () => [],
    health: async () => ({ version: '1', demo: true }),
  };
  const model = new HubModel({ api, feed, clock: Date.now });
  model.start();
  const shown = () => [...model.state.rows.values()].map(({ id, value }) => `${id}=${value}`).join(' ');
  return { model, feed, ask, shown };
};

describe('what the page knows of the hub', () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOW }));
  afterEach(() => void vi.useRealTimers());
  const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

  it('is the newest values, and the hub’s clock', async () => {
    const { model, shown } = begin([[latest('a', 10, 1)]]);
    expect(model.state.phase).toBe('loading');
    await settle();
    expect(model.state).toMatchObject({ phase: 'ready', clockOffsetMs: 5 * 60_000, health: { demo: true } });
    expect(shown()).toBe('a=1');
  });

  it('loses no event that comes while it loads', async () => {
    const { feed, shown } = begin([[latest('a', 10, 1)]]);
    feed.listener.observations?.([live('a', 11, 2)]);
    await settle();
    expect(shown()).toBe('a=2');
  });

  it('loads again for datastreams that are new, soon and once', async () => {
    const { feed, shown, ask } = begin([[], [latest('a', 10, 1), latest('b', 10, 3)]]);
    await settle();
    for (let i = 0; i < 20; i++) feed.listener.observations?.([live('a', 10, 1)]);
    await settle(5_000);
    expect(shown()).toBe('a=1 b=3');
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('loads also for what was new during a loading', async () => {
    const { feed, shown } = begin([[], [latest('a', 10, 1)]]);
    feed.listener.observations?.([live('a', 10, 1)]);
    await settle();
    await settle(5_000);
    expect(shown()).toBe('a=1');
  });

  it('does not load again and again for what the hub does not list', async () => {
    const { feed, ask } = begin([[latest('a', 10, 1)]]);
    await settle();
    for (let i = 0; i < 15; i++) {
      feed.listener.observations?.([live('unlisted', 10, 1)]);
      await settle(5_000);
    }
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('believes a loading after a reset, also where values are gone', async () => {
    const { feed, shown } = begin([[latest('a', 12, 9), latest('b', 10, 3)], [latest('a', 10, 1)]]);
    await settle();
    feed.listener.reset?.();
    await settle();
    expect(shown()).toBe('a=1');
  });

  it('loads anew after a reset that comes during a loading', async () => {
    const { feed, shown } = begin([[latest('a', 12, 9)], [latest('a', 10, 1)]]);
    feed.listener.reset?.();
    await settle();
    expect(shown()).toBe('a=1');
  });

  it('says that the hub is away, keeps what it has and tries again', async () => {
    const { model, shown } = begin([[latest('a', 10, 1)], new ApiError(503, 'HUB_UNAVAILABLE'), [latest('a', 11, 2)]]);
    await settle();
    await model.load();
    expect(model.state).toMatchObject({ phase: 'ready', error: { status: 503 } });
    expect(shown()).toBe('a=1');
    await settle(10_000);
    expect(model.state.error).toBeUndefined();
    expect(shown()).toBe('a=2');
  });

  it('fails where there never was an answer', async () => {
    const { model } = begin([new ApiError(0, 'no answer')]);
    await settle();
    expect(model.state).toMatchObject({ phase: 'failed', error: { status: 0 } });
  });

  it('refreshes by itself, since delayed values never come live', async () => {
    const { shown } = begin([[latest('a', 10, 1)], [latest('a', 14, 4)]]);
    await settle();
    await settle(120_000);
    expect(shown()).toBe('a=4');
  });
});
