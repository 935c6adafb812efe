import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Opened } from './journal.contract.ts';
import type { RegistryChange, RegistryStore } from './registry.ts';

const municipality = (id: string, name = id): RegistryChange => ({
  kind: 'municipality',
  put: { id, name, key: '01057' },
});

/** What every registry store keeps to, whatever its driver. */
export const registryContract = (name: string, open: () => Promise<Opened<RegistryStore>>): void => {
  describe(`registry store contract: ${name}`, () => {
    let opened: Opened<RegistryStore>;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('gives back entries after a restart, what is referred to first', async () => {
      await opened.store.apply([
        {
          kind: 'site',
          put: { id: 's', name: 'S', municipality: 'm', geometry: { type: 'Point', coordinates: [10, 54] } },
        },
        municipality('m'),
      ]);
      const changes = await (await opened.reopen()).load();
      expect(changes.map((change) => change.kind)).toEqual(['municipality', 'site']);
    });

    it('replaces and removes', async () => {
      await opened.store.apply([municipality('a'), municipality('b')]);
      await opened.store.apply([municipality('a', 'new'), { kind: 'municipality', remove: 'b' }]);
      expect(await opened.store.load()).toEqual([municipality('a', 'new')]);
    });
  });
};
