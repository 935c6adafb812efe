import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Opened } from './journal.contract.ts';
import type { WorkStore } from './work.ts';

/** What every work store keeps to, whatever its driver. */
export const workContract = (name: string, open: () => Promise<Opened<WorkStore>>): void => {
  describe(`work store contract: ${name}`, () => {
    let opened: Opened<WorkStore>;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('keeps the newest codec state of a device', async () => {
      await opened.store.saveCodecStates([{ devEui: 'a', profile: 'v/m', state: { n: 1 } }]);
      await opened.store.saveCodecStates([{ devEui: 'a', profile: 'v/m', state: { n: 2 } }]);
      const again = await opened.reopen();
      expect(await again.codecState('a')).toEqual({ devEui: 'a', profile: 'v/m', state: { n: 2 } });
      expect(await again.codecState('b')).toBeUndefined();
    });

    it('holds each dirty mark once, the oldest first, until it is clean', async () => {
      const mark = (window: number) => ({ derivation: 'quality', window, datastream: 1 });
      await opened.store.markDirty([mark(20), mark(10), mark(20)]);
      expect(await opened.store.dirty('quality', 5)).toEqual([mark(10), mark(20)]);
      await opened.store.clean([mark(10)]);
      expect(await opened.store.dirtyCount()).toBe(1);
      expect(await opened.store.dirty('other', 5)).toEqual([]);
    });

    it('hands out each observation to be taken back once', async () => {
      await opened.store.saveGone('job', [
        { datastream: 1, time: 5 },
        { datastream: 1, time: 6 },
      ]);
      const first = await opened.store.gone('job', 1);
      expect(first).toHaveLength(1);
      await opened.store.clearGone('job', first);
      const second = await opened.store.gone('job', 9);
      expect(second).toHaveLength(1);
      expect(second).not.toEqual(first);
      await opened.store.clearGone('job', second);
      expect(await opened.store.gone('job', 9)).toEqual([]);
    });
  });
};
