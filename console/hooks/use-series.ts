import { useEffect, useState } from 'preact/hooks';
import { getDay } from '../api.ts';
import { followSeries, type Series } from '../follow-series.ts';
import type { LiveFeed } from '../live.ts';

interface SeriesOptions {
  readonly feed: LiveFeed;
  readonly clock: () => number;
  /** With another version everything is loaded again; what is shown stays meanwhile. */
  readonly version: string;
}

/** The last 24 hours of a datastream, kept up by live events. */
export const useSeries = (id: string | undefined, { feed, clock, version }: SeriesOptions): Series => {
  const [series, setSeries] = useState<Series>({ id: undefined, phase: 'loading', points: [] });
  useEffect(
    () => (id === undefined ? undefined : followSeries(id, { feed, clock, getDay, update: setSeries })),
    [id, feed, clock, version],
  );
  return series.id === id ? series : { id, phase: 'loading', points: [] };
};
