import { buildings, classrooms, media } from './demo-buildings.ts';
import { airPlaces, carParks, gauges, islands, roads, weatherPlaces } from './demo-places.ts';
import { between, keyOf } from './random.ts';
import { slugOf } from './slug.ts';
import { isHouse } from './truth/use.ts';

/** The groups of the simulation's DevEUIs, one for each kind of thing. */
export const euiGroups = {
  container_slot: 1,
  road_cross_section: 2,
  gauge: 3,
  weather_station: 4,
  meter: 5,
  parking_bay: 6,
  air_station: 7,
} as const;
export type DemoKind = keyof typeof euiGroups;

const fractions = [
  ['weissglas', 'Weißglas', 'glass_white'],
  ['gruenglas', 'Grünglas', 'glass_green'],
  ['braunglas', 'Braunglas', 'glass_brown'],
  ['papier', 'Papier', 'paper'],
  ['papier-2', 'Papier 2', 'paper'],
] as const;
/** Slots of one island after the other: three to five. */
const slotsPerIsland = [4, 3, 4, 5, 4] as const;

/** A thing, and the device that hangs at it. */
export interface DemoThing {
  readonly id: string;
  readonly name: string;
  readonly kind: DemoKind;
  readonly site: string;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  readonly profile: string;
  readonly mounting: Readonly<Record<string, number>>;
}

export const siteId = (municipality: string, name: string): string => `${municipality}-${slugOf(name)}`;

/** All things of the demo region, group by group. */
export const demoThings = (seed: number): DemoThing[][] => [
  wasteThings(seed),
  trafficThings(),
  gaugeThings(),
  weatherThings(),
  meterThings(),
  parkingThings(),
  airThings(),
];

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

const meterProfiles = {
  electricity: 'yobiiq/em4301',
  heat: 'landisgyr/t550',
  gas: 'gwf/coder',
  water: 'gwf/coder',
} as const;

const meterThings = (): DemoThing[] =>
  buildings.flatMap(({ id, name, use, size, media: metered }) =>
    metered.map((medium) => {
      const [slug, word] = media[medium];
      return {
        id: `${id}-${slug}`,
        name: `${word} ${name}`,
        kind: 'meter' as const,
        site: id,
        properties: { medium, use, ...(isHouse(use) ? { floorAreaM2: size } : { peakKw: size }) },
        profile: meterProfiles[medium],
        mounting: {},
      };
    }),
  );

const BAYS = 10;

const parkingThings = (): DemoThing[] =>
  carParks.flatMap(([id, , name], place) =>
    Array.from({ length: BAYS }, (_, i) => ({
      id: `${id}-${String(i + 1).padStart(2, '0')}`,
      name: `${name}, Platz ${i + 1}`,
      kind: 'parking_bay' as const,
      site: id,
      properties: { number: i + 1 },
      profile: place % 2 === 0 ? 'pni/placepod' : 'bosch/tps110',
      mounting: {},
    })),
  );

const airThings = (): DemoThing[] => [
  ...airPlaces.map(([id, , name, , , setting]) => ({
    id: `${id}-station`,
    name,
    kind: 'air_station' as const,
    site: id,
    properties: { setting },
    profile: 'decentlab/dl-pm',
    mounting: {},
  })),
  ...classrooms.map(([building, slug, room]) => ({
    id: `${building}-${slug}`,
    name: `Raumluft ${buildings.find(({ id }) => id === building)?.name ?? building}, ${room}`,
    kind: 'air_station' as const,
    site: building,
    properties: { setting: 'classroom' },
    profile: 'elsys/ers-co2',
    mounting: {},
  })),
];
