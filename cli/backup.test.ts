import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lockDataFolder } from '../engine/data-lock.ts';
import { DATABASE_FILE } from '../store/embedded/database.ts';
import { openStores } from '../store/embedded/stores.ts';
import { newFolder } from '../test/support/hub-process.ts';
import { register } from './backup.ts';

let data = '';
let file = '';
beforeEach(() => {
  data = newFolder('restored');
  file = join(newFolder('backup'), 'hub.db');
  vi.stubEnv('PLIETSCH_DATA', data);
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  openStores({ file, timeZone: 'Europe/Berlin' }).database.close();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const restore = async (from: string): Promise<unknown> => {
  const program = new Command().exitOverride();
  register(program, () => Promise.reject(new Error('restore needs no hub')));
  return program.parseAsync(['restore', from], { from: 'user' });
};

describe('restore', () => {
  it('goes on where another was interrupted, and leaves nothing beside the database', async () => {
    writeFileSync(join(data, `${DATABASE_FILE}.partial`), 'half of');
    writeFileSync(join(data, 'run.json'), '{}');
    await restore(file);
    expect(readdirSync(data).sort()).toEqual([DATABASE_FILE, 'lock.db', 'run.json']);
  });

  it('refuses what is no backup, a folder in use and a folder that holds something', async () => {
    const code = (text: string) => ({ code: text });
    await expect(restore(join(data, 'none.db'))).rejects.toMatchObject(code('HUB_NOT_FOUND'));
    const other = join(newFolder('backup'), 'text.db');
    writeFileSync(other, 'no database at all, and longer than a header of SQLite');
    await expect(restore(other)).rejects.toMatchObject(code('HUB_REQUEST_INVALID'));
    const unlock = lockDataFolder(data);
    await expect(restore(file)).rejects.toMatchObject(code('HUB_DATA_LOCKED'));
    unlock();
    writeFileSync(join(data, 'demo.json'), '{}');
    await expect(restore(file)).rejects.toMatchObject(code('HUB_CONFLICT'));
  });
});
