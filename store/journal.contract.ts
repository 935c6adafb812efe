import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../model/time.ts';
import type { ParsedMessage, Uplink } from '../model/uplink.ts';
import type { Books, Journal, NewEntry, Settlement } from './journal.ts';
import { outcomes } from './journal.ts';

export interface Opened<T> {
  readonly store: T;
  /** Opens the same data again, as after a restart. */
  reopen(): Promise<T>;
  close(): Promise<void>;
}

const T0 = Date.UTC(2026, 2, 2, 7, 15, 31);

const uplink = (changes: Partial<Uplink> = {}): Uplink => ({
  kind: 'uplink',
  devEui: '24e124710b000001',
  devAddr: '01020304',
  fCnt: 7,
  fPort: 85,
  bytes: Uint8Array.of(1, 2, 3),
  receivedAt: T0,
  receptions: [{ gatewayId: 'gw-1', rssiDbm: -97, snrDb: 7 }],
  ...changes,
});

const entry = (message: ParsedMessage, changes: Partial<NewEntry> = {}): NewEntry => ({
  network: 'north',
  topic: 'application/1/device/24e124710b000001/event/up',
  body: new TextEncoder().encode(JSON.stringify(message)),
  arrivedAt: T0,
  message,
  ...changes,
});

const settle = (position: number, outcome: Settlement['outcome'], changes: Partial<Settlement> = {}): Settlement => ({
  position,
  kind: 'uplink',
  network: 'north',
  arrivedAt: T0,
  devEui: '24e124710b000001',
  outcome,
  ...changes,
});

const balance = (books: Books): number => books.duplicates + outcomes.reduce((sum, outcome) => sum + books[outcome], 0);

