import type { Catalogue, CatalogueEntry } from './catalogue.ts';

/** A catalogue to which entries come while the hub runs, beside those that it brings along and that always win. */
export class CatalogueIndex implements Catalogue {
  readonly #base: Catalogue;
  readonly #added = new Map<string, CatalogueEntry>();
  #list: readonly CatalogueEntry[] | undefined;

  constructor(base: Catalogue) {
    this.#base = base;
  }

  get(id: string): CatalogueEntry | undefined {
    return this.#base.get(id) ?? this.#added.get(id) ?? this.#added.get(id.replace('-', '/'));
  }

  /** By id. */
  list(): readonly CatalogueEntry[] {
    this.#list ??= [...this.#base.list(), ...this.#added.values()].sort((a, b) =>
      a.profile.id < b.profile.id ? -1 : 1,
    );
    return this.#list;
  }

  /** Adds an entry, or puts it in the place of the one with the same id. */
  put(entry: CatalogueEntry): void {
    this.#added.set(entry.profile.id, entry);
    this.#list = undefined;
  }
}
