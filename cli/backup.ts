import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { lockDataFolder } from '../engine/data-lock.ts';
import { HubError } from '../model/errors.ts';
import { checkBackup } from '../store/embedded/backup.ts';
import { DATABASE_FILE } from '../store/embedded/database.ts';
import { expectOk, type WithHub } from './with-hub.ts';

interface Written {
  readonly bytes: number;
  readonly head: number;
}

const PARTIAL = `${DATABASE_FILE}.partial`;
/** What an unused data folder may hold: a lock, where a hub was reached, a restore that was interrupted. */
const HARMLESS = new Set(['lock.db', 'lock.db-journal', 'run.json', PARTIAL]);

/** `plietsch backup FILE` and `plietsch restore FILE`. */
export const register = (program: Command, hub: WithHub): void => {
  program
    .command('backup')
    .description('Write a consistent copy of all state to a new file, also while the hub runs')
    .argument('<file>', 'file to be written; it must not exist')
    .option('--json', 'print JSON')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const path = resolve(file);
      const written = (await hub(async (call) =>
        expectOk(await call('POST', '/api/v1/backup', { file: path })),
      )) as Written;
      const { entries } = checkBackup(path);
      if (json) console.log(JSON.stringify({ file: path, entries, ...written }));
      else
        console.log(
          `${path}: ${written.bytes} bytes, ${entries} journal entries up to position ${written.head}, checked`,
        );
    });

  program
    .command('restore')
    .description('Bring back a backup into an empty data folder; refuses while a hub runs on it')
    .argument('<file>', 'file written by plietsch backup')
    .option('--json', 'print JSON')
    .action((file: string, { json }: { json?: boolean }) => {
      const result = restore(resolve(file), loadConfig().data);
      if (json) console.log(JSON.stringify(result));
      else console.log(`${result.data}: ${result.entries} journal entries up to position ${result.head} restored`);
    });
};

/** Copies first and names last: a restore that was interrupted leaves nothing that a hub or another restore would take up. */
const restore = (file: string, data: string): { data: string; entries: number; head: number } => {
  if (!existsSync(file)) throw new HubError('HUB_NOT_FOUND', `There is no file ${file}`);
  const checked = checkBackup(file);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const unlock = lockDataFolder(data);
  try {
    const found = readdirSync(data).filter((name) => !HARMLESS.has(name));
    if (found.length > 0) {
      throw new HubError('HUB_CONFLICT', `${data} is not empty (${found.join(', ')}): a restore overwrites nothing`);
    }
    const partial = join(data, PARTIAL);
    try {
      copyFileSync(file, partial);
      flush(partial);
      renameSync(partial, join(data, DATABASE_FILE));
    } finally {
      rmSync(partial, { force: true });
    }
    return { data, ...checked };
  } finally {
    unlock();
  }
};

const flush = (file: string): void => {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};
