import { beforeAll, describe, expect, it } from 'vitest';
import { type Catalogue, loadCatalogue } from '../devices/catalogue.ts';
import { HubError } from '../model/errors.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { type EntityInput, planChange } from './registry-change.ts';

const DEVICE = '24e124710b000001';
const OTHER = '24e124710b000002';

const place: EntityInput[] = [
  { kind: 'municipality', put: { id: 'm', name: 'M', key: '01057001' } },
  { kind: 'site', put: { id: 's', name: 'S', municipality: 'm', geometry: { type: 'Point', coordinates: [10, 54] } } },
  { kind: 'thing', put: { id: 't', name: 'T', kind: 'container_slot', site: 's' } },
  { kind: 'device', put: { id: DEVICE, profile: 'milesight/em400-tld' } },
  { kind: 'device', put: { id: OTHER, profile: 'milesight/em400-tld' } },
];
const deployed = (id: string, device: string, from: string, to?: string): EntityInput => ({
  kind: 'deployment',
  put: { id, device, thing: 't', from, ...(to !== undefined && { to }) },
});

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

const registryWith = (...inputs: EntityInput[]): RegistryIndex => {
  const registry = new RegistryIndex();
  registry.apply(planChange(inputs, { registry, catalogue }).changes);
  return registry;
};

const refusalOf = (inputs: EntityInput[], registry = new RegistryIndex()): [string, string[]] => {
  try {
    planChange(inputs, { registry, catalogue });
  } catch (thrown) {
    if (thrown instanceof HubError) return [thrown.code, thrown.faults.map(({ path }) => path)];
    throw thrown;
  }
  return ['accepted', []];
};

describe('planning a change of the registry', () => {
  it('says what is new, changed and the same, and changes only that', () => {
    const registry = registryWith(...place);
    const [municipality, site] = place as [EntityInput, EntityInput];
    const renamed = { kind: 'municipality', put: { key: '01057001', name: 'N', id: 'm' } };
    const { changes, report } = planChange(
      [site, renamed, { kind: 'thing', put: { id: 'u', name: 'U', kind: 'gauge', site: 's' } }],
      { registry, catalogue },
    );
    expect(report.map(({ id, action }) => `${id} ${action}`)).toEqual(['m changed', 's unchanged', 'u created']);
    expect(changes.map((change) => change.kind)).toEqual(['municipality', 'thing']);
    expect(planChange([municipality], { registry, catalogue }).changes).toEqual([]);
  });

  it('names every fault of the entries at once', () => {
    const [code, paths] = refusalOf([
      { kind: 'municipality', put: { id: 'Größe', name: '', key: 'x' } },
      { kind: 'datastream', put: {} },
      {
        kind: 'site',
        put: { id: 's', name: 'S', municipality: 'm', geometry: { type: 'Point', coordinates: [200, 54] } },
      },
    ]);
    expect(code).toBe('HUB_REGISTRY_INVALID');
    expect(paths).toEqual([
      'entities[0].put.id',
      'entities[0].put.name',
      'entities[0].put.key',
      'entities[1].kind',
      'entities[2].put.geometry.coordinates.0',
    ]);
  });

  it('refuses references to nothing, in either direction', () => {
    expect(
      refusalOf([
        { kind: 'device', put: { id: DEVICE, profile: 'no/such' } },
        deployed('d', OTHER, '2026-01-01T00:00:00Z'),
      ])[1],
    ).toEqual([`device ${DEVICE}.profile`, 'deployment d.device', 'deployment d.thing']);
    const registry = registryWith(...place, deployed('d', DEVICE, '2026-01-01T00:00:00Z'));
    expect(refusalOf([{ kind: 'thing', remove: 't' }], registry)[0]).toBe('HUB_REGISTRY_REFERENCE');
    expect(
      refusalOf(
        [
          { kind: 'thing', remove: 't' },
          { kind: 'deployment', remove: 'd' },
        ],
        registry,
      )[0],
    ).toBe('accepted');
    expect(refusalOf([{ kind: 'site', remove: 'nowhere' }], registry)[0]).toBe('HUB_REGISTRY_REFERENCE');
    const text = { de: 'd', en: 'd' };
    const dataset = { id: 'd', title: text, description: text, publisher: 'm', licence: 'CC0-1.0', members: {} };
    const put = { ...dataset, perMunicipality: { nowhere: { visibility: 'open' } } };
    expect(refusalOf([{ kind: 'dataset', put }], registry)[1]).toEqual(['dataset d.perMunicipality']);
  });

  it('refuses two devices for one property of one thing at one time', () => {
    const registry = registryWith(...place, deployed('d', DEVICE, '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'));
    expect(refusalOf([deployed('e', OTHER, '2026-01-31T00:00:00Z')], registry)).toEqual([
      'HUB_REGISTRY_OVERLAP',
      ['deployment e'],
    ]);
    expect(refusalOf([deployed('e', OTHER, '2026-02-01T00:00:00Z')], registry)[0]).toBe('accepted');
    const ended = deployed('d', DEVICE, '2026-01-01T00:00:00Z', '2026-01-15T00:00:00Z');
    expect(refusalOf([deployed('e', OTHER, '2026-01-31T00:00:00Z'), ended], registry)[0]).toBe('accepted');
    expect(refusalOf([deployed('e', OTHER, '2026-03-01T00:00:00Z', '2026-02-01T00:00:00Z')], registry)[1]).toEqual([
      'deployment e.to',
    ]);
  });
});
