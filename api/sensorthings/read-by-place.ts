import type { Context } from './context.ts';
import type { ResultRange } from './filter/bounds.ts';
import { type Part, type Reading, readBackwards, readParts } from './observation-source.ts';
import type { Row } from './row.ts';
import type { Token } from './token.ts';

interface ByPlace {
  readonly descending: boolean;
  readonly token?: Token | undefined;
  /** Rows that are needed where none is left out, so that no more are read. */
  readonly needed?: number | undefined;
  readonly result?: ResultRange | undefined;
}

/** Rows datastream by datastream, each in order of time; or all of that backwards. */
export const readByPlace = (
  context: Context,
  parts: readonly Part[],
  { descending, token, needed, result }: ByPlace,
): AsyncIterable<Row[]> => {
  const sorted = parts.toSorted((a, b) => a.source.node.number - b.source.node.number);
  const left = token ? sorted.flatMap((part) => behind(part, token, descending)) : sorted;
  if (descending) return backwards(context, left.toReversed(), needed ?? Number.POSITIVE_INFINITY);
  return forwards(context, left, { result, ...(needed !== undefined && { maxRows: Math.min(needed, MAX_ROWS) }) });
};

const MAX_ROWS = 4_096;
/** Datastreams that are asked at first: a page is mostly full after a few. */
const FIRST_PARTS = 16;
const FIRST_ROWS = 1_000;

/** More and more datastreams at a time. */
async function* forwards(context: Context, parts: readonly Part[], reading: Reading): AsyncGenerator<Row[]> {
  for (let start = 0, count = FIRST_PARTS; start < parts.length; start += count, count *= 4) {
    const first = start === 0 ? { maxRows: FIRST_ROWS } : {};
    yield* readParts(context, parts.slice(start, start + count), { ...first, ...reading });
  }
}

/** What of a part stands behind a row. */
const behind = (part: Part, { d, t }: Token, descending: boolean): Part[] => {
  const { number } = part.source.node;
  if (number !== d) return number > d === descending ? [] : [part];
  const rest = descending ? { ...part, to: Math.min(part.to, t) } : { ...part, from: Math.max(part.from, t + 1) };
  return rest.from < rest.to ? [rest] : [];
};

async function* backwards(context: Context, parts: readonly Part[], limit: number): AsyncGenerator<Row[]> {
  let left = limit;
  for (const part of parts) {
    for await (const rows of readBackwards(context, part, left)) {
      left -= rows.length;
      if (rows.length > 0) yield rows;
    }
    if (left <= 0) return;
  }
}
