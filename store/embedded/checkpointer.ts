import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** Frames (4 KiB each) that may wait in the log before a step moves them. */
const WAITING_FRAMES = 4_000;

/**
 * Moves committed pages from the write-ahead log into the database file, on a connection of its own and in another
 * thread than the writer: the writer's automatic checkpoint then finds little left to move and only starts the log anew.
 */
export class Checkpointer {
  readonly #connection: DatabaseSync;
  readonly #look: StatementSync;
  readonly #move: StatementSync;

  /** `synchronous` as the writer's: a checkpoint must not lose what a commit promised. */
  constructor(file: string, synchronous: 'FULL' | 'NORMAL' | 'OFF') {
    this.#connection = new DatabaseSync(file, { timeout: 0 });
    this.#connection.exec(
      `PRAGMA synchronous = ${synchronous}; PRAGMA cache_size = -64; PRAGMA wal_autocheckpoint = 0;`,
    );
    // https://sqlite.org/pragma.html#pragma_wal_checkpoint: NOOP only counts, PASSIVE waits for nobody.
    this.#look = this.#connection.prepare('PRAGMA wal_checkpoint(NOOP)');
    this.#move = this.#connection.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** Moves what waits, where it is worth it. A disk that refuses is the writer's to report, which meets it as well. */
  step(): void {
    try {
      const { log, checkpointed } = this.#look.get() as { log: number; checkpointed: number };
      if (log - checkpointed > WAITING_FRAMES) this.#move.get();
    } catch {
      // The next step tries again.
    }
  }

  close(): void {
    this.#connection.close();
  }
}
