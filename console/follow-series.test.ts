import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, type Judged, type LiveObservation } from './api.ts';
import { followSeries, type Series } from './follow-series.ts';
import type { LiveListener } from './live.ts';

const NOW = Date.UTC(2026, 2, 2, 7);

const at = (minute: number, value: number): LiveObservation => ({
  datastream: 'a',
  value,
  quality: 'pass',
  failedTests: [],
  phenomenonTime: new Date(NOW + minute * 60_000).toISOString(),
});

const begin = (answers: (readonly Judged[] | Error)[]) => {
  let series: Series = { id: undefined, phase: 'loading', points: [] };
  let listener: LiveListener = {};
  const getDay = vi.fn(async (_id: string, _signal: AbortSignal) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return [...(answer ?? [])];
  });
  const unsubscribed = vi.fn<() => void>();
  const subscribe = (asked: LiveListener) => {
    listener = asked;
    return unsubscribed;
  };
  const stop = followSeries('a', {
    feed: { subscribe },
    clock: Date.now,
    getDay,
    update: (change) => {
      series = change(series);
    },
  });
  const shown = () => `${series.phase} ${series.points.map(({ value }) => value).join(' ')}`.trim();
  return {
    shown,
    getDay,
    stop,
    unsubscribed,
    live: (...batch: LiveObservation[]) => listener.observations?.(batch),
    reset: () => listener.reset?.(),
  };
};

describe('a series that is followed', () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOW }));
  afterEach(() => void vi.useRealTimers());
  const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

  it('is the last day and what comes, also while it loads, and nothing of others', async () => {
    const { shown, live } = begin([[at(-1440.1, 9), at(-10, 1)]]);
    expect(shown()).toBe('loading');
    live(at(-5, 2), { ...at(-5, 99), datastream: 'b' });
    await settle();
    expect(shown()).toBe('ready 1 2');
    live(at(0, 3));
    expect(shown()).toBe('ready 1 2 3');
  });

  it('is loaded anew after a reset, and the older loading is called off', async () => {
    const { shown, reset, getDay } = begin([[at(-10, 1)], [at(-10, 2)]]);
    reset();
    expect(getDay.mock.calls.map(([, signal]) => signal.aborted)).toEqual([true, false]);
    await settle();
    expect(shown()).toBe('ready 2');
  });

  it('is tried again where the hub does not answer', async () => {
    const { shown, getDay } = begin([new ApiError(0, 'no answer'), new ApiError(503, 'not now'), [at(-10, 1)]]);
    await settle();
    expect(shown()).toBe('failed');
    await settle(20_000);
    expect(shown()).toBe('ready 1');
    await settle(60_000);
    expect(getDay).toHaveBeenCalledTimes(3);
  });

  it('keeps what it has where a later loading fails, with what came meanwhile', async () => {
    const { shown, reset, live } = begin([[at(-10, 1)], new ApiError(503, 'not now'), [at(-10, 7)]]);
    await settle();
    reset();
    live(at(0, 2));
    await settle();
    expect(shown()).toBe('ready 1 2');
    await settle(10_000);
    expect(shown()).toBe('ready 7');
  });

  it('is not asked for again where there is none', async () => {
    const { shown, getDay } = begin([new ApiError(404, 'HUB_NOT_FOUND')]);
    await settle(60_000);
    expect(shown()).toBe('unknown');
    expect(getDay).toHaveBeenCalledOnce();
  });

  it('ends', async () => {
    const { shown, stop, getDay, unsubscribed } = begin([new ApiError(0, 'no answer')]);
    await settle();
    stop();
    await settle(60_000);
    expect(getDay).toHaveBeenCalledOnce();
    expect(unsubscribed).toHaveBeenCalledOnce();
    expect(shown()).toBe('failed');
  });
});
