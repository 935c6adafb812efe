import { type Datastream, type EntityKind, entityKinds } from '../../model/registry.ts';
import type { RegistryChange, RegistryStore } from '../registry.ts';
import type { Database } from './database.ts';

export class SqliteRegistryStore implements RegistryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async load(): Promise<RegistryChange[]> {
    const rows = this.#database.statement('SELECT kind, body FROM entity').all();
    const byKind = new Map<EntityKind, RegistryChange[]>(entityKinds.map((kind) => [kind, []]));
    for (const row of rows) {
      const kind = row.kind as EntityKind;
      byKind.get(kind)?.push({ kind, put: JSON.parse(row.body as string) } as RegistryChange);
    }
    return [...byKind.values()].flat();
  }

  /** Datastreams by key, read anew: for a connection that does not follow the changes. */
  datastreams(): Map<number, Datastream> {
    const rows = this.#database.statement("SELECT body FROM entity WHERE kind = 'datastream'").all();
    const datastreams = rows.map((row) => JSON.parse(row.body as string) as Datastream);
    return new Map(datastreams.map((datastream) => [datastream.key, datastream]));
  }

  async apply(changes: readonly RegistryChange[]): Promise<void> {
    const put = this.#database.statement(
      'INSERT INTO entity (kind, id, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
    );
    const remove = this.#database.statement('DELETE FROM entity WHERE kind = ? AND id = ?');
    this.#database.transaction(() => {
      for (const change of changes) {
        if ('put' in change) put.run(change.kind, change.put.id, JSON.stringify(change.put));
        else remove.run(change.kind, change.remove);
      }
    });
  }
}
