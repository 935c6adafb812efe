import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodecStore } from './codecs.ts';
import type { Opened } from './journal.contract.ts';

const upload = (n: number, profile = 'custom/probe') => ({
  profile,
  body: { script: `// ${n}`, vectors: [{ hex: '00' }] },
  createdAt: n,
  createdBy: 'anna',
});

/** What every store of foreign codecs keeps to, whatever its driver. */
export const codecContract = (name: string, open: () => Promise<Opened<CodecStore>>): void => {
  describe(`codec store contract: ${name}`, () => {
    let opened: Opened<CodecStore>;
    let store: CodecStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('counts the versions of each profile; the first is active', async () => {
      expect(await store.add(upload(1))).toEqual({
        profile: 'custom/probe',
        version: 1,
        createdAt: 1,
        createdBy: 'anna',
        active: true,
        activatedAt: 1,
        activatedBy: 'anna',
      });
      const second = { profile: 'custom/probe', version: 2, createdAt: 2, createdBy: 'anna', active: false };
      expect(await store.add(upload(2))).toEqual(second);
      expect(await store.add(upload(3, 'custom/other'))).toMatchObject({ version: 1, active: true });
      expect((await store.versions('custom/probe')).map(({ version }) => version)).toEqual([2, 1]);
      expect((await store.versions()).map(({ profile, version }) => `${profile} ${version}`)).toEqual([
        'custom/other 1',
        'custom/probe 2',
        'custom/probe 1',
      ]);
      expect(await store.versions('custom/nothing')).toEqual([]);
    });

    it('keeps every version, and one active, over a restart', async () => {
      await store.add(upload(1));
      await store.add(upload(2));
      const activated = { active: true, activatedAt: 9, activatedBy: 'ben' };
      expect(await store.activate({ profile: 'custom/probe', version: 2, at: 9, by: 'ben' })).toMatchObject(activated);
      store = await opened.reopen();
      expect(await store.active()).toMatchObject([{ version: 2, body: upload(2).body, ...activated }]);
      expect(await store.version('custom/probe', 1)).toMatchObject({
        active: false,
        activatedAt: 1,
        body: upload(1).body,
      });
    });

    it('leaves the active one where it is told of a version that is not there', async () => {
      await store.add(upload(1));
      expect(await store.activate({ profile: 'custom/probe', version: 2, at: 9, by: 'ben' })).toBeUndefined();
      expect(await store.active()).toMatchObject([{ version: 1, activatedBy: 'anna' }]);
      expect(await store.version('custom/probe', 2)).toBeUndefined();
    });
  });
};
