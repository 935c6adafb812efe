import type { Database } from './database.ts';

/** Numbers that are given once and never again, by name. */
export class Sequences {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The last number that was given, 0 before the first. */
  last(name: string): number {
    const row = this.#database.statement('SELECT next - 1 AS number FROM sequence WHERE name = ?').get(name);
    return (row as { number: number } | undefined)?.number ?? 0;
  }

  /** The next number of a sequence, counted from 1 and not below `atLeast`. Durable with the transaction around it. */
  take(name: string, atLeast = 1): number {
    const row = this.#database
      .statement(
        `INSERT INTO sequence (name, next) VALUES ($name, $atLeast + 1)
         ON CONFLICT DO UPDATE SET next = max(next, $atLeast) + 1 RETURNING next - 1 AS number`,
      )
      .get({ $name: name, $atLeast: atLeast });
    return (row as { number: number }).number;
  }
}
