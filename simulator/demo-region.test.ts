import { describe, expect, it } from 'vitest';
import { parseRegion } from '../model/region.ts';
import type { RegionEntity, RegionKind } from '../model/region-entity.ts';
import { formatRegion } from '../model/region-format.ts';
import type { RegistryEntities, ThingKind } from '../model/registry.ts';
import { demoRegion } from './demo-region.ts';
import { simulatedProfiles } from './sensors/models.ts';

const region = demoRegion({ seed: 1 });
const all = <K extends RegionKind>(kind: K): RegistryEntities[K][] =>
  region.filter((entity: RegionEntity) => entity.kind === kind).map(({ put }) => put as RegistryEntities[K]);
const things = (kind: ThingKind) => all('thing').filter((thing) => thing.kind === kind);

/** Name, key and centre of each municipality as in AuszugGV4Q of Destatis (GV-ISys, 2021), titles such as "Stadt" left out. */
const register: readonly (readonly [string, string, number, number])[] = [
  ['Laboe', '01057043', 10.224323, 54.404031],
  ['Heikendorf', '01057025', 10.207126, 54.371303],
  ['Mönkeberg', '01057051', 10.187105, 54.348118],
  ['Schönkirchen', '01057074', 10.223696, 54.336531],
  ['Schönberg (Holstein)', '01057073', 10.372476, 54.39239],
  ['Wendtorf', '01057087', 10.292376, 54.409817],
  ['Hohwacht (Ostsee)', '01057030', 10.67371, 54.320922],
  ['Lütjenburg', '01057048', 10.592237, 54.294852],
  ['Behrensdorf (Ostsee)', '01057004', 10.603736, 54.346515],
  ['Strande', '01058157', 10.170979, 54.440909],
  ['Eckernförde', '01058043', 9.837037, 54.472791],
  ['Damp', '01058040', 9.984161, 54.578215],
  ['Kappeln', '01059045', 9.931158, 54.659144],
  ['Maasholm', '01059142', 9.990992, 54.684233],
];

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
    expect(things('meter')).toHaveLength(16);
    expect(things('parking_bay')).toHaveLength(40);
    expect(things('air_station')).toHaveLength(8);
    const perIsland = Map.groupBy(things('container_slot'), ({ site }) => site);
    for (const slots of perIsland.values()) expect([3, 4, 5]).toContain(slots.length);
    expect(new Set(all('device').map(({ profile }) => profile))).toEqual(new Set(simulatedProfiles));
    expect(new Set(all('dataset').map(({ visibility }) => visibility))).toEqual(
      new Set(['open', 'delayed', 'private']),
    );
  });

  it('has the names and keys of the municipal register, and its sites near their municipalities', () => {
    const municipalities = all('municipality').filter(({ parent }) => parent);
    expect(municipalities.map(({ name, key }) => [name, key])).toEqual(register.map(([name, key]) => [name, key]));
    const names = new Map(municipalities.map(({ id, name }) => [id, name]));
    const far = all('site').filter(({ municipality, geometry }) => {
      const [, , lon = 0, lat = 0] = register.find(([name]) => name === names.get(municipality)) ?? [];
      const [east, north] = geometry.coordinates;
      const km = 111.32 * Math.hypot((east - lon) * Math.cos((lat * Math.PI) / 180), north - lat);
      return km > (municipality === 'schoenberg' ? 5 : 3);
    });
    expect(far.map(({ id }) => id)).toEqual([]);
  });

  it('publishes the state of parking bays and the air, and keeps meters to operators', () => {
    const publicKinds = new Set(
      all('dataset')
        .filter(({ visibility }) => visibility !== 'private')
        .flatMap(({ members }) => members.kinds ?? []),
    );
    expect(publicKinds.has('parking_bay')).toBe(true);
    expect(publicKinds.has('air_station')).toBe(true);
    expect(publicKinds.has('meter')).toBe(false);
    const kept = all('dataset').flatMap(({ visibility, members }) => (visibility === 'private' ? members.kinds : []));
    expect(kept).toContain('meter');
  });

  it('lies under its districts', () => {
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
    expect(devices.every(({ id, simulated }) => simulated && id.startsWith('0253494d'))).toBe(true);
    expect(new Set(devices.map(({ id }) => id)).size).toBe(devices.length);
    // 02: locally administered, so no maker's
    expect(devices.every(({ id }) => (Number.parseInt(id.slice(0, 2), 16) & 3) === 2)).toBe(true);
  });
});
