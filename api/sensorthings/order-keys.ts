import type { OrderKey } from './filter/ast.ts';
import { compareValues } from './filter/compare.ts';
import { compile } from './filter/compile.ts';
import type { Node } from './node.ts';
import { valueAt, type Walk } from './node-values.ts';
import type { Row } from './row.ts';

/** What an entity is ordered by: a value for each key. */
export type Rank = readonly unknown[];

export const rankOf = (
  keys: readonly OrderKey[],
  { walk, now }: { walk: Walk; now: number },
): ((entity: Node | Row) => Rank) => {
  let current: Node | Row | undefined;
  const resolve = (steps: readonly string[]): unknown => current && valueAt(current, steps, walk);
  const values = keys.map(({ expression }) => compile(expression, now));
  return (entity) => {
    current = entity;
    return values.map((value) => value(resolve) ?? null);
  };
};

/** 0 where all keys are alike: the caller breaks the tie. */
export const compareRanks = (keys: readonly OrderKey[], a: Rank, b: Rank): number => {
  for (const [i, { descending }] of keys.entries()) {
    const order = compareValues(a[i] ?? null, b[i] ?? null);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
};
