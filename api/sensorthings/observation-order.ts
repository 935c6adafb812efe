import { idNames } from './entity-model.ts';
import type { OrderKey } from './filter/ast.ts';

/** In which way Observations are read for an order. */
export type ReadingOrder =
  /** Datastream by datastream, each in order of time: the order of @iot.id. */
  | { readonly by: 'place'; readonly descending: boolean }
  /** By phenomenonTime, then by Datastream. */
  | { readonly by: 'time'; readonly descending: boolean }
  /** By anything else: all is read for every page. */
  | { readonly by: 'value'; readonly keys: readonly OrderKey[] };

/** Whether a key is one of these properties and nothing else. */
export const isPath = ({ expression }: OrderKey, names: readonly string[]): boolean =>
  expression.kind === 'path' && expression.steps.length === 1 && names.includes(expression.steps[0] ?? '');

export const readingOrder = (keys: readonly OrderKey[], isOneDatastream: boolean): ReadingOrder => {
  const [first, second] = keys;
  if (!first) return { by: 'place', descending: false };
  const { descending } = first;
  if (isPath(first, idNames)) return { by: 'place', descending };
  if (isPath(first, ['phenomenonTime'])) {
    // Within a Datastream no two share an instant.
    if (isOneDatastream) return { by: 'place', descending };
    const isTie = second && isPath(second, idNames) && !second.descending;
    if (keys.length === 1 || (keys.length === 2 && isTie)) return { by: 'time', descending };
  }
  return { by: 'value', keys };
};
