import { useEffect, useState } from 'preact/hooks';
import { getEvents } from '../api.ts';
import type { Happenings } from '../events.ts';
import { followEvents } from '../follow-events.ts';
import type { LiveFeed } from '../live.ts';

interface EventsOptions {
  readonly feed: LiveFeed;
  readonly clock: () => number;
  /** The hub's clock is known. */
  readonly isReady: boolean;
}

/** What happened lately, looked up again now and then and when the page is seen again; undefined before the first answer. */
export const useEvents = ({ feed, clock, isReady }: EventsOptions): Happenings | undefined => {
  const [happenings, setHappenings] = useState<Happenings>();
  useEffect(() => {
    if (!isReady) return;
    const { load, stop } = followEvents({ feed, clock, getEvents, update: setHappenings });
    const seen = () => {
      if (document.visibilityState === 'visible') void load();
    };
    document.addEventListener('visibilitychange', seen);
    return () => {
      document.removeEventListener('visibilitychange', seen);
      stop();
    };
  }, [feed, clock, isReady]);
  return happenings;
};
