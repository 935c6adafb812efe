import type { NetworkAdapter } from './adapter.ts';
import { chirpstackV4 } from './chirpstack-v4.ts';
import { theThingsStackV3 } from './the-things-stack-v3.ts';

/** Every kind of network server that the hub understands, by kind. */
export const adapters: ReadonlyMap<string, NetworkAdapter> = new Map(
  [chirpstackV4, theThingsStackV3].map((adapter) => [adapter.kind, adapter]),
);
