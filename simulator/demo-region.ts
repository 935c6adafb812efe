import type { RegionEntity } from '../model/region-entity.ts';
import {
  datasetSchema,
  deploymentSchema,
  deviceSchema,
  municipalitySchema,
  siteSchema,
  type ThingKind,
  thingSchema,
} from '../model/registry.ts';
import { type EpochMs, formatTime } from '../model/time.ts';
import { gauges, islands, municipalities, roads, weatherPlaces } from './demo-places.ts';
import { between, keyOf } from './random.ts';
import { slugOf } from './slug.ts';

/** The demo's sensors hang since this day; a fixed one, so that the region is the same after every restart. */
export const DEMO_DEPLOYED_AT: EpochMs = Date.UTC(2025, 0, 1);

/**
 * DevEUIs of the simulation: 02 marks an EUI-64 as locally administered (IEEE 802 c), 53 49 4d spells SIM, then a group
 * and a number. No real device carries one.
 */
const SIMULATED_EUI_PREFIX = '0253494d';

const euiGroups = { container_slot: 1, road_cross_section: 2, gauge: 3, weather_station: 4 } as const;
type DemoKind = keyof typeof euiGroups;

const fractions = [
  ['weissglas', 'Weißglas', 'glass_white'],
  ['gruenglas', 'Grünglas', 'glass_green'],
  ['braunglas', 'Braunglas', 'glass_brown'],
  ['papier', 'Papier', 'paper'],
  ['papier-2', 'Papier 2', 'paper'],
] as const;
/** Slots of one island after the other: three to five. */
const slotsPerIsland = [4, 3, 4, 5, 4] as const;

interface DemoThing {
  readonly id: string;
  readonly name: string;
  readonly kind: DemoKind;
  readonly site: string;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  readonly profile: string;
  readonly mounting: Readonly<Record<string, number>>;
}

export interface DemoOptions {
  readonly seed: number;
  /** Since when the sensors hang; default DEMO_DEPLOYED_AT. */
  readonly deployedAt?: EpochMs;
}

/** The demo region, the same for the same options: names say "(simuliert)", things and devices carry `simulated`. */
export const demoRegion = ({ seed, deployedAt = DEMO_DEPLOYED_AT }: DemoOptions): RegionEntity[] => {
  const groups = [wasteThings(seed), trafficThings(), gaugeThings(), weatherThings()];
  const things = groups.flatMap((group) =>
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

const siteId = (municipality: string, name: string): string => `${municipality}-${slugOf(name)}`;

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
    ...[...roads, ...gauges].map(({ id, name, municipality, at }) => site(id, name, municipality, at)),
    ...weatherPlaces.map(([id, municipality, name, lon, lat]) => site(id, name, municipality, [lon, lat])),
  ];
};

const wasteThings = (seed: number): DemoThing[] => {
  const things: DemoThing[] = [];
  const list = Object.entries(islands).flatMap(([municipality, entries]) =>
    entries.map((entry) => ({ municipality, entry })),
  );
  list.forEach(({ municipality, entry: [place, , , guests] }, index) => {
    const site = siteId(municipality, place);
    for (const [slug, name, fraction] of fractions.slice(0, slotsPerIsland[index % slotsPerIsland.length])) {
      const id = `${site}-${slug}`;
      const paper = fraction === 'paper';
      const depth = Math.round(between(keyOf(id, seed), 1, paper ? [1_250, 1_400] : [1_500, 1_700]) / 10) * 10;
      things.push({
        id,
        name: `${name} ${place}`,
        kind: 'container_slot',
        site,
        properties: { fraction, volumeLitres: paper ? 3_000 : 3_200, guestShare: guests },
        profile: things.length % 4 === 3 ? 'pepperlfuchs/wilsen-sonic-level' : 'milesight/em400-tld',
        mounting: { emptyDistanceMm: depth, fullDistanceMm: paper ? 250 : 300 },
      });
    }
  });
  return things;
};

const trafficThings = (): DemoThing[] =>
  roads.map(({ id, name, limitKmh }) => ({
    id: `querschnitt-${id}`,
    name: `Querschnitt ${name}`,
    kind: 'road_cross_section',
    site: id,
    properties: { speedLimitKmh: limitKmh },
    profile: 'pmx/tcr',
    mounting: {},
  }));

const gaugeThings = (): DemoThing[] =>
  gauges.map(({ id, name, sensorHeightM }, i) => ({
    id: `${id}-wasserstand`,
    name,
    kind: 'gauge',
    site: id,
    properties: { datum: 'NHN' },
    profile: i % 2 === 0 ? 'decentlab/dl-mbx' : 'vegapuls/air',
    mounting: { sensorHeightM },
  }));

const weatherThings = (): DemoThing[] =>
  weatherPlaces.map(([id, , name]) => ({
    id: `${id}-station`,
    name,
    kind: 'weather_station',
    site: id,
    properties: {},
    profile: 'decentlab/dl-atm41',
    mounting: {},
  }));

const demoDatasets = (): RegionEntity[] => {
  const notice = {
    de: 'Simulierte Daten zu Vorführzwecken; sie beschreiben keine wirklichen Anlagen.',
    en: 'Simulated data for demonstration; they describe no real installations.',
  };
  const dataset = (
    id: string,
    [de, en]: readonly [string, string],
    members: { kinds: ThingKind[]; properties?: string[] },
    publication: { visibility: 'private' | 'delayed' | 'open'; licence: string; delayMinutes?: number },
  ): RegionEntity => ({
    kind: 'dataset',
    put: datasetSchema.parse({
      id,
      title: { de: `${de} (simuliert)`, en: `${en} (simulated)` },
      description: notice,
      publisher: 'kreis-ploen',
      attribution: 'plietsch-Demoregion, simulierte Daten',
      members,
      ...publication,
    }),
  });
  const byLicence = 'dl-de/by-2-0';
  return [
    dataset(
      'containerfuellstand',
      ['Füllstände der Wertstoffcontainer', 'Fill levels of recycling containers'],
      { kinds: ['container_slot'], properties: ['fill_level'] },
      { visibility: 'open', licence: byLicence },
    ),
    dataset(
      'containertechnik',
      ['Messwerte in den Containern', 'Readings inside the containers'],
      { kinds: ['container_slot'], properties: ['distance', 'container_temperature', 'tilt'] },
      { visibility: 'private', licence: byLicence },
    ),
    dataset(
      'verkehrsmengen',
      ['Verkehrsmengen', 'Traffic volumes'],
      { kinds: ['road_cross_section'], properties: ['vehicle_count'] },
      { visibility: 'delayed', delayMinutes: 60, licence: byLicence },
    ),
    dataset(
      'geschwindigkeiten',
      ['Gefahrene Geschwindigkeiten', 'Vehicle speeds'],
      { kinds: ['road_cross_section'], properties: ['vehicle_speed'] },
      { visibility: 'private', licence: byLicence },
    ),
    dataset(
      'wasserstaende',
      ['Wasserstände der Ostseeküste', 'Water levels of the Baltic coast'],
      { kinds: ['gauge'], properties: ['water_level'] },
      { visibility: 'open', licence: 'dl-de/zero-2-0' },
    ),
    dataset(
      'wetter',
      ['Wetter an der Ostseeküste', 'Weather on the Baltic coast'],
      { kinds: ['weather_station'] },
      { visibility: 'open', licence: 'CC-BY-4.0' },
    ),
  ];
};
