import { validValue } from './rows.ts';
import { byProperty, type Thing } from './things.ts';

export type SortKey = 'name' | 'municipality' | 'value' | 'age';

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The worst first where there is a worst: full containers. */
export const usualSort = (useCase: string): Sort =>
  useCase === 'waste' ? { key: 'value', descending: true } : { key: 'name', descending: false };

const collator = new Intl.Collator('de', { numeric: true, sensitivity: 'base' });

const newestTime = ({ rows }: Thing): number => Math.max(...rows.map(({ time }) => time));

/** Things in their order; without a value last, whichever the direction; ties by name, so that the order is one. */
export const sorted = (things: readonly Thing[], { key, descending }: Sort): Thing[] => {
  const sign = descending ? -1 : 1;
  const byName = (a: Thing, b: Thing) =>
    collator.compare(a.name, b.name) ||
    collator.compare(a.municipality?.name ?? '', b.municipality?.name ?? '') ||
    (a.id < b.id ? -1 : 1);
  const compare: Record<SortKey, (a: Thing, b: Thing) => number> = {
    name: (a, b) => sign * byName(a, b),
    municipality: (a, b) => sign * collator.compare(a.municipality?.name ?? '', b.municipality?.name ?? ''),
    value: (a, b) => {
      const [left, right] = [validValue(a.rows[0]), validValue(b.rows[0])];
      if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
      // Litres and watts have no order among them.
      return byProperty(a.rows[0], b.rows[0]) || sign * (left - right);
    },
    age: (a, b) => sign * (newestTime(b) - newestTime(a)),
  };
  return things.toSorted((a, b) => compare[key](a, b) || byName(a, b));
};

/**
 * Live values change, rows stay where they are: the order settled before is kept, what is new follows in its own order,
 * what is gone leaves.
 */
export const keptOrder = (settled: readonly string[], things: readonly Thing[], sort: Sort): Thing[] => {
  const byId = new Map(things.map((thing) => [thing.id, thing]));
  const kept = settled.flatMap((id) => byId.get(id) ?? []);
  const before = new Set(settled);
  return [
    ...kept,
    ...sorted(
      things.filter(({ id }) => !before.has(id)),
      sort,
    ),
  ];
};

export const isSameOrder = (a: readonly Thing[], b: readonly Thing[]): boolean =>
  a.length === b.length && a.every(({ id }, i) => id === b[i]?.id);
