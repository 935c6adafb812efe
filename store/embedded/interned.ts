import type { Database } from './database.ts';

type Table = 'network' | 'device_ref' | 'gateway' | 'topic';

/** Names kept in memory; more are looked up again. */
const MAX_REMEMBERED = 200_000;

/** Short integers for names that stand in millions of rows. Rows are only ever added, so a cached pair stays true. */
export class Interned {
  readonly #database: Database;
  readonly #table: Table;
  readonly #column: 'name' | 'dev_eui';
  readonly #idOf = new Map<string, number>();
  readonly #nameOf = new Map<number, string>();

  constructor(database: Database, table: Table) {
    this.#database = database;
    this.#table = table;
    this.#column = table === 'device_ref' ? 'dev_eui' : 'name';
    // What a rolled back transaction inserted never was.
    database.onRollback(() => {
      this.#idOf.clear();
      this.#nameOf.clear();
    });
  }

  /** The integer of a name, made when it is new; needs a connection that may write. */
  id(name: string): number {
    const known = this.find(name);
    if (known !== undefined) return known;
    const insert = this.#database.statement(`INSERT INTO ${this.#table} (${this.#column}) VALUES (?)`);
    return this.#remember(Number(insert.run(name).lastInsertRowid), name);
  }

  find(name: string): number | undefined {
    const cached = this.#idOf.get(name);
    if (cached !== undefined) return cached;
    const row = this.#database.statement(`SELECT id FROM ${this.#table} WHERE ${this.#column} = ?`).get(name);
    return row && this.#remember(row.id as number, name);
  }

  name(id: number): string {
    const cached = this.#nameOf.get(id);
    if (cached !== undefined) return cached;
    const row = this.#database.statement(`SELECT ${this.#column} AS name FROM ${this.#table} WHERE id = ?`).get(id);
    if (!row) return '';
    this.#remember(id, row.name as string);
    return row.name as string;
  }

  #remember(id: number, name: string): number {
    if (this.#idOf.size >= MAX_REMEMBERED) {
      this.#idOf.clear();
      this.#nameOf.clear();
    }
    this.#idOf.set(name, id);
    this.#nameOf.set(id, name);
    return id;
  }
}
