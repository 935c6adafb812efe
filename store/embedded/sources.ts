import type { Database } from './database.ts';

/** Codec and deployment of an observation, kept once and referred to by an integer. */
export class Sources {
  readonly #database: Database;
  /** By codec, then deployment. */
  readonly #ids = new Map<string, Map<string, number>>();
  readonly #sources = new Map<number, { codec: string; deployment: string }>();

  constructor(database: Database) {
    this.#database = database;
    database.onRollback(() => {
      this.#ids.clear();
      this.#sources.clear();
    });
  }

  id(codec: string, deployment: string): number {
    const known = this.#ids.get(codec)?.get(deployment);
    if (known !== undefined) return known;
    this.#database.statement('INSERT OR IGNORE INTO source (codec, deployment) VALUES (?, ?)').run(codec, deployment);
    const row = this.#database
      .statement('SELECT id FROM source WHERE codec = ? AND deployment = ?')
      .get(codec, deployment);
    const id = (row as { id: number }).id;
    const ofCodec = this.#ids.get(codec) ?? new Map<string, number>();
    this.#ids.set(codec, ofCodec.set(deployment, id));
    return id;
  }

  get(id: number): { codec: string; deployment: string } {
    const known = this.#sources.get(id);
    if (known) return known;
    const row = this.#database.statement('SELECT codec, deployment FROM source WHERE id = ?').get(id);
    const source = { codec: (row?.codec as string) ?? '', deployment: (row?.deployment as string) ?? '' };
    if (row) this.#sources.set(id, source);
    return source;
  }
}
