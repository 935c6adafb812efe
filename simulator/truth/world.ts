import { HubError } from '../../model/errors.ts';
import type { RegionEntity, RegionKind } from '../../model/region-entity.ts';
import type { Deployment, Device, RegistryEntities, Site, Thing, ThingKind } from '../../model/registry.ts';
import { buildings, classrooms, type Medium, media } from '../demo-buildings.ts';
import { airPlaces, carParks, gauges, roads } from '../demo-places.ts';
import { createOutdoorAir, type OutdoorAirTruth } from './air.ts';
import { type ClassroomTruth, createClassroomTruth } from './classroom.ts';
import { createSlotTruth, type SlotTruth } from './fill.ts';
import { createMeterTruth, type MeterTruth } from './meter.ts';
import { createOutdoors, type Outdoors } from './outdoors.ts';
import { type BayTruth, createBayTruth } from './parking.ts';
import { createStorms, type Storms } from './storm.ts';
import { createTrafficTruth, type TrafficTruth } from './traffic.ts';
import { createWaterTruth, type WaterTruth } from './water.ts';
import { createWeatherTruth, type WeatherTruth } from './weather.ts';

/** A thing, what is true of it, and the device that looks at it. */
export interface Placed {
  readonly thing: Thing;
  readonly site: Site;
  readonly device: Device;
  readonly deployment: Deployment;
  readonly truth: ThingTruth;
}

export type ThingTruth =
  | { readonly kind: 'container_slot'; readonly slot: SlotTruth; readonly weather: WeatherTruth }
  | { readonly kind: 'road_cross_section'; readonly traffic: TrafficTruth }
  | { readonly kind: 'gauge'; readonly water: WaterTruth; readonly weather: WeatherTruth }
  | { readonly kind: 'weather_station'; readonly weather: WeatherTruth }
  | { readonly kind: 'meter'; readonly meter: MeterTruth; readonly weather: WeatherTruth }
  | { readonly kind: 'parking_bay'; readonly bay: BayTruth; readonly weather: WeatherTruth }
  | { readonly kind: 'air_station'; readonly air: OutdoorAirTruth | ClassroomTruth; readonly weather: WeatherTruth };

export interface World {
  readonly placed: readonly Placed[];
  readonly storms: Storms;
}

/** Everything that is true in the demo region, from the entries of demoRegion. Things of other regions are left out. */
export const createWorld = (region: readonly RegionEntity[], seed: number): World => {
  const storms = createStorms(seed);
  const regional = createWeatherTruth(seed, storms);
  const outdoors = createOutdoors(regional);
  const things = byId(region, 'thing');
  const sites = byId(region, 'site');
  const devices = byId(region, 'device');
  const placed = [...byId(region, 'deployment').values()].flatMap((deployment): Placed[] => {
    const thing = things.get(deployment.thing);
    const device = devices.get(deployment.device);
    const site = sites.get(thing?.site ?? '');
    if (!thing?.simulated || !device?.simulated || !site) return [];
    const truth = truthOf(thing, { site, seed, storms, regional, outdoors, deployment });
    return truth ? [{ thing, site, device, deployment, truth }] : [];
  });
  if (placed.length === 0) throw new HubError('HUB_REGION_INVALID', 'The region holds no simulated deployments');
  return { placed, storms };
};

const byId = <K extends RegionKind>(region: readonly RegionEntity[], kind: K): Map<string, RegistryEntities[K]> =>
  new Map(region.filter((entity) => entity.kind === kind).map(({ put }) => [put.id, put as RegistryEntities[K]]));

interface Surroundings {
  readonly site: Site;
  readonly seed: number;
  readonly storms: Storms;
  readonly regional: WeatherTruth;
  readonly outdoors: Outdoors;
  readonly deployment: Deployment;
}

type Truths = Readonly<Partial<Record<ThingKind, (thing: Thing, around: Surroundings) => ThingTruth | undefined>>>;

const truths: Truths = {
  container_slot: (thing, { site, seed, regional }) => {
    const { fraction, guestShare } = thing.properties;
    const guests = typeof guestShare === 'number' ? guestShare : 0;
    const description = { id: thing.id, site: site.id, paper: fraction === 'paper', guestShare: guests };
    return { kind: 'container_slot', slot: createSlotTruth(description, seed), weather: regional };
  },
  weather_station: ({ id }, { seed, storms }) => ({
    kind: 'weather_station',
    weather: createWeatherTruth(seed, storms, id),
  }),
  road_cross_section: (_, { site, seed }) => {
    const traffic = trafficOn(site.id, seed);
    return traffic && { kind: 'road_cross_section', traffic };
  },
  gauge: (_, { site, seed, storms, regional }) => {
    const gauge = gauges.find(({ id }) => id === site.id);
    return gauge && { kind: 'gauge', water: createWaterTruth(gauge, seed, storms), weather: regional };
  },
  meter: (thing, { site, seed, outdoors, regional, deployment }) => {
    const building = buildings.find(({ id }) => id === site.id);
    const medium = thing.properties.medium;
    if (!building || !isMedium(medium)) return undefined;
    const from = Date.parse(deployment.from);
    const meter = createMeterTruth({ building, medium, seed, from, outdoors });
    return { kind: 'meter', meter, weather: regional };
  },
  parking_bay: (thing, { site, seed, regional }) => {
    const kind = carParks.find(([id]) => id === site.id)?.[5];
    const number = Number(thing.properties.number);
    if (!kind || !Number.isInteger(number)) return undefined;
    return {
      kind: 'parking_bay',
      bay: createBayTruth({ id: thing.id, kind, number }, seed, regional),
      weather: regional,
    };
  },
  air_station: (thing, { site, seed, regional }) => {
    const air = airOf(thing, { site, seed, regional });
    return air && { kind: 'air_station', air, weather: regional };
  },
};

const truthOf = (thing: Thing, around: Surroundings): ThingTruth | undefined => truths[thing.kind]?.(thing, around);

const trafficOn = (roadId: string | undefined, seed: number): TrafficTruth | undefined => {
  const road = roads.find(({ id }) => id === roadId);
  return road && createTrafficTruth(road, seed);
};

const isMedium = (value: unknown): value is Medium => typeof value === 'string' && value in media;

const airOf = (
  { id }: Thing,
  { site, seed, regional }: Pick<Surroundings, 'site' | 'seed' | 'regional'>,
): OutdoorAirTruth | ClassroomTruth | undefined => {
  const place = airPlaces.find(([placeId]) => placeId === site.id);
  if (place) {
    const traffic = trafficOn(place[6], seed);
    return createOutdoorAir({ id, setting: place[5], ...(traffic && { traffic }) }, seed, regional);
  }
  const room = classrooms.find(([building, slug]) => id === `${building}-${slug}`);
  return room && createClassroomTruth({ id, pupils: room[3] }, seed, regional);
};
