import type { AccountStore, StoredToken } from '../accounts.ts';
import type { Database } from './database.ts';

export class SqliteAccountStore implements AccountStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async tokens(): Promise<StoredToken[]> {
    const rows = this.#database.statement('SELECT body FROM token ORDER BY id').all();
    return rows.map((row) => JSON.parse(row.body as string) as StoredToken);
  }

  async putToken(token: StoredToken): Promise<void> {
    this.#database.transaction(() => {
      this.#database
        .statement('INSERT INTO token (id, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body')
        .run(token.id, JSON.stringify(token));
    });
  }

  async removeToken(id: string): Promise<boolean> {
    return this.#database.transaction(
      () => Number(this.#database.statement('DELETE FROM token WHERE id = ?').run(id).changes) > 0,
    );
  }
}
