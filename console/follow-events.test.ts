import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, type EventsPage, type HubEvent } from './api.ts';
import { goesOn, type Happenings, placed } from './events.ts';
import { followEvents } from './follow-events.ts';
import type { LiveListener } from './live.ts';
import type { Row } from './rows.ts';

const NOW = Date.UTC(2026, 2, 2, 12);
const HOUR = 3_600_000;
const at = (hours: number) => new Date(NOW + hours * HOUR).toISOString();

const emptying = (hours: number, datastream = 'papier.fill_level'): HubEvent => {
  return { kind: 'emptying', label: 'emptied', time: at(hours), value: 84, datastream };
};
const surge: HubEvent = {
  kind: 'surge',
  label: 'storm_surge',
  time: at(-8),
  until: at(-2),
  value: 1.2,
  datastream: 'pegel.water_level',
};

const row = (id: string, hours: number): Row => ({
  id,
  property: id.split('.')[1] ?? '',
  unit: '%',
  value: 1,
  quality: 'pass',
  failedTests: [],
  time: NOW + hours * HOUR,
  useCase: 'waste',
  thing: { id, name: id, simulated: true },
  delayMs: 0,
  gapsMs: [],
});
const rows = (gaugeHours: number) =>
  new Map([row('papier.fill_level', 0), row('pegel.water_level', gaugeHours)].map((each) => [each.id, each]));

describe('what happened', () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOW }));
  afterEach(() => void vi.useRealTimers());

  const begin = (pages: Readonly<Record<string, EventsPage>>) => {
    let isDown = false;
    let listener: LiveListener = {};
    let seen: Happenings = { events: [], cut: [] };
    const asked: string[] = [];
    const { stop } = followEvents({
      feed: {
        subscribe: (given) => {
          listener = given;
          return () => {
            listener = {};
          };
        },
      },
      clock: Date.now,
      getEvents: async (kind, since) => {
        asked.push(`${kind} ${(Date.now() - since) / HOUR}`);
        if (isDown) throw new ApiError(503, 'HUB_UNAVAILABLE');
        return pages[kind] ?? { items: [] };
      },
      update: (happenings) => {
        seen = happenings;
      },
    });
    const kinds = () => seen.events.map(({ kind, time }) => `${kind} ${(time - NOW) / HOUR}`);
    const fail = () => {
      isDown = true;
    };
    return { asked, kinds, stop, fail, seen: () => seen, reset: () => listener.reset?.() };
  };
  const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

  it('is loaded kind by kind, and told the newest first', async () => {
    const { asked, kinds, seen } = begin({
      emptying: { items: [emptying(-1), emptying(-20)], next: '/more' },
      surge: { items: [surge] },
    });
    await settle();
    expect(asked).toEqual(['emptying 24', 'surge 720']);
    expect(kinds()).toEqual(['emptying -1', 'surge -8', 'emptying -20']);
    expect(seen().cut).toEqual(['emptying']);
  });

  it('is looked up again after some minutes and after a reset, and no more when it is over', async () => {
    const { asked, reset, stop } = begin({});
    await settle(180_000);
    expect(asked).toHaveLength(4);
    reset();
    await settle();
    expect(asked).toHaveLength(6);
    stop();
    reset();
    await settle(3_600_000);
    expect(asked).toHaveLength(6);
  });

  it('stays while the hub does not answer, and is asked for again', async () => {
    const { asked, kinds, fail } = begin({ surge: { items: [surge] } });
    await settle();
    fail();
    await settle(360_000);
    expect(kinds()).toEqual(['surge -8']);
    expect(asked).toHaveLength(6);
  });

  it('is shown at datastreams that are known, until its time is over', async () => {
    const { seen } = begin({
      emptying: { items: [emptying(-1), emptying(-23), emptying(-2, 'gone.fill_level')] },
      surge: { items: [surge] },
    });
    await settle();
    const shown = (hours: number) =>
      placed(seen(), rows(0), NOW + hours * HOUR).map(({ event }) => (event.time - NOW) / HOUR);
    expect(shown(0)).toEqual([-1, -8, -23]);
    expect(shown(2)).toEqual([-1, -8]);
  });

  it('goes on while the newest value belongs to it', async () => {
    const { seen } = begin({ surge: { items: [surge] } });
    await settle();
    const isOngoing = (gaugeHours: number) => placed(seen(), rows(gaugeHours), NOW).map(goesOn);
    expect(isOngoing(-2)).toEqual([true]);
    expect(isOngoing(-1)).toEqual([false]);
  });
});
