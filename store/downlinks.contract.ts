import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advanceDownlink, type DownlinkOrder } from '../model/downlink.ts';
import type { DownlinkStore } from './downlinks.ts';
import type { Opened } from './journal.contract.ts';

const order = (n: number, device = '24e124710b000001'): DownlinkOrder => ({
  id: `order-${n}`,
  device,
  network: 'north',
  fPort: 85,
  hex: 'ff10ff',
  data: { reboot: 'yes' },
  confirmed: true,
  state: 'queued',
  history: [{ state: 'queued', at: n, by: 'anna' }],
});

/** What every store of downlinks keeps to, whatever its driver. */
export const downlinkContract = (name: string, open: () => Promise<Opened<DownlinkStore>>): void => {
  describe(`downlink store contract: ${name}`, () => {
    let opened: Opened<DownlinkStore>;
    let store: DownlinkStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('keeps an order with its whole history', async () => {
      await store.put(order(1));
      const sent = advanceDownlink(order(1), { state: 'sent', at: 5, by: 'hub', detail: 'taken by the broker' });
      if (!sent) throw new Error('not advanced');
      await store.put(sent);
      store = await opened.reopen();
      expect(await store.order('order-1')).toEqual(sent);
      expect(await store.order('order-2')).toBeUndefined();
    });

    it('lists the newest first, page by page, of one device or of all', async () => {
      for (let n = 1; n <= 4; n++) await store.put(order(n, n === 2 ? 'ffffffffffffffff' : undefined));
      const ids = (orders: readonly DownlinkOrder[]) => orders.map(({ id }) => id);
      expect(ids(await store.list({ limit: 3 }))).toEqual(['order-4', 'order-3', 'order-2']);
      expect(ids(await store.list({ limit: 3, before: 'order-2' }))).toEqual(['order-1']);
      expect(ids(await store.list({ limit: 3, device: 'ffffffffffffffff' }))).toEqual(['order-2']);
      expect(ids(await store.list({ limit: 3, before: 'nobody' }))).toEqual([]);
    });

    it('knows which orders still wait, in their order', async () => {
      for (let n = 1; n <= 3; n++) await store.put(order(n));
      await store.put({ ...order(2), state: 'sent' });
      expect((await store.queued()).map(({ id }) => id)).toEqual(['order-1', 'order-3']);
    });
  });
};
