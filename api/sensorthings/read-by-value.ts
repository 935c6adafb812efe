import type { Context } from './context.ts';
import { badOption } from './faults.ts';
import type { OrderKey } from './filter/ast.ts';
import type { ResultRange } from './filter/bounds.ts';
import type { Walk } from './node-values.ts';
import { type Part, readParts } from './observation-source.ts';
import { compareRanks, type Rank, rankOf } from './order-keys.ts';
import type { Row } from './row.ts';
import type { Token } from './token.ts';

/** Rows that are held while the first of an order are looked for. */
const MAX_HELD = 100_000;

export interface Ranked {
  readonly row: Row;
  readonly values: Rank;
}

interface ByValue {
  readonly keys: readonly OrderKey[];
  readonly walk: Walk;
  readonly token?: Token | undefined;
  /** Rows from the first on. */
  readonly wanted: number;
  readonly test?: ((row: Row) => boolean) | undefined;
  readonly result?: ResultRange | undefined;
}

/** The first rows of an order, found by looking at all; ties stand by Datastream and time. */
export const readByValue = async (
  context: Context,
  parts: readonly Part[],
  { keys, walk, token, wanted, test, result }: ByValue,
): Promise<Ranked[]> => {
  if (wanted > MAX_HELD) {
    throw badOption(
      'query.$skip',
      `leads beyond the first ${MAX_HELD} of this order`,
      'follow @iot.nextLink, or order by phenomenonTime',
    );
  }
  const rank = rankOf(keys, { walk, now: context.now });
  const compare = (a: Place, b: Place): number => compareRanks(keys, a.values, b.values) || a.d - b.d || a.t - b.t;
  const after = token && { values: token.v ?? [], d: token.d, t: token.t };
  let held: Ranked[] = [];
  let worst: Place | undefined;
  for await (const rows of readParts(context, parts, { result })) {
    for (const row of rows) {
      if (test && !test(row)) continue;
      const ranked = { row, values: rank(row) };
      const place = placeOf(ranked);
      if ((!after || compare(place, after) > 0) && (!worst || compare(place, worst) < 0)) held.push(ranked);
    }
    if (held.length > 2 * wanted + 1_000) {
      held = first(held, wanted, compare);
      const last = held.at(-1);
      worst = last && placeOf(last);
    }
  }
  return first(held, wanted, compare);
};

interface Place {
  readonly values: Rank;
  readonly d: number;
  readonly t: number;
}

const placeOf = ({ row, values }: Ranked): Place => ({ values, d: row.node.number, t: row.phenomenonTime });

const first = (held: Ranked[], wanted: number, compare: (a: Place, b: Place) => number): Ranked[] =>
  held.sort((a, b) => compare(placeOf(a), placeOf(b))).slice(0, wanted);
