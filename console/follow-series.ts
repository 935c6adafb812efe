import { ApiError, type getDay, type Judged } from './api.ts';
import type { LiveFeed } from './live.ts';
import { DAY_MS, type Point, withObservations } from './series.ts';

export interface Series {
  /** Datastream that the points are of. */
  readonly id: string | undefined;
  readonly phase: 'loading' | 'ready' | 'unknown' | 'failed';
  readonly points: readonly Point[];
}

const RETRY_MS = 10_000;

export interface FollowOptions {
  readonly feed: Pick<LiveFeed, 'subscribe'>;
  readonly clock: () => number;
  readonly getDay: typeof getDay;
  readonly update: (change: (before: Series) => Series) => void;
}

/** Loads the last 24 hours of a datastream and keeps them up by live events, until the returned function is called. */
export const followSeries = (id: string, { feed, clock, getDay, update }: FollowOptions): (() => void) => {
  let abort = new AbortController();
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Events since the present loading began; undefined when none is under way. */
  let meanwhile: Judged[] | undefined;
  const merge = (points: Series['points'], batch: readonly Judged[]) =>
    withObservations(points, batch, clock() - DAY_MS);
  const take = (batch: readonly Judged[]) =>
    update((before) => (before.id === id ? { ...before, points: merge(before.points, batch) } : before));

  const load = async () => {
    abort.abort();
    clearTimeout(retryTimer);
    abort = new AbortController();
    const { signal } = abort;
    const events: Judged[] = [];
    meanwhile = events;
    try {
      const day = await getDay(id, signal);
      if (signal.aborted) return;
      update(() => ({ id, phase: 'ready', points: merge([], [...day, ...events]) }));
    } catch (thrown) {
      if (signal.aborted) return;
      const phase = thrown instanceof ApiError && [400, 404].includes(thrown.status) ? 'unknown' : 'failed';
      if (phase === 'failed') retryTimer = setTimeout(() => void load(), RETRY_MS);
      // What was drawn before is better than nothing.
      const isKept = (before: Series) => phase === 'failed' && before.phase === 'ready';
      update((before) => (isKept(before) ? before : { id, phase, points: [] }));
      take(events);
    }
    meanwhile = undefined;
  };

  const stopListening = feed.subscribe({
    observations: (batch) => {
      const own = batch.filter(({ datastream }) => datastream === id);
      if (meanwhile) meanwhile.push(...own);
      else if (own.length > 0) take(own);
    },
    reset: () => void load(),
  });
  update((before) => (before.id === id ? before : { id, phase: 'loading', points: [] }));
  void load();
  return () => {
    stopListening();
    clearTimeout(retryTimer);
    abort.abort();
  };
};
