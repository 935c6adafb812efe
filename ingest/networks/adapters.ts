import type { NetworkAdapter } from './adapter.ts';
import { chirpstackV4 } from './chirpstack-v4.ts';
import { theThingsStackV3 } from './the-things-stack-v3.ts';

/** Every kind of network server that the hub understands, by kind. */
export const adapters: ReadonlyMap<string, NetworkAdapter> = new Map(
  [chirpstackV4, theThingsStackV3].map((adapter) => [adapter.kind, adapter]),
);

/** The adapter of each configured network, by the network's id. */
export const adaptersOf = (
  networks: readonly { readonly id: string; readonly kind: string }[],
): ReadonlyMap<string, NetworkAdapter> =>
  new Map(
    networks.flatMap(({ id, kind }) => {
      const adapter = adapters.get(kind);
      return adapter ? [[id, adapter] as const] : [];
    }),
  );
