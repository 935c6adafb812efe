import type { getEvents } from './api.ts';
import { eventKinds, eventSpansMs, type Happenings, happeningOf } from './events.ts';
import type { LiveFeed } from './live.ts';

/** The hub finds events some time after the values came, and corrects them later. */
const REFRESH_MS = 180_000;

export interface FollowEventsOptions {
  readonly feed: Pick<LiveFeed, 'subscribe'>;
  readonly clock: () => number;
  readonly getEvents: typeof getEvents;
  readonly update: (happenings: Happenings) => void;
}

export interface FollowedEvents {
  readonly load: () => Promise<void>;
  readonly stop: () => void;
}

/**
 * Loads what happened and looks again now and then, until it is stopped. Where the hub does not answer, what was known
 * before stays: the page's other requests say what is wrong.
 */
export const followEvents = ({ feed, clock, getEvents, update }: FollowEventsOptions): FollowedEvents => {
  let abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const load = async (): Promise<void> => {
    abort.abort();
    clearTimeout(timer);
    abort = new AbortController();
    const { signal } = abort;
    try {
      const now = clock();
      const pages = await Promise.all(
        eventKinds.map(async (kind) => ({ kind, page: await getEvents(kind, now - eventSpansMs[kind], signal) })),
      );
      if (signal.aborted) return;
      const events = pages.flatMap(({ kind, page }) => page.items.map((item) => happeningOf(kind, item)));
      update({
        events: events.sort((a, b) => b.time - a.time),
        cut: pages.filter(({ page }) => page.next !== undefined).map(({ kind }) => kind),
      });
    } catch {
      if (signal.aborted) return;
    }
    timer = setTimeout(() => void load(), REFRESH_MS);
  };

  const stopListening = feed.subscribe({ reset: () => void load() });
  void load();
  return {
    load,
    stop: () => {
      stopListening();
      clearTimeout(timer);
      abort.abort();
    },
  };
};
