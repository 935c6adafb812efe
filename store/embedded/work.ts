import type { CodecState, DirtyMark, StoredJob, WorkStore } from '../work.ts';
import type { Database } from './database.ts';

export class SqliteWorkStore implements WorkStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async codecState(devEui: string): Promise<CodecState | undefined> {
    const row = this.#database.statement('SELECT profile, state FROM codec_state WHERE dev_eui = ?').get(devEui);
    return row && { devEui, profile: row.profile as string, state: JSON.parse(row.state as string) };
  }

  async saveCodecStates(states: readonly CodecState[]): Promise<void> {
    const upsert = this.#database.statement(
      `INSERT INTO codec_state (dev_eui, profile, state) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET profile = excluded.profile, state = excluded.state`,
    );
    this.#database.transaction(() => {
      for (const { devEui, profile, state } of states) upsert.run(devEui, profile, JSON.stringify(state));
    });
  }

  async markDirty(marks: readonly DirtyMark[]): Promise<void> {
    const insert = this.#database.statement(
      'INSERT OR IGNORE INTO dirty (derivation, window, datastream) VALUES (?, ?, ?)',
    );
    this.#database.transaction(() => {
      for (const { derivation, window, datastream } of marks) insert.run(derivation, window, datastream);
    });
  }

  async dirty(derivation: string, limit: number): Promise<DirtyMark[]> {
    return this.#database
      .statement('SELECT derivation, window, datastream FROM dirty WHERE derivation = ? ORDER BY window LIMIT ?')
      .all(derivation, limit) as unknown as DirtyMark[];
  }

  async dirtyCount(): Promise<number> {
    return (this.#database.statement('SELECT count(*) AS n FROM dirty').get() as { n: number }).n;
  }

  async clean(marks: readonly DirtyMark[]): Promise<void> {
    const remove = this.#database.statement('DELETE FROM dirty WHERE derivation = ? AND window = ? AND datastream = ?');
    this.#database.transaction(() => {
      for (const { derivation, window, datastream } of marks) remove.run(derivation, window, datastream);
    });
  }

  async saveGone(job: string, keys: readonly { datastream: number; time: number }[]): Promise<void> {
    const insert = this.#database.statement(
      'INSERT OR IGNORE INTO replay_gone (job, datastream, time) VALUES (?, ?, ?)',
    );
    this.#database.transaction(() => {
      for (const { datastream, time } of keys) insert.run(job, datastream, time);
    });
  }

  async gone(job: string, limit: number): Promise<{ datastream: number; time: number }[]> {
    return this.#database
      .statement('SELECT datastream, time FROM replay_gone WHERE job = ? LIMIT ?')
      .all(job, limit) as unknown as { datastream: number; time: number }[];
  }

  async clearGone(job: string, keys: readonly { datastream: number; time: number }[]): Promise<void> {
    const remove = this.#database.statement('DELETE FROM replay_gone WHERE job = ? AND datastream = ? AND time = ?');
    this.#database.transaction(() => {
      for (const { datastream, time } of keys) remove.run(job, datastream, time);
    });
  }

  async saveJob(job: StoredJob): Promise<void> {
    this.#database.transaction(() => {
      this.#database
        .statement(
          'INSERT INTO job (id, created_at, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
        )
        .run(job.id, job.createdAt, JSON.stringify(job));
    });
  }

  async job(id: string): Promise<StoredJob | undefined> {
    const row = this.#database.statement('SELECT body FROM job WHERE id = ?').get(id);
    return row && (JSON.parse(row.body as string) as StoredJob);
  }

  async jobs(limit: number): Promise<StoredJob[]> {
    const rows = this.#database.statement('SELECT body FROM job ORDER BY created_at DESC LIMIT ?').all(limit);
    return rows.map((row) => JSON.parse(row.body as string) as StoredJob);
  }
}
