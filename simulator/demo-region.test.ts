import { describe, expect, it } from 'vitest';
import { parseRegion } from '../model/region.ts';
import type { RegionEntity, RegionKind } from '../model/region-entity.ts';
import { formatRegion } from '../model/region-format.ts';
import type { RegistryEntities, ThingKind } from '../model/registry.ts';
import { demoRegion, isSimulatedEui } from './demo-region.ts';
import { simulatedProfiles } from './sensors/models.ts';

const region = demoRegion({ seed: 1 });
const all = <K extends RegionKind>(kind: K): RegistryEntities[K][] =>
  region.filter((entity: RegionEntity) => entity.kind === kind).map(({ put }) => put as RegistryEntities[K]);
const things = (kind: ThingKind) => all('thing').filter((thing) => thing.kind === kind);

describe('the demo region', () => {
  it('is a sound region file, and the same for the same seed', () => {
    expect(parseRegion(formatRegion(region))).toEqual(region);
    expect(demoRegion({ seed: 1 })).toEqual(region);
    expect(demoRegion({ seed: 2 })).not.toEqual(region);
  });

  it('has what a district has', () => {
    const sites = new Map(all('site').map((site) => [site.id, site]));
    const wasteMunicipalities = new Set(
      things('container_slot').map(({ site }) => sites.get(site ?? '')?.municipality),
    );
    expect(things('container_slot').length).toBeGreaterThanOrEqual(120);
    expect(wasteMunicipalities.size).toBeGreaterThanOrEqual(8);
    expect(things('road_cross_section')).toHaveLength(12);
    expect(things('gauge')).toHaveLength(8);
    expect(things('weather_station')).toHaveLength(4);
    const perIsland = Map.groupBy(things('container_slot'), ({ site }) => site);
    for (const slots of perIsland.values()) expect([3, 4, 5]).toContain(slots.length);
    expect(new Set(all('device').map(({ profile }) => profile))).toEqual(new Set(simulatedProfiles));
    expect(new Set(all('dataset').map(({ visibility }) => visibility))).toEqual(
      new Set(['open', 'delayed', 'private']),
    );
  });

  it('lies on the Baltic coast, under its districts', () => {
    for (const { geometry } of all('site')) {
      const [lon, lat] = geometry.coordinates;
      expect(lon > 9.8 && lon < 10.7 && lat > 54.28 && lat < 54.7).toBe(true);
    }
    const keys = new Map(all('municipality').map(({ id, key }) => [id, key]));
    for (const { key, parent } of all('municipality').filter((municipality) => municipality.parent))
      expect(key.slice(0, 5)).toBe(keys.get(parent ?? ''));
  });

  it('says everywhere that it is simulated', () => {
    for (const thing of all('thing'))
      expect(thing).toMatchObject({ simulated: true, name: expect.stringContaining('(simuliert)') });
    for (const { name } of all('site')) expect(name).toContain('(simuliert)');
    for (const { title } of all('dataset')) expect(title.en).toContain('(simulated)');
    const devices = all('device');
    expect(devices.every(({ id, simulated }) => simulated && isSimulatedEui(id))).toBe(true);
    expect(new Set(devices.map(({ id }) => id)).size).toBe(devices.length);
    // 02: locally administered, so no maker's
    expect(devices.every(({ id }) => (Number.parseInt(id.slice(0, 2), 16) & 3) === 2)).toBe(true);
  });
});
