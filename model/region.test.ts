import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fault, HubError } from './errors.ts';
import { parseRegion } from './region.ts';
import type { RegionEntity } from './region-entity.ts';
import { formatRegion } from './region-format.ts';
import {
  datasetSchema,
  deploymentSchema,
  deviceSchema,
  licences,
  municipalitySchema,
  siteSchema,
  thingSchema,
} from './registry.ts';

const faultsOf = (text: string, options?: Parameters<typeof parseRegion>[1]): readonly Fault[] => {
  try {
    parseRegion(text, options);
  } catch (thrown) {
    if (thrown instanceof HubError && thrown.code === 'HUB_REGION_INVALID') return thrown.faults;
    throw thrown;
  }
  return [];
};

const brief = (faults: readonly Fault[]): string[] => faults.map(({ line, path }) => `${line} ${path}`);

const small = `
municipalities:
  - { id: laboe, name: Laboe, key: "01057043" }
sites:
  - id: hafen
    name: Hafen
    municipality: laboe
    geometry: { type: Point, coordinates: [10.21, 54.4] }
things:
  - { id: glas-1, name: Weißglas, kind: container_slot, site: hafen }
devices:
  - { id: 24e124710b000001, profile: milesight/em400-tld }
deployments:
  - { id: d1, device: 24e124710b000001, thing: glas-1, from: 2026-03-02T07:15:31Z }
`;

describe('a region file', () => {
  it('becomes entries with their defaults, in the order in which they refer to each other', () => {
    const entities = parseRegion(small);
    expect(entities.map(({ kind, put }) => `${kind} ${put.id}`)).toEqual([
      'municipality laboe',
      'site hafen',
      'thing glas-1',
      'device 24e124710b000001',
      'deployment d1',
    ]);
    expect(entities[4]?.put).toMatchObject({ to: null, parameters: {}, channels: {} });
  });

  it('is refused with all faults at once, each with its line', () => {
    const text = `municipalities:
  - id: laboe
    name: Laboe
    key: 01057043
  - { id: laboe, name: Laboe, key: "01057043", parent: nowhere, colour: red }
sites:
  - id: hafen
    name: Hafen
    municipality: kiel
    geometry:
      type: Point
      coordinates: [1000, 54.4]
boats: []
deployments:
  - id: d1
    device: 24e124710b000001
    thing: hafen
    from: 2026-03-02T07:15:31Z
    to: 2026-03-01T07:15:31Z
datasets:
  - id: d
    title: { de: a, en: b }
    description: { de: a, en: b }
    publisher: laboe
    licence: CC0-1.0
    perMunicipality: { nowhere: { visibility: open } }
    members:
      properties: [water_level, smell]
`;
    const faults = faultsOf(text);
    expect(brief(faults)).toEqual([
      '4 municipalities[0].key',
      '5 municipalities[1].colour',
      '5 municipalities[1].id',
      '5 municipalities[1].parent',
      '9 sites[0].municipality',
      '12 sites[0].geometry.coordinates[0]',
      '13 boats',
      '16 deployments[0].device',
      '17 deployments[0].thing',
      '19 deployments[0].to',
      '26 datasets[0].perMunicipality',
      '28 datasets[0].members.properties[1]',
    ]);
    expect(faults[0]?.hint).toBe('put it in quotes: "01057043"');
  });

  it('may name any profile that the device catalogue may hold', () => {
    const text = 'devices:\n  - { id: 24e124710b000001, profile: acme/level_1-b }';
    expect(faultsOf(text)).toEqual([]);
  });

  it('may refer to what is registered already', () => {
    const text = 'sites:\n  - {id: s, name: S, municipality: laboe, geometry: {type: Point, coordinates: [10, 54]}}';
    expect(brief(faultsOf(text))).toEqual(['2 sites[0].municipality']);
    expect(faultsOf(text, { registered: (kind, id) => kind === 'municipality' && id === 'laboe' })).toEqual([]);
  });

  it('refuses districts that belong to themselves, and names only those', () => {
    const municipality = (id: string, parent: string) => `  - {id: ${id}, name: A, key: "01", parent: ${parent}}\n`;
    const text = `municipalities:\n${municipality('a', 'b')}${municipality('b', 'c')}${municipality('c', 'b')}`;
    expect(brief(faultsOf(text))).toEqual(['3 municipalities[1].parent', '4 municipalities[2].parent']);
  });

  it.each([
    ['broken', 'sites: [', /not YAML/],
    ['two keys of one name', 'sites: []\nsites: []', /unique/],
    ['deep nesting', '['.repeat(50_000), /too deeply/],
    ['two documents', 'sites: []\n---\nsites: []', /multiple documents/],
    ['a list', '- a', /map of lists/],
    [
      'an alias bomb',
      `a: &a [x${',x'.repeat(8)}]\nb: &b [*a${',*a'.repeat(8)}]\nc: &c [*b${',*b'.repeat(8)}]\nsites: [*c${',*c'.repeat(8)}]`,
      /alias/i,
    ],
  ])('refuses %s without falling over', (_name, text, message) => {
    expect(faultsOf(text)[0]?.message).toMatch(message);
  });

  it('is bounded in size, entries and faults', () => {
    expect(faultsOf('#'.repeat(101), { maxLength: 100 })[0]?.message).toMatch(/101 characters/);
    expect(faultsOf('sites: [1, 2, 3]', { maxEntries: 2 })[0]?.message).toMatch(/3 entries/);
    const faults = faultsOf(`sites: [${'1,'.repeat(2_000)}]`);
    expect(faults).toHaveLength(501);
    expect(faults.at(-1)?.message).toBe('and 1500 more faults');
  });

  it('answers entries or HUB_REGION_INVALID, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('sites:\n -&*a{}[]"\'#!|>?%@`\t,01~')) }), (text) => {
        for (const fault of faultsOf(text)) expect(fault.line).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

const slug = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,5})?$/);
const name = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => text.trim() === text && text !== '');
const parameters = fc.dictionary(
  fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,8}$/),
  fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
    fc.string(),
    fc.boolean(),
  ),
);
const hex = fc.stringMatching(/^[0-9a-f]{16}$/);
const ids = fc.uniqueArray(slug, { minLength: 1, maxLength: 4 });
const instant = fc.integer({ min: 1, max: 4e12 }).map((ms) => new Date(ms).toISOString());

