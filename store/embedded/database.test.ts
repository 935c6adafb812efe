import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { DAY } from '../../model/time.ts';
import type { NewEntry } from '../journal.ts';
import { backupTo, checkBackup } from './backup.ts';
import { Checkpointer } from './checkpointer.ts';
import { openDatabase } from './database.ts';
import { migrations } from './migrations.ts';
import { openStores } from './stores.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plietsch-database-'));
  file = join(folder, 'hub.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openStores({ file, timeZone: 'Europe/Berlin' });

const entry = (fCnt: number): NewEntry => ({
  network: 'north',
  body: Buffer.from(`uplink ${fCnt}`),
  arrivedAt: fCnt,
  message: {
    kind: 'uplink',
    devEui: '24e124710b000001',
    fCnt,
    fPort: 85,
    bytes: Uint8Array.of(1),
    receivedAt: fCnt,
    receptions: [],
  },
});

describe('migrations', () => {
  it('bring a file of version 1 up to date and keep what is in it', async () => {
    const old = new DatabaseSync(file);
    old.exec(`PRAGMA journal_mode = WAL; ${migrations[0]}; PRAGMA user_version = 1;`);
    old.exec(
      `INSERT INTO network VALUES (1, 'north'); INSERT INTO journal VALUES (1, 1, 0, NULL, NULL, 5, NULL, x'6162', ${0x9e83486d});
       INSERT INTO source VALUES (1, 'a/b@1', 'mast');
       INSERT INTO observation VALUES (0, 4, 10, 1.5, 1, 0, 7, 0, 5, 5, 1), (0, 5, 10, 2.5, 1, 0, 7, 0, 5, 5, 1);
       INSERT INTO extent VALUES (4, 10, 10), (5, 10, 10);`,
    );
    old.close();
    const stores = open();
    expect(await stores.journal.entry(1)).toMatchObject({ network: 'north', arrivedAt: 5, corrupt: false });
    expect((await stores.observations.ofPositions([7])).map(({ value }) => value)).toEqual([1.5, 2.5]);
    stores.database.close();
    const now = new DatabaseSync(file);
    expect(now.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: migrations.length });
    now.close();
  });

  it('leave the old schema when one is interrupted', () => {
    const first = new DatabaseSync(file);
    expect(() =>
      first.exec(`BEGIN IMMEDIATE; ${migrations[0]}; SELECT nonsense; PRAGMA user_version = 1; COMMIT;`),
    ).toThrow();
    first.close();
    open().database.close();
  });

  it('refuse a file of a newer program, and say so', () => {
    open().database.close();
    const newer = new DatabaseSync(file);
    newer.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    newer.close();
    expect(open).toThrow(/newer plietsch/);
  });
});

describe('the embedded database', () => {
  it('notices a flipped bit in a stored message', async () => {
    const stores = open();
    await stores.journal.append([entry(1)]);
    stores.database.exec("UPDATE journal SET body = x'00'");
    expect(await stores.journal.entry(1)).toMatchObject({ corrupt: true });
    stores.database.close();
  });

  it('is durable by default: synchronous is FULL', () => {
    const database = openDatabase({ file });
    expect(database.statement('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    database.close();
  });

  it('lets a reader look while a writer writes, and refuses to let it write', async () => {
    const stores = open();
    await stores.journal.append([entry(1)]);
    const reader = openStores({ file, timeZone: 'UTC', readOnly: true });
    await stores.journal.append([entry(2)]);
    expect(await reader.journal.head()).toBe(2);
    await expect(reader.journal.append([entry(3)])).rejects.toThrow(HubError);
    reader.database.close();
    stores.database.close();
  });

  it('takes back everything of a transaction that fails, its remembered names too', async () => {
    const stores = open();
    await expect(
      stores.database.together(async () => {
        await stores.journal.append([entry(1)]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await stores.journal.append([entry(2)])).toEqual([{ position: 1 }]);
    expect((await stores.journal.entry(1))?.network).toBe('north');
    stores.database.close();
  });

  it('drops whole days of old observations', async () => {
    const stores = open();
    const base = { datastream: 1, flag: 1, tests: 0, position: 1, record: 0, receivedAt: 0, storedAt: 0 } as const;
    await stores.observations.append(
      [0, 1, 2, 3].map((day) => ({ ...base, position: day + 1, phenomenonTime: day * DAY + 5, value: day })),
    );
    expect(await stores.observations.prune(2 * DAY + 5)).toBe(2);
    expect((await stores.observations.latest()).map((one) => one.value)).toEqual([3]);
    expect(stores.database.statement('SELECT position FROM origin').all()).toMatchObject([
      { position: 3 },
      { position: 4 },
    ]);
    stores.database.close();
  });
});

describe('the checkpointer', () => {
  const FRAMES = 4_500;

  it('moves a long log into the database, and leaves a short one', () => {
    const { database } = open();
    const checkpointer = new Checkpointer(file, 'FULL');
    const waiting = () => {
      const counts = database.statement('PRAGMA wal_checkpoint(NOOP)').get() as { log: number; checkpointed: number };
      return counts.log - counts.checkpointed;
    };
    database.exec('CREATE TABLE filler (bytes BLOB)');
    const few = waiting();
    checkpointer.step();
    expect(waiting()).toBe(few);
    database.exec(`INSERT INTO filler VALUES (zeroblob(${FRAMES * 4096}))`);
    expect(waiting()).toBeGreaterThan(FRAMES);
    checkpointer.step();
    expect(waiting()).toBe(0);
    checkpointer.close();
    database.close();
  });

  it('never waits for a writer, nor makes one wait', () => {
    const { database } = open();
    const checkpointer = new Checkpointer(file, 'FULL');
    database.exec(`CREATE TABLE filler (bytes BLOB); INSERT INTO filler VALUES (zeroblob(${FRAMES * 4096}))`);
    database.transaction(() => {
      database.exec('INSERT INTO filler VALUES (zeroblob(10))');
      checkpointer.step();
    });
    expect(database.statement('SELECT count(*) AS n FROM filler').get()).toMatchObject({ n: 2 });
    checkpointer.close();
    database.close();
  });
});

describe('a backup', () => {
  it('holds everything up to its start, and never overwrites', async () => {
    const stores = open();
    await stores.journal.append(Array.from({ length: 500 }, (_, i) => entry(i)));
    const copy = join(folder, 'copy.db');
    expect(backupTo(stores.database, copy)).toBeGreaterThan(0);
    await stores.journal.append([entry(1000)]);
    expect(checkBackup(copy)).toEqual({ entries: 500, head: 500 });
    expect(() => backupTo(stores.database, copy)).toThrow(/never overwrites/);
    stores.database.close();
  });

  it.each([
    ['a text', 'this is no database'],
    ['nothing', ''],
  ])('is refused when it is %s', (_, content) => {
    const copy = join(folder, 'copy.db');
    writeFileSync(copy, content);
    expect(() => checkBackup(copy)).toThrow(/no usable backup/);
  });
});
