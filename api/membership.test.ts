import { describe, expect, it } from 'vitest';
import { type EntityKind, registrySchemas } from '../model/registry.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { createMembership } from './membership.ts';
import { createView } from './visibility.ts';

const KINDS = ['gauge', 'meter'] as const;

/** Things of two kinds in two municipalities, four properties each, and datasets with criteria of every sort. */
const fill = (things: number, datasets: number): RegistryIndex => {
  const registry = new RegistryIndex();
  const put = (kind: EntityKind, entry: unknown) => ({ kind, put: registrySchemas[kind].parse(entry) }) as never;
  const text = { de: 'x', en: 'x' };
  registry.apply([
    ...[0, 1].flatMap((m) => [
      put('municipality', { id: `m${m}`, name: 'M', key: `0${m}` }),
      put('site', {
        id: `s${m}`,
        name: 'S',
        municipality: `m${m}`,
        geometry: { type: 'Point', coordinates: [10, 54] },
      }),
    ]),
    ...Array.from({ length: things }, (_, i) => [
      put('thing', { id: `t${i}`, name: 'T', kind: KINDS[i % 2], site: `s${(i >> 1) % 2}` }),
      ...[0, 1, 2, 3].map((p) =>
        put('datastream', {
          id: `t${i}.p${p}`,
          key: i * 4 + p + 1,
          thing: `t${i}`,
          property: `p${p}`,
          unit: '{count}',
        }),
      ),
    ]).flat(),
    ...Array.from({ length: datasets }, (_, d) =>
      put('dataset', {
        id: `d${d}`,
        title: text,
        description: text,
        publisher: 'm0',
        licence: 'CC0-1.0',
        visibility: (['open', 'private', 'delayed'] as const)[d % 3],
        delayMinutes: 30 + d,
        ...(d % 4 === 0 && { smallestCount: 3 + d, perMunicipality: { m1: { visibility: 'private' } } }),
        members: {
          ...(d % 2 === 0 && { kinds: [KINDS[(d >> 1) % 2]] }),
          ...(d % 3 === 0 && { properties: [`p${d % 4}`, 'p1'] }),
          ...(d % 5 === 0 && { municipalities: ['m1'] }),
          ...(d % 7 < 2 && { things: [`t${d}`, `t${d + 1}`, `t${d + 2}`] }),
        },
      }),
    ),
  ]);
  return registry;
};

describe('membership', () => {
  it('is what the registry says of each datastream and each dataset alone', () => {
    const registry = fill(40, 40);
    const membershipOf = createMembership(registry);
    for (const datastream of registry.list('datastream')) {
      const thing = registry.require('thing', datastream.thing);
      const { all } = membershipOf({ thing, datastream, municipality: registry.municipalityOf(thing) });
      const expected = [...registry.list('dataset')].filter((dataset) => registry.isMember(datastream, dataset));
      expect(all.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    }
  });

  it('of 10,000 datastreams in 100 datasets is not asked for a million times', () => {
    const registry = fill(2_500, 100);
    let asked = 0;
    for (const dataset of registry.list('dataset')) {
      const { members } = dataset;
      Object.defineProperty(dataset, 'members', {
        get: () => {
          asked++;
          return members;
        },
      });
    }
    expect(createView(registry, 'region').streams).toHaveLength(10_000);
    expect(asked).toBeLessThan(5_000);
  });
});
