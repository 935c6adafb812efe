import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveObservation } from './api.ts';
import { type EventStream, LiveFeed } from './live.ts';

class FakeStream implements EventStream {
  readyState = 0;
  readonly url: string;
  readonly #listeners = new Map<string, (event: MessageEvent<string>) => void>();
  constructor(url: string) {
    this.url = url;
  }
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(type, listener);
  }
  close(): void {
    this.readyState = 2;
  }
  say(type: string, data: unknown = {}, lastEventId = ''): void {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    this.#listeners.get(type)?.({ data: text, lastEventId } as MessageEvent<string>);
  }
}

const observation = {
  datastream: 'a.b',
  value: 1,
  quality: 'pass',
  failedTests: [],
  phenomenonTime: '2026-03-02T07:00:00Z',
};

const begin = () => {
  const streams: FakeStream[] = [];
  const batches: (readonly LiveObservation[])[] = [];
  const states: string[] = [];
  const reset = vi.fn<() => void>();
  const feed = new LiveFeed({
    connect: (url) => {
      const stream = new FakeStream(url);
      streams.push(stream);
      return stream;
    },
  });
  feed.subscribe({
    observations: (batch) => batches.push(batch),
    connection: (state) => states.push(state),
    reset,
  });
  feed.start();
  const last = () => streams.at(-1) as FakeStream;
  return { feed, streams, batches, states, reset, last };
};

describe('the live feed', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('hands events on together and skips what is none', () => {
    const { batches, last } = begin();
    last().say('open');
    for (const data of [observation, 'no json', null, { datastream: 'a.b' }, { ...observation, value: 2 }]) {
      last().say('observation', data);
    }
    expect(batches).toEqual([]);
    vi.advanceTimersByTime(300);
    expect(batches.map((batch) => batch.map(({ value }) => value))).toEqual([[1, 2]]);
  });

  it('leaves a break to the browser as long as it tries itself', () => {
    const { streams, states, last } = begin();
    last().say('open');
    last().readyState = 0;
    last().say('error');
    vi.advanceTimersByTime(60_000);
    last().say('open');
    expect(streams).toHaveLength(1);
    expect(states).toEqual(['connecting', 'open', 'lost', 'open']);
  });

  it('opens a new stream from the last event where the browser gave up, ever more slowly', () => {
    const { streams, last } = begin();
    last().say('observation', observation, 'x.7');
    for (const waitMs of [3_000, 6_000, 12_000]) {
      const before = streams.length;
      last().close();
      last().say('error');
      vi.advanceTimersByTime(waitMs - 1);
      expect(streams).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(last().url).toBe('/api/v1/live?lastEventId=x.7');
    }
  });

  it('opens a new stream where the line died unnoticed: three heartbeats long nothing came', () => {
    const { streams, states, last } = begin();
    last().say('open');
    last().say('ready', { heartbeatS: 15 }, 'x.1');
    for (const type of ['observation', 'heartbeat', 'heartbeat']) {
      vi.advanceTimersByTime(44_999);
      last().say(type, observation, 'x.2');
    }
    vi.advanceTimersByTime(44_999);
    expect(streams).toHaveLength(1);
    expect(states).toEqual(['connecting', 'open']);
    vi.advanceTimersByTime(1);
    expect(streams.map(({ readyState, url }) => [readyState, url])).toEqual([
      [2, '/api/v1/live'],
      [0, '/api/v1/live?lastEventId=x.2'],
    ]);
    expect(states.at(-1)).toBe('lost');
    // Nor does the new one hang for ever.
    vi.advanceTimersByTime(45_000);
    expect(streams).toHaveLength(3);
    last().say('ready', { heartbeatS: 15 });
    expect(states).toEqual(['connecting', 'open', 'lost', 'open']);
  });

  it('does not mistake errors for signs of life, nor opens two streams', () => {
    const { streams, last } = begin();
    last().say('ready', { heartbeatS: 2 });
    vi.advanceTimersByTime(5_000);
    last().say('error');
    vi.advanceTimersByTime(1_000);
    expect(streams).toHaveLength(2);
    last().close();
    last().say('error');
    vi.advanceTimersByTime(3_000);
    expect(streams).toHaveLength(3);
    last().say('open');
    vi.advanceTimersByTime(5_999);
    expect(streams).toHaveLength(3);
  });

  it('waits in peace where the hub promises no heartbeats', () => {
    const { streams, states, last } = begin();
    for (const data of [{}, 'no json', null, { heartbeatS: 'x' }]) last().say('ready', data);
    vi.advanceTimersByTime(3_600_000);
    expect(streams).toHaveLength(1);
    expect(states.at(-1)).toBe('open');
  });

  it('says when something was missed for good', () => {
    const { reset, last, states } = begin();
    last().say('reset');
    expect(reset).toHaveBeenCalledOnce();
    expect(states.at(-1)).toBe('open');
  });

  it('stays silent after its end, also for what a closed stream still says', () => {
    const { feed, batches, states, last } = begin();
    const stream = last();
    feed.setOffline();
    stream.say('observation', observation);
    stream.say('error');
    vi.advanceTimersByTime(60_000);
    expect(batches).toEqual([]);
    expect(states.at(-1)).toBe('offline');
  });

  it('starts anew when the network is back', () => {
    const { feed, streams, states, last } = begin();
    last().say('observation', observation, 'x.7');
    feed.setOffline();
    feed.start();
    expect(streams).toHaveLength(2);
    expect(last().url).toBe('/api/v1/live?lastEventId=x.7');
    last().say('open');
    expect(states).toEqual(['connecting', 'open', 'offline', 'connecting', 'open']);
  });
});