const region: fc.Arbitrary<RegionEntity[]> = fc
  .record({
    ids,
    devices: fc.uniqueArray(hex, { minLength: 1, maxLength: 3 }),
    name,
    parameters,
    key: fc.stringMatching(/^\d{2,12}$/),
  })
  .chain(({ ids: known, devices, name: label, parameters: values, key }) => {
    const one = fc.constantFrom(...known);
    const list = <T>(of: readonly string[], entry: (id: string) => fc.Arbitrary<T>) => fc.tuple(...of.map(entry));
    const coordinates = fc.tuple(
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: -90, max: 90, noNaN: true }),
    );
    return fc.tuple(
      list(known, (id) =>
        fc.constant({ kind: 'municipality', put: municipalitySchema.parse({ id, name: label, key }) }),
      ),
      list(known, (id) =>
        fc.tuple(one, coordinates).map(([municipality, at]) => ({
          kind: 'site',
          put: siteSchema.parse({
            id,
            name: label,
            municipality,
            geometry: { type: 'Point', coordinates: at.map((x) => x + 0) },
          }),
        })),
      ),
      list(known, (id) =>
        fc.tuple(one, fc.boolean()).map(([site, simulated]) => ({
          kind: 'thing',
          put: thingSchema.parse({ id, name: label, kind: 'gauge', site, simulated, properties: values }),
        })),
      ),
      list(devices, (id) =>
        fc.constant({ kind: 'device', put: deviceSchema.parse({ id, profile: 'a/b', parameters: values }) }),
      ),
      list(known, (id) =>
        fc.tuple(one, fc.constantFrom(...devices), instant).map(([thing, device, from]) => ({
          kind: 'deployment',
          put: deploymentSchema.parse({ id, device, thing, from, parameters: values }),
        })),
      ),
      list(known, (id) =>
        fc
          .tuple(one, fc.constantFrom(...licences), fc.constantFrom('private', 'open'))
          .map(([publisher, licence, visibility]) => ({
            kind: 'dataset',
            put: datasetSchema.parse({
              id,
              title: { de: label, en: label },
              description: { de: label, en: label },
              publisher,
              licence,
              visibility,
              members: { things: known },
            }),
          })),
      ),
    );
  })
  .map((lists) => lists.flat() as RegionEntity[]);

describe('formatRegion', () => {
  it('writes what parseRegion reads back to the same', () => {
    fc.assert(
      fc.property(region, (entities) => {
        expect(parseRegion(formatRegion(entities))).toEqual(entities);
      }),
    );
  });

  it('leaves out defaults and what the hub makes itself', () => {
    const text = formatRegion([
      ...parseRegion(small),
      { kind: 'thing', put: thingSchema.parse({ id: 'device-24e124710b000001', name: 'x', kind: 'device' }) },
    ]);
    expect(text).not.toMatch(/simulated|parameters|kind: device|to:/);
    expect(text).toContain('key: "01057043"');
    expect(parseRegion(formatRegion([]))).toEqual([]);
  });
});