/** What every journal keeps to, whatever its driver. */
export const journalContract = (name: string, open: () => Promise<Opened<Journal>>): void => {
  describe(`journal contract: ${name}`, () => {
    let opened: Opened<Journal>;
    let journal: Journal;
    beforeEach(async () => {
      opened = await open();
      journal = opened.store;
    });
    afterEach(() => opened.close());

    const books = async (): Promise<Books> => {
      const [first] = await journal.books({});
      if (!first) throw new Error('no books');
      return first;
    };

    describe('append', () => {
      it('keeps entries in order, byte for byte, over a restart', async () => {
        const body = Uint8Array.from({ length: 256 }, (_, i) => i);
        await journal.append([entry(uplink(), { body }), entry(uplink({ fCnt: 8 }))]);
        const entries = await (await opened.reopen()).read(0, 10);
        expect(entries.map((kept) => kept.position)).toEqual([1, 2]);
        expect([...(entries[0]?.body ?? [])]).toEqual([...body]);
        expect(entries[0]).toMatchObject({
          kind: 'uplink',
          devEui: '24e124710b000001',
          receivedAt: T0,
          corrupt: false,
        });
      });

      it('goes on counting after a restart', async () => {
        await journal.append([entry(uplink())]);
        const again = await opened.reopen();
        expect(await again.append([entry(uplink({ fCnt: 8 }))])).toEqual([{ position: 2 }]);
      });

      it.each<[string, Partial<Uplink>, Partial<NewEntry>, boolean]>([
        ['the same frame again', {}, {}, true],
        ['the same frame through another network', {}, { network: 'south' }, true],
        ['the same frame nine minutes off', { receivedAt: T0 + 9 * MINUTE }, {}, true],
        ['the same frame eleven minutes off', { receivedAt: T0 + 11 * MINUTE }, {}, false],
        ['another counter', { fCnt: 8 }, {}, false],
        ['another port', { fPort: 86 }, {}, false],
        ['another payload', { bytes: Uint8Array.of(9) }, {}, false],
        ['another device', { devEui: '24e124710b000002' }, {}, false],
        ['another session', { devAddr: '0a0b0c0d' }, { network: 'south' }, false],
      ])('%s: duplicate %#', async (_, changes, entryChanges, duplicate) => {
        await journal.append([entry(uplink())]);
        const [result] = await journal.append([entry(uplink(changes), entryChanges)]);
        expect(result).toEqual(duplicate ? { duplicateOf: 1 } : { position: 2 });
      });

      it('takes the session for unknown where one side does not carry it', async () => {
        const { devAddr: _, ...anonymous } = uplink();
        await journal.append([entry(uplink())]);
        expect(await journal.append([entry(anonymous, { network: 'south' })])).toEqual([{ duplicateOf: 1 }]);
      });

      it('lets message ids decide within one network only', async () => {
        await journal.append([entry(uplink({ messageId: 'a' }))]);
        expect(await journal.append([entry(uplink({ messageId: 'b' }))])).toEqual([{ position: 2 }]);
        expect(await journal.append([entry(uplink({ messageId: 'a' }))])).toEqual([{ duplicateOf: 1 }]);
        expect(await journal.append([entry(uplink({ messageId: 'c' }), { network: 'south' })])).toEqual([
          { duplicateOf: 1 },
        ]);
      });

      it('sees duplicates within one batch and near the border of a day', async () => {
        const midnight = Date.UTC(2026, 2, 3);
        const results = await journal.append([
          entry(uplink({ receivedAt: midnight - MINUTE })),
          entry(uplink({ receivedAt: midnight + MINUTE })),
        ]);
        expect(results).toEqual([{ position: 1 }, { duplicateOf: 1 }]);
      });

      it('knows an unparsable body by network, topic and content, whenever it comes', async () => {
        const broken: ParsedMessage = { kind: 'unparsable', code: 'HUB_ENVELOPE_NOT_JSON', detail: 'no JSON' };
        const body = Uint8Array.of(1);
        await journal.append([entry(broken, { body })]);
        const later = T0 + 1000 * MINUTE;
        const results = await journal.append([
          entry(broken, { body, arrivedAt: later }),
          entry(broken, { body, network: 'south' }),
          entry(broken, { body: Uint8Array.of(2) }),
        ]);
        expect(results).toEqual([{ duplicateOf: 1 }, { position: 2 }, { position: 3 }]);
      });

      it('keeps the receptions of duplicates with the first', async () => {
        await journal.append([entry(uplink())]);
        await journal.append([
          entry(uplink({ receptions: [{ gatewayId: 'gw-2', rssiDbm: -110 }] }), { network: 'south' }),
          entry(uplink()),
        ]);
        const receptions = await journal.receptions(1);
        expect(receptions.map(({ network, gatewayId }) => `${network} ${gatewayId}`).sort()).toEqual([
          'north gw-1',
          'south gw-2',
        ]);
      });
    });

    describe('books', () => {
      it('balance after every step', async () => {
        const broken: ParsedMessage = { kind: 'unparsable', code: 'HUB_ENVELOPE_NOT_JSON', detail: 'no JSON' };
        await journal.append([
          entry(uplink()),
          entry(uplink()),
          entry(uplink({ fCnt: 8 })),
          entry(broken),
          entry({ kind: 'ignored', reason: 'MAC only' }, { body: Uint8Array.of(5) }),
          entry({ kind: 'join', devEui: '24e124710b000001', receivedAt: T0 }),
        ]);
        expect(await books()).toMatchObject({ received: 6, duplicates: 1, pending: 3, deadLetter: 1, ignored: 1 });
        await journal.advance('observations', 5, [
          settle(1, 'decoded'),
          settle(2, 'unknownDevice', { detail: '85:010203' }),
          settle(5, 'other', { kind: 'join' }),
        ]);
        expect(await books()).toMatchObject({ pending: 0, decoded: 1, unknownDevice: 1, other: 1 });
        await journal.advance('observations', 0, [settle(2, 'decoded')]);
        await journal.advance('observations', 0, [settle(2, 'decoded'), settle(1, 'decoded')]);
        const after = await books();
        expect(after).toMatchObject({ decoded: 2, unknownDevice: 0 });
        expect(balance(after)).toBe(after.received);
      });

      it('go by the local day of arrival', async () => {
        await journal.append([
          entry(uplink({ fCnt: 1 }), { arrivedAt: Date.UTC(2026, 2, 1, 22, 59) }),
          entry(uplink({ fCnt: 2 }), { arrivedAt: Date.UTC(2026, 2, 1, 23, 1) }),
        ]);
        expect((await journal.books({})).map((day) => [day.day, day.received])).toEqual([
          ['2026-03-02', 1],
          ['2026-03-01', 1],
        ]);
      });
    });

    describe('settling', () => {
      it('lists dead letters and lets a retry take them off', async () => {
        await journal.append([entry(uplink()), entry(uplink({ fCnt: 8 }))]);
        const dead = { code: 'HUB_CODEC_PAYLOAD', detail: 'too short' } as const;
        await journal.advance('observations', 2, [settle(1, 'deadLetter', dead), settle(2, 'deadLetter', dead)]);
        const page = await journal.deadLetters({ limit: 1 });
        expect(page.items).toMatchObject([{ position: 2, code: 'HUB_CODEC_PAYLOAD', detail: 'too short' }]);
        const next = page.next as string;
        expect((await journal.deadLetters({ limit: 1, after: next })).items).toMatchObject([{ position: 1 }]);
        await journal.advance('observations', 0, [settle(2, 'decoded')]);
        expect((await journal.deadLetters({ limit: 9 })).items.map((letter) => letter.position)).toEqual([1]);
        expect(await journal.outcome(2)).toBe('decoded');
      });

      it('gathers unknown devices with their newest frames', async () => {
        await journal.append([entry(uplink()), entry(uplink({ fCnt: 8 }), { arrivedAt: T0 + MINUTE })]);
        await journal.advance('observations', 2, [
          settle(1, 'unknownDevice', { detail: '85:010203' }),
          settle(2, 'unknownDevice', { detail: '85:01', arrivedAt: T0 + MINUTE }),
        ]);
        const { items } = await journal.unknownDevices({ limit: 5 });
        expect(items).toMatchObject([
          { devEui: '24e124710b000001', network: 'north', uplinks: 2, firstSeen: T0, lastSeen: T0 + MINUTE },
        ]);
        expect(items[0]?.frames[0]).toEqual({ position: 2, fPort: 85, hex: '01' });
      });

      it('moves the cursor forward only', async () => {
        await journal.append([entry(uplink())]);
        await journal.advance('observations', 1, [settle(1, 'decoded')]);
        await journal.advance('observations', 0, []);
        expect(await (await opened.reopen()).cursor('observations')).toBe(1);
      });
    });

    it('reads the entries of one device', async () => {
      await journal.append([
        entry(uplink()),
        entry(uplink({ devEui: '24e124710b000002' })),
        entry(uplink({ fCnt: 8 })),
      ]);
      const other = { devEui: '24e124710b000002' };
      await journal.advance('observations', 3, [
        settle(1, 'decoded'),
        settle(2, 'decoded', other),
        settle(3, 'decoded'),
      ]);
      const entries = await journal.read(0, 10, '24e124710b000001');
      expect(entries.map((kept) => kept.position)).toEqual([1, 3]);
      expect(await journal.read(0, 10, 'ffffffffffffffff')).toEqual([]);
    });
  });
};
