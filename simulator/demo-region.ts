import type { RegionEntity } from '../model/region-entity.ts';
import { deploymentSchema, deviceSchema, municipalitySchema, siteSchema, thingSchema } from '../model/registry.ts';
import { type EpochMs, formatTime } from '../model/time.ts';
import { buildings } from './demo-buildings.ts';
import { demoDatasets } from './demo-datasets.ts';
import { airPlaces, carParks, gauges, islands, municipalities, roads, weatherPlaces } from './demo-places.ts';
import { type DemoKind, demoThings, euiGroups, siteId } from './demo-things.ts';

/** The demo's sensors hang since this day; a fixed one, so that the region is the same after every restart. */
export const DEMO_DEPLOYED_AT: EpochMs = Date.UTC(2025, 0, 1);

/**
 * DevEUIs of the simulation: 02 marks an EUI-64 as locally administered (IEEE 802 c), 53 49 4d spells SIM, then a group
 * and a number. No real device carries one.
 */
const SIMULATED_EUI_PREFIX = '0253494d';

export interface DemoOptions {
  readonly seed: number;
  /** Since when the sensors hang; default DEMO_DEPLOYED_AT. */
  readonly deployedAt?: EpochMs;
}

/** The demo region, the same for the same options: names say "(simuliert)", things and devices carry `simulated`. */
export const demoRegion = ({ seed, deployedAt = DEMO_DEPLOYED_AT }: DemoOptions): RegionEntity[] => {
  const things = demoThings(seed).flatMap((group) =>
    group.map((thing, i) => ({ ...thing, devEui: devEuiOf(thing.kind, i + 1) })),
  );
  return [
    ...municipalities.map(([id, name, key, parent]) => {
      return {
        kind: 'municipality',
        put: municipalitySchema.parse({ id, name, key, ...(parent && { parent }) }),
      } as const;
    }),
    ...demoSites(),
    ...things.map(({ id, name, kind, site, properties }) => {
      const put = thingSchema.parse({ id, name: marked(name), kind, site, simulated: true, properties });
      return { kind: 'thing', put } as const;
    }),
    ...things.map(({ devEui, name, profile }) => {
      const put = deviceSchema.parse({ id: devEui, name: marked(name), profile, simulated: true });
      return { kind: 'device', put } as const;
    }),
    ...things.map(({ id, devEui, mounting }) => {
      const from = formatTime(deployedAt);
      const put = deploymentSchema.parse({ id: `${id}-1`, device: devEui, thing: id, from, parameters: mounting });
      return { kind: 'deployment', put } as const;
    }),
    ...demoDatasets(),
  ];
};

const marked = (name: string): string => `${name} (simuliert)`;

const devEuiOf = (kind: DemoKind, number: number): string => {
  const digits = (value: number, length: number) => value.toString(16).padStart(length, '0');
  return `${SIMULATED_EUI_PREFIX}${digits(euiGroups[kind], 2)}${digits(number, 6)}`;
};

const demoSites = (): RegionEntity[] => {
  const site = (
    id: string,
    name: string,
    municipality: string,
    coordinates: readonly [number, number],
  ): RegionEntity => ({
    kind: 'site',
    put: siteSchema.parse({ id, name: marked(name), municipality, geometry: { type: 'Point', coordinates } }),
  });
  const islandSites = Object.entries(islands).flatMap(([municipality, list]) =>
    list.map(([name, lon, lat]) =>
      site(siteId(municipality, name), `Containerinsel ${name}`, municipality, [lon, lat]),
    ),
  );
  return [
    ...islandSites,
    ...[...roads, ...gauges, ...buildings].map(({ id, name, municipality, at }) => site(id, name, municipality, at)),
    ...[...weatherPlaces, ...carParks, ...airPlaces].map(([id, municipality, name, lon, lat]) =>
      site(id, name, municipality, [lon, lat]),
    ),
  ];
};
