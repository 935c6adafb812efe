import { actilityThingpark } from './actility-thingpark.ts';
import type { NetworkAdapter } from './adapter.ts';
import { chirpstackV3 } from './chirpstack-v3.ts';
import { chirpstackV4 } from './chirpstack-v4.ts';
import { createGeneric } from './generic.ts';
import type { GenericConfig } from './generic-config.ts';
import { helium } from './helium.ts';
import { kerlinkWanesy } from './kerlink-wanesy.ts';
import { loriot } from './loriot.ts';
import { milesightGateway } from './milesight-gateway.ts';
import { multitechConduit } from './multitech-conduit.ts';
import { netmore } from './netmore.ts';
import { SENSOR_THINGS, sensorThings } from './sensor-things.ts';
import { theThingsStackV3 } from './the-things-stack-v3.ts';

/** Every kind of network server that the hub understands without being told how, by kind. */
export const adapters: ReadonlyMap<string, NetworkAdapter> = new Map(
  [
    chirpstackV4,
    chirpstackV3,
    theThingsStackV3,
    actilityThingpark,
    loriot,
    kerlinkWanesy,
    milesightGateway,
    multitechConduit,
    helium,
    netmore,
  ].map((adapter) => [adapter.kind, adapter]),
);

/** The kind that is told by its configuration where to look. */
export const GENERIC_KIND = 'generic';

/** Every kind that a network may be of. */
export const networkKinds: readonly string[] = [...adapters.keys(), GENERIC_KIND];

/** What of a network's configuration decides how its messages are read; plain data, so that it can go to a thread. */
export interface AdapterSettings {
  readonly kind: string;
  readonly generic?: GenericConfig | undefined;
}

/** undefined for a kind that is not known, and for a generic one that was not told where to look. */
export const adapterOf = ({ kind, generic }: AdapterSettings): NetworkAdapter | undefined =>
  kind === GENERIC_KIND ? generic && createGeneric(generic) : adapters.get(kind);

/** The adapter of each configured network, by the network's id, and that of the hub's own. */
export const adaptersOf = (
  networks: readonly ({ readonly id: string } & AdapterSettings)[],
): ReadonlyMap<string, NetworkAdapter> =>
  new Map([
    ...networks.flatMap((network) => {
      const adapter = adapterOf(network);
      return adapter ? [[network.id, adapter] as const] : [];
    }),
    [SENSOR_THINGS, sensorThings],
  ]);
