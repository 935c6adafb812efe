import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { HubError } from '../../model/errors.ts';
import { checkSqliteVersion, type Database } from './database.ts';
import { migrations } from './migrations.ts';

/** Writes a consistent copy of everything to a new file; a half-written one never gets its final name. Answers its bytes. */
export const backupTo = (database: Database, file: string): number => {
  if (existsSync(file)) throw new HubError('HUB_CONFLICT', `${file} exists already; a backup never overwrites`);
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  try {
    database.statement('VACUUM INTO ?').run(partial);
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
  return statSync(file).size;
};

/** Checks that a file is a whole backup of this program's schema; answers how many journal entries it holds. */
export const checkBackup = (file: string): { entries: number; head: number } => {
  const connection = new DatabaseSync(file, { readOnly: true });
  try {
    checkSqliteVersion(connection);
    const [result] = connection.prepare('PRAGMA integrity_check(1)').all() as { integrity_check: string }[];
    if (result?.integrity_check !== 'ok') throw new Error(result?.integrity_check ?? 'no answer');
    const { user_version: version } = connection.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version === 0 || version > migrations.length)
      throw new Error(`schema version ${version} is not of this program`);
    const row = connection.prepare('SELECT count(*) AS entries, coalesce(max(position), 0) AS head FROM journal').get();
    return { entries: row?.entries as number, head: row?.head as number };
  } catch (cause) {
    throw new HubError('HUB_REQUEST_INVALID', `${file} is no usable backup: ${(cause as Error).message}`, { cause });
  } finally {
    connection.close();
  }
};
