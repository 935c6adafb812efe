import { HubError } from '../../model/errors.ts';
import type { RegionEntity, RegionKind } from '../../model/region-entity.ts';
import type { Deployment, Device, RegistryEntities, Site, Thing } from '../../model/registry.ts';
import { gauges, roads } from '../demo-places.ts';
import { createSlotTruth, type SlotTruth } from './fill.ts';
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
  | { readonly kind: 'weather_station'; readonly weather: WeatherTruth };

export interface World {
  readonly placed: readonly Placed[];
  readonly storms: Storms;
}

/** Everything that is true in the demo region, from the entries of demoRegion. Things of other regions are left out. */
export const createWorld = (region: readonly RegionEntity[], seed: number): World => {
  const storms = createStorms(seed);
  const regional = createWeatherTruth(seed, storms);
  const things = byId(region, 'thing');
  const sites = byId(region, 'site');
  const devices = byId(region, 'device');
  const placed = [...byId(region, 'deployment').values()].flatMap((deployment): Placed[] => {
    const thing = things.get(deployment.thing);
    const device = devices.get(deployment.device);
    const site = sites.get(thing?.site ?? '');
    if (!thing?.simulated || !device?.simulated || !site) return [];
    const truth = truthOf(thing, { site, seed, storms, regional });
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
}

const truthOf = (thing: Thing, { site, seed, storms, regional }: Surroundings): ThingTruth | undefined => {
  if (thing.kind === 'container_slot') {
    const { fraction, guestShare } = thing.properties;
    const guests = typeof guestShare === 'number' ? guestShare : 0;
    const description = { id: thing.id, site: site.id, paper: fraction === 'paper', guestShare: guests };
    return { kind: thing.kind, slot: createSlotTruth(description, seed), weather: regional };
  }
  if (thing.kind === 'weather_station')
    return { kind: thing.kind, weather: createWeatherTruth(seed, storms, thing.id) };
  if (thing.kind === 'road_cross_section') {
    const road = roads.find(({ id }) => id === site.id);
    return road && { kind: thing.kind, traffic: createTrafficTruth(road, seed) };
  }
  const gauge = thing.kind === 'gauge' ? gauges.find(({ id }) => id === site.id) : undefined;
  return gauge && { kind: 'gauge', water: createWaterTruth(gauge, seed, storms), weather: regional };
};
