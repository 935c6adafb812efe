import { setImmediate as nextTurn } from 'node:timers/promises';

/** What `map` makes of each; after every `atOnce` of them others of the thread have their turn. */
export const mapInTurns = async <T, U>(items: readonly T[], atOnce: number, map: (item: T) => U): Promise<U[]> => {
  const made: U[] = [];
  for (const [i, item] of items.entries()) {
    if (i > 0 && i % atOnce === 0) await nextTurn();
    made.push(map(item));
  }
  return made;
};
