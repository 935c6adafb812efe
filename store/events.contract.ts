import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../model/time.ts';
import type { DerivedEvent, EventStore } from './events.ts';
import type { Opened } from './journal.contract.ts';

const T0 = Date.UTC(2026, 2, 2);

const event = (hour: number, changes: Partial<DerivedEvent> = {}): DerivedEvent => ({
  kind: 'emptying',
  thing: 'slot-a',
  datastream: 1,
  derivation: 'emptying',
  time: T0 + hour * HOUR,
  label: 'emptied',
  detail: { before: 80, seenAt: '2026-03-02T00:00:00Z' },
  evidenceTo: T0 + (hour + 2) * HOUR,
  ...changes,
});

const surge = event(3, {
  kind: 'surge',
  derivation: 'surge',
  datastream: 2,
  thing: 'gauge',
  until: T0 + 9 * HOUR,
  value: 1.31,
});

/** What every event store keeps to, whatever its driver. */
export const eventsContract = (name: string, open: () => Promise<Opened<EventStore>>): void => {
  describe(`event store contract: ${name}`, () => {
    let opened: Opened<EventStore>;
    let store: EventStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const spanOf = ({ derivation, datastream }: DerivedEvent, hours: readonly [number, number]) => ({
      derivation,
      datastream,
      from: T0 + hours[0] * HOUR,
      to: T0 + hours[1] * HOUR,
    });
    const put = (hours: readonly [number, number], ...events: DerivedEvent[]) =>
      store.replace({ span: spanOf(events[0] ?? event(0), hours), events });
    const list = (changes: Partial<Parameters<EventStore['list']>[0]> = {}) =>
      store.list({ from: T0, to: T0 + 100 * HOUR, limit: 100, ...changes });
    const hoursOf = (events: readonly DerivedEvent[]) => events.map(({ time }) => (time - T0) / HOUR);

    it('gives back every member after a restart', async () => {
      await put([0, 10], event(1));
      await put([0, 10], surge);
      const again = await opened.reopen();
      expect(await again.list({ from: T0, to: T0 + 10 * HOUR, limit: 9 })).toEqual([surge, event(1)]);
      expect(await again.held(spanOf(surge, [0, 10]))).toEqual([surge]);
    });

    it('holds exactly what it was last told of a span, and leaves all else alone', async () => {
      await put([0, 10], event(1), event(5), event(9));
      await put([0, 10], event(5, { datastream: 7 }));
      await put([0, 10], event(5, { derivation: 'other' }));
      await put([4, 9], event(6), event(8));
      await put([4, 9], event(6), event(8));
      expect(hoursOf(await store.held(spanOf(event(0), [0, 10])))).toEqual([1, 6, 8, 9]);
      expect(await list({ datastreams: [7] })).toHaveLength(1);
      await put([0, 9]);
      expect(hoursOf(await list({ datastreams: [1], kinds: ['emptying'] }))).toEqual([9, 5]);
    });

    it('takes no event from outside of the span, and then nothing of the others either', async () => {
      await put([0, 10], event(1));
      await expect(put([0, 10], event(2), event(10))).rejects.toMatchObject({ code: 'HUB_INTERNAL' });
      await expect(
        store.replace({ span: spanOf(event(0), [0, 10]), events: [event(3, { datastream: 4 })] }),
      ).rejects.toMatchObject({ code: 'HUB_INTERNAL' });
      expect(hoursOf(await list())).toEqual([1]);
    });

    it('lists the newest first, by time, kind and datastream', async () => {
      await put([0, 20], event(1), event(5), event(9));
      await put([0, 20], surge);
      expect(hoursOf(await list({ from: T0 + HOUR, to: T0 + 9 * HOUR }))).toEqual([5, 3, 1]);
      expect(hoursOf(await list({ kinds: ['surge', 'nothing'] }))).toEqual([3]);
      expect(hoursOf(await list({ datastreams: [1] }))).toEqual([9, 5, 1]);
      expect(await list({ datastreams: [] })).toEqual([]);
      expect(await list({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })).toHaveLength(4);
    });

    it('goes on behind any event, also among those of one time', async () => {
      for (const datastream of [1, 2, 3]) await put([0, 9], event(4, { datastream }), event(5, { datastream }));
      await put([0, 9], event(4, { derivation: 'other' }), event(4, { derivation: 'other', kind: 'other' }));
      const all = await list();
      expect(all).toHaveLength(8);
      for (const [i, after] of all.entries()) expect(await list({ after, limit: 2 })).toEqual(all.slice(i + 1, i + 3));
    });
  });
};
