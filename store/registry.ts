import type { EntityKind, RegistryEntities } from '../model/registry.ts';

/** One change of the registry: a new or replaced entry, or a removal. */
export type RegistryChange = {
  [K in EntityKind]:
    | { readonly kind: K; readonly put: RegistryEntities[K] }
    | { readonly kind: K; readonly remove: string };
}[EntityKind];

/** Where registry entries are kept; indexes and rules live in store/registry-index.ts. Contract suite: store/registry.contract.ts. */
export interface RegistryStore {
  /** Every entry, kinds in the order of entityKinds. */
  load(): Promise<RegistryChange[]>;
  /** All of them or none; durable when it resolves. */
  apply(changes: readonly RegistryChange[]): Promise<void>;
}
