import { observedProperties } from '../model/observed-properties.ts';
import { type Datastream, datastreamId, deviceThingId, type Thing } from '../model/registry.ts';
import type { RegistryChange } from '../store/registry.ts';
import type { RegistryIndex } from '../store/registry-index.ts';

/**
 * Finds the datastream of a value and makes it when its first value arrives. New entries wait in `changes` until the
 * batch that needs them is stored with them, then `settle` them into the index (or `discard` them).
 */
export class DatastreamRegistrar {
  readonly #registry: RegistryIndex;
  readonly #fresh = new Map<string, Datastream>();
  readonly #freshByKey = new Map<number, Datastream>();
  readonly #freshThings = new Map<string, Thing>();
  #nextKey: number;

  constructor(registry: RegistryIndex) {
    this.#registry = registry;
    this.#nextKey = this.#firstFreeKey();
  }

  /** Key of the datastream thing × property (× channel). */
  key(thing: string, property: string, channel?: string): number {
    const known = this.#registry.datastreamOf(thing, property, channel);
    if (known) return known.key;
    const id = datastreamId(thing, property, channel);
    let fresh = this.#fresh.get(id);
    if (!fresh) {
      const unit = observedProperties.get(property)?.unit ?? '1';
      fresh = { id, key: this.#nextKey++, thing, property, unit, ...(channel !== undefined && { channel }) };
      this.#fresh.set(id, fresh);
      this.#freshByKey.set(fresh.key, fresh);
    }
    return fresh.key;
  }

  /** Key of a datastream of a device's own health; makes the thing that stands for the device where needed. */
  healthKey(
    device: { id: string; name?: string | undefined; simulated: boolean },
    property: string,
    channel?: string,
  ): number {
    const id = deviceThingId(device.id);
    if (!this.#registry.get('thing', id) && !this.#freshThings.has(id)) {
      const { simulated } = device;
      this.#freshThings.set(id, { id, name: device.name ?? device.id, kind: 'device', simulated, properties: {} });
    }
    return this.key(id, property, channel);
  }

  /** The key that the next datastream gets. */
  get nextKey(): number {
    return this.#nextKey;
  }

  /** A key, and those below, that are or were given otherwise. */
  passOver(key: number): void {
    this.#nextKey = Math.max(this.#nextKey, key + 1);
  }

  datastream(key: number): Datastream | undefined {
    return this.#registry.datastreamByKey(key) ?? this.#freshByKey.get(key);
  }

  get changes(): RegistryChange[] {
    return [
      ...[...this.#freshThings.values()].map((put): RegistryChange => ({ kind: 'thing', put })),
      ...[...this.#fresh.values()].map((put): RegistryChange => ({ kind: 'datastream', put })),
    ];
  }

  settle(): void {
    if (this.#fresh.size > 0 || this.#freshThings.size > 0) this.#registry.apply(this.changes);
    this.#fresh.clear();
    this.#freshByKey.clear();
    this.#freshThings.clear();
  }

  /** Keys are not given again: others may have learnt what they stood for. */
  discard(): void {
    this.#fresh.clear();
    this.#freshByKey.clear();
    this.#freshThings.clear();
  }

  #firstFreeKey(): number {
    let highest = 0;
    for (const { key } of this.#registry.list('datastream')) highest = Math.max(highest, key);
    return highest + 1;
  }
}
