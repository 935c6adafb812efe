import type { Datastream } from '../model/registry.ts';
import type { SqliteRegistryStore } from '../store/embedded/registry.ts';

/** The datastreams as a thread knows them that hears of no changes: they never change, so that only new ones are looked up. */
export class DatastreamList {
  readonly #registry: SqliteRegistryStore;
  #known = new Map<number, Datastream>();

  constructor(registry: SqliteRegistryStore) {
    this.#registry = registry;
  }

  get(key: number): Datastream | undefined {
    if (!this.#known.has(key)) this.#known = this.#registry.datastreams();
    return this.#known.get(key);
  }

  all(): Iterable<Datastream> {
    this.#known = this.#registry.datastreams();
    return this.#known.values();
  }
}
