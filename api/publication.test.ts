import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../model/time.ts';
import { createAccess, type Reader } from './access.ts';
import { everybody } from './auth/principal.ts';
import { createTestApi, fillRegion, NOW, observationOf, type TestApi } from './testing.ts';

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

const publicReader = (): Reader => createAccess(api.deps)(everybody);
const idsOf = (reader: Reader): string[] => [...reader.streams()].map(({ datastream }) => datastream.id);

const dataset = (id: string, more: object) => ({
  id,
  title: { de: id, en: id },
  description: { de: id, en: id },
  publisher: 'ploen',
  licence: 'CC0-1.0',
  ...more,
});

describe('publication by municipality', () => {
  const containers = { members: { kinds: ['container_slot'] } };

  it('opens the things of one in a private dataset, and nothing else', async () => {
    api.put('dataset', dataset('waste', { ...containers, perMunicipality: { laboe: { visibility: 'open' } } }));
    expect(idsOf(publicReader())).toContain('slot-laboe.fill_level');
    expect(idsOf(publicReader())).not.toContain('slot-wendtorf.fill_level');
    expect(publicReader().find('municipality', 'wendtorf')).toBeUndefined();
    expect(publicReader().find('dataset', 'waste')).toBeDefined();
  });

  it('keeps or delays the things of one in an open dataset', async () => {
    const perMunicipality = {
      laboe: { visibility: 'private' },
      wendtorf: { visibility: 'delayed', delayMinutes: 30 },
    };
    api.put('dataset', dataset('waste', { ...containers, visibility: 'open', perMunicipality }));
    const reader = publicReader();
    expect(idsOf(reader)).not.toContain('slot-laboe.fill_level');
    expect(reader.stream('slot-wendtorf.fill_level')).toMatchObject({ delayMs: 30 * MINUTE });
  });
});

describe('small counts', () => {
  const KEY = 77;
  const span = { from: NOW - HOUR, to: NOW };

  beforeEach(async () => {
    api.put('thing', { id: 'path-1', name: 'Path', kind: 'road_cross_section', site: 'laboe-harbour' });
    const stream = { id: 'path-1.motion_count', key: KEY, thing: 'path-1', property: 'motion_count', unit: '{count}' };
    api.put('datastream', stream);
    await api.stores.observations.append(
      [0, 3, 5, 12, 4].map((value, i) =>
        observationOf({ datastream: KEY, value, phenomenonTime: NOW - (5 - i) * MINUTE, position: i + 1 }),
      ),
    );
    api.put('dataset', dataset('paths', { visibility: 'open', smallestCount: 5, members: { things: ['path-1'] } }));
  });

  it('are withheld from the public wherever values are read', async () => {
    const reader = publicReader();
    const stream = reader.stream('path-1.motion_count');
    const values = await Array.fromAsync(reader.range(stream, span));
    expect(values.map(({ value, withheld }) => withheld ?? value)).toEqual([0, true, 5, 12, true]);
    expect((await reader.latest([stream])).get(KEY)).toMatchObject({ value: null, withheld: true });
    const at = { datastream: KEY, phenomenonTime: NOW - 4 * MINUTE };
    await api.stores.details.put([{ ...at, detail: { parameters: { counted: 3 } } }]);
    expect(await reader.details(stream, span)).toEqual([]);
    const small = observationOf({ datastream: KEY, value: 4 });
    expect(reader.shown(stream, small)).toMatchObject({ value: null, withheld: true });
    const [bucket] = await reader.aggregate(stream, { ...span, every: { ms: HOUR } });
    expect(bucket).toMatchObject({ n: 5, sum: 17, min: 0, max: 12, last: 12, withheld: 2 });
  });

  it('are shown to those who see the dataset without its publication', async () => {
    const reader = createAccess(api.deps)({ role: 'reader', municipality: 'laboe', token: 't' });
    const values = await Array.fromAsync(reader.range(reader.stream('path-1.motion_count'), span));
    expect(values.map(({ value }) => value)).toEqual([0, 3, 5, 12, 4]);
  });

  it('stay withheld where another dataset is open without such care', async () => {
    api.put('dataset', dataset('all', { visibility: 'open', members: { things: ['path-1'] } }));
    expect(publicReader().stream('path-1.motion_count')).toMatchObject({ smallestCount: 5, delayMs: 0 });
  });

  it('concern counts only', async () => {
    api.put('datastream', { id: 'path-1.co2', key: 78, thing: 'path-1', property: 'co2', unit: '[ppm]' });
    expect(publicReader().stream('path-1.co2').smallestCount).toBeUndefined();
  });
});
