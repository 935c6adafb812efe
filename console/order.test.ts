import { describe, expect, it } from 'vitest';
import type { Quality } from './api.ts';
import { isSameOrder, keptOrder, sorted, usualSort } from './order.ts';
import type { Row } from './rows.ts';
import { byUseCase, firstRows, thingsOf } from './things.ts';

const row = (name: string, value: number | null, more: Partial<Row> = {}): Row => ({
  id: `${name}.fill_level`,
  property: 'fill_level',
  unit: '%',
  value,
  quality: 'pass' as Quality,
  failedTests: [],
  time: 0,
  useCase: 'waste',
  thing: { id: name, name, simulated: false },
  delayMs: 0,
  gapsMs: [],
  ...more,
});
const names = (things: readonly { name: string }[]) => things.map(({ name }) => name).join(' ');
const containers = thingsOf([
  row('b', 20),
  row('a', 90),
  row('x', 140, { quality: 'fail' }),
  row('c', null),
  row('d', 55),
]);

describe('order', () => {
  it('puts the fullest container first, and what has no valid value last', () => {
    expect(names(sorted(containers, usualSort('waste')))).toBe('a d b c x');
    expect(names(sorted(containers, { key: 'value', descending: false }))).toBe('b d a c x');
  });

  it('goes by name elsewhere, numbers as numbers', () => {
    const gauges = thingsOf([row('Pegel 10', 1), row('Pegel 2', 2), row('Ärger', 3)]);
    expect(names(sorted(gauges, usualSort('coast')))).toBe('Ärger Pegel 2 Pegel 10');
  });

  it('compares values only with those of the same property', () => {
    const things = thingsOf([
      row('dust', 9, { property: 'pm2_5' }),
      row('room', 700, { property: 'co2' }),
      row('road', 12, { property: 'pm2_5' }),
    ]);
    expect(names(sorted(things, { key: 'value', descending: true }))).toBe('road dust room');
    expect(names(sorted(things, { key: 'value', descending: false }))).toBe('dust road room');
  });

  it('goes by age, the newest first', () => {
    const things = thingsOf([row('old', 1, { time: 1 }), row('new', 2, { time: 9 })]);
    expect(names(sorted(things, { key: 'age', descending: false }))).toBe('new old');
  });

  it('stays while values change; newcomers follow, what is gone leaves', () => {
    const sort = usualSort('waste');
    const settled = sorted(containers, sort).map(({ id }) => id);
    const changed = thingsOf([row('a', 5), row('b', 99), row('d', 55), row('e', 10), row('f', 80)]);
    const kept = keptOrder(settled, changed, sort);
    expect(names(kept)).toBe('a d b f e');
    expect(isSameOrder(kept, sorted(changed, sort))).toBe(false);
  });
});

describe('things', () => {
  const traffic = { useCase: 'traffic', thing: { id: 'q', name: 'q', simulated: false } };
  const rows = ['cat1-rtl', 'all-rtl', 'cat1-ltr', 'all-ltr'].map((channel) =>
    row('q', 1, { ...traffic, id: `q.vehicle_count.${channel}`, property: 'vehicle_count', channel }),
  );

  it('hold their datastreams, the totals first and alone at first sight', () => {
    const [thing] = thingsOf(rows);
    expect(thing?.rows.map(({ channel }) => channel)).toEqual(['all-ltr', 'all-rtl', 'cat1-ltr', 'cat1-rtl']);
    const first = (selected?: string) => thing && firstRows(thing, selected).map(({ channel }) => channel);
    expect(first()).toEqual(['all-ltr', 'all-rtl']);
    expect(first('q.vehicle_count.all-rtl')).toEqual(['all-ltr', 'all-rtl']);
    expect(first('q.vehicle_count.cat1-rtl')).toEqual(['all-ltr', 'all-rtl', 'cat1-rtl']);
  });

  it('stand under their use case, also one that is new here', () => {
    const odd = row('z', 1, { useCase: 'forestry' });
    expect(byUseCase(thingsOf([odd, ...rows, row('a', 1)])).map(([useCase]) => useCase)).toEqual([
      'waste',
      'traffic',
      'forestry',
    ]);
  });
});
