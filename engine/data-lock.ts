import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HubError } from '../model/errors.ts';

/**
 * One owner of a data folder. The lock is SQLite's own on a file of its own: the operating system takes it back when the
 * process ends, however it ends.
 */
export const lockDataFolder = (folder: string): (() => void) => {
  const connection = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
  try {
    connection.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;');
  } catch (cause) {
    connection.close();
    throw new HubError(
      'HUB_DATA_LOCKED',
      `Another plietsch owns ${folder}; stop it first, or name another folder by PLIETSCH_DATA`,
      { cause },
    );
  }
  return () => connection.close();
};
