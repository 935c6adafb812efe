import { useEffect, useState } from 'preact/hooks';
import { ApiError, getDay, type Judged } from '../api.ts';
import type { LiveFeed } from '../live.ts';
import { type Point, withObservations } from '../series.ts';

const DAY_MS = 86_400_000;

export interface Series {
  /** Datastream that the points are of. */
  readonly id: string | undefined;
  readonly phase: 'loading' | 'ready' | 'unknown' | 'failed';
  readonly points: readonly Point[];
}

interface SeriesOptions {
  readonly feed: LiveFeed;
  readonly clock: () => number;
  /** Grows when everything is to be loaded again. */
  readonly attempt: number;
}

/** The last 24 hours of a datastream, kept up by live events. */
export const useSeries = (id: string | undefined, { feed, clock, attempt }: SeriesOptions): Series => {
  const [series, setSeries] = useState<Series>({ id: undefined, phase: 'loading', points: [] });
  useEffect(() => {
    if (id === undefined) return;
    let abort: AbortController | undefined;
    let meanwhile: Judged[] | undefined;
    const merge = (points: readonly Point[], batch: readonly Judged[]) =>
      withObservations(points, batch, clock() - DAY_MS);
    const load = async () => {
      abort?.abort();
      abort = new AbortController();
      const { signal } = abort;
      meanwhile = [];
      try {
        const day = await getDay(id, signal);
        if (signal.aborted) return;
        const points = merge([], [...day, ...meanwhile]);
        meanwhile = undefined;
        setSeries({ id, phase: 'ready', points });
      } catch (thrown) {
        if (signal.aborted) return;
        meanwhile = undefined;
        const isUnknown = thrown instanceof ApiError && (thrown.status === 404 || thrown.status === 400);
        setSeries({ id, phase: isUnknown ? 'unknown' : 'failed', points: [] });
      }
    };
    const stopListening = feed.subscribe({
      observations: (batch) => {
        const own = batch.filter(({ datastream }) => datastream === id);
        if (own.length === 0) return;
        if (meanwhile) meanwhile.push(...own);
        else setSeries((before) => (before.id === id ? { ...before, points: merge(before.points, own) } : before));
      },
      reset: () => void load(),
    });
    setSeries((before) => (before.id === id ? before : { id, phase: 'loading', points: [] }));
    void load();
    return () => {
      stopListening();
      abort?.abort();
    };
  }, [id, feed, clock, attempt]);
  return series.id === id ? series : { id, phase: 'loading', points: [] };
};
