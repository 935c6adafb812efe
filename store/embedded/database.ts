import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { HubError } from '../../model/errors.ts';
import { migrations } from './migrations.ts';

export const DATABASE_FILE = 'hub.db';

/** First SQLite release without the WAL-reset corruption bug (https://sqlite.org/wal.html#walresetbug). */
const OLDEST_SAFE_SQLITE = [3, 51, 3] as const;

const isOlder = (version: string, than: readonly number[]): boolean => {
  const parts = version.split('.').map(Number);
  for (const [i, wanted] of than.entries()) {
    if ((parts[i] ?? 0) !== wanted) return (parts[i] ?? 0) < wanted;
  }
  return false;
};

/** SQLite result codes, https://sqlite.org/rescode.html: what a full disk or a file-size limit answers. */
const NO_SPACE_CODES: ReadonlySet<number> = new Set([13, 778]);

/** A SQLite failure as the hub's own error: no space is a state that passes, everything else is not. */
export const asStoreError = (thrown: unknown): unknown => {
  const code = (thrown as { errcode?: number }).errcode;
  if (code === undefined) return thrown;
  return NO_SPACE_CODES.has(code)
    ? new HubError('HUB_DISK_FULL', undefined, { cause: thrown })
    : new HubError('HUB_UNAVAILABLE', `The embedded store failed: ${(thrown as Error).message}`, { cause: thrown });
};

export interface DatabaseOptions {
  readonly file: string;
  /** Readers open a second connection that cannot write. */
  readonly readOnly?: boolean;
  /** SQLite's `synchronous`; anything below FULL breaks the promise of the acknowledgement and exists for tests of that promise. */
  readonly synchronous?: 'FULL' | 'NORMAL' | 'OFF';
  readonly cacheMib?: number;
}

/** One connection to the embedded database: opened, checked and migrated by the constructor's caller through `open`. */
export class Database {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #rollbackListeners: (() => void)[] = [];
  #depth = 0;

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /** The prepared statement of a text, prepared once. */
  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  /** Calls back after a rollback: what was remembered of rows that never came to be must be forgotten. */
  onRollback(listener: () => void): void {
    this.#rollbackListeners.push(listener);
  }

  /** Runs `work` in one transaction, or within the one that is open. Nothing of it stays when it throws. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#begin();
    let result: T;
    try {
      result = work();
    } catch (thrown) {
      this.#rollback();
      throw asStoreError(thrown);
    }
    this.#commit();
    return result;
  }

  /** As transaction, for work that awaits nothing but this database's own promises: no other task may come between. */
  async together<T>(work: () => Promise<T>): Promise<T> {
    if (this.#depth > 0) return work();
    this.#begin();
    let result: T;
    try {
      result = await work();
    } catch (thrown) {
      this.#rollback();
      throw asStoreError(thrown);
    }
    this.#commit();
    return result;
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }

  #begin(): void {
    try {
      this.#connection.exec('BEGIN IMMEDIATE');
    } catch (thrown) {
      throw asStoreError(thrown);
    }
    this.#depth = 1;
  }

  #commit(): void {
    try {
      this.#connection.exec('COMMIT');
    } catch (thrown) {
      this.#rollback();
      throw asStoreError(thrown);
    }
    this.#depth = 0;
  }

  #rollback(): void {
    this.#depth = 0;
    // SQLite may have rolled back by itself (a full disk does that); then there is nothing left to undo.
    if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
    for (const forget of this.#rollbackListeners) forget();
  }
}

/** Version of SQLite in this process, refused when it can corrupt a database. */
export const checkSqliteVersion = (connection: DatabaseSync): string => {
  const { version } = connection.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  if (isOlder(version, OLDEST_SAFE_SQLITE)) throw new HubError('HUB_SQLITE_TOO_OLD', `SQLite ${version} is too old`);
  return version;
};

/** Opens the embedded database, brings its schema up to date and refuses one that is newer than this program. */
export const openDatabase = ({
  file,
  readOnly = false,
  synchronous = 'FULL',
  cacheMib = 32,
}: DatabaseOptions): Database => {
  const connection = new DatabaseSync(file, { readOnly, timeout: 10_000 });
  try {
    checkSqliteVersion(connection);
    // Page size can be chosen only before the first page is written.
    if (!readOnly) connection.exec('PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;');
    connection.exec(`
      PRAGMA synchronous = ${synchronous};
      PRAGMA cache_size = ${-1024 * cacheMib};
      PRAGMA temp_store = MEMORY;
      PRAGMA wal_autocheckpoint = 16000;
      PRAGMA journal_size_limit = 67108864;
    `);
    const { user_version: version } = connection.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > migrations.length) {
      throw new HubError(
        'HUB_UNAVAILABLE',
        `${file} was written by a newer plietsch (schema ${version}, this one knows ${migrations.length}): update the program`,
      );
    }
    if (!readOnly) migrate(connection, version);
    return new Database(connection);
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
};

/** Numbered, forward only, each in its own transaction: a kill in between leaves the old or the new schema. */
const migrate = (connection: DatabaseSync, from: number): void => {
  for (const [index, sql] of migrations.entries()) {
    if (index < from) continue;
    connection.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
};
