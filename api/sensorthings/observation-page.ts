import { z } from 'zod';
import type { Context } from './context.ts';
import type { Walk } from './node-values.ts';
import { readingOrder } from './observation-order.ts';
import type { Part, Source } from './observation-source.ts';
import { readParts } from './observation-source.ts';
import { type Options, pageSize } from './options.ts';
import { readByPlace } from './read-by-place.ts';
import { readByTime, type Window } from './read-by-time.ts';
import { readByValue } from './read-by-value.ts';
import type { Row } from './row.ts';
import { type RowFilter, rowFilterOf } from './row-test.ts';
import type { Token } from './token.ts';

export interface ObservationPage {
  readonly rows: readonly Row[];
  readonly count?: number;
  /** Where the next page begins; absent on the last. */
  readonly next?: Token;
}

interface Ask {
  readonly options: Options;
  readonly walk: Walk;
  readonly token?: Token | undefined;
}

/** A page of Observations. */
export const pageOfObservations = async (
  context: Context,
  sources: readonly Source[],
  { options, walk, token }: Ask,
): Promise<ObservationPage> => {
  const filtered = await rowFilterOf(context, sources, { filter: options.filter, walk });
  const count = options.count ? await countOf(context, filtered) : undefined;
  const page = await readPage(context, filtered, { options, walk, token });
  return { ...page, ...(count !== undefined && { count }) };
};

const readPage = async (context: Context, filtered: RowFilter, ask: Ask): Promise<ObservationPage> => {
  const { options, token } = ask;
  const top = pageSize(options);
  const skip = token ? 0 : options.skip;
  if (top === 0) return { rows: [] };
  const order = readingOrder(options.orderBy, filtered.parts.length <= 1);
  if (order.by === 'value') return pageByValue(context, filtered, { ...ask, keys: order.keys, top, skip });
  const page = createCollector(top, skip);
  if (order.by === 'time') {
    const windows = readByTime(context, filtered, { ...order, token, wanted: top + skip + 1, asked: options });
    for await (const { rows, ...seen } of windows) if (page.take(rows, undefined, seen)) break;
    return page.end();
  }
  const isWhole = !filtered.test && filtered.parts.every(({ source }) => source.feature === undefined);
  const jumped = isWhole && skip > 0 && !order.descending ? await jump(context, filtered.parts, skip) : undefined;
  const rest = jumped ? createCollector(top, jumped.left) : page;
  const chunks = readByPlace(context, jumped?.parts ?? filtered.parts, {
    descending: order.descending,
    token,
    result: filtered.result,
    ...(isWhole && { needed: top + (jumped?.left ?? skip) + 1 }),
  });
  for await (const rows of chunks) if (rest.take(rows, filtered.test)) break;
  return rest.end();
};

/** Whole Datastreams that $skip passes over are counted and not read. */
const jump = async (
  context: Context,
  parts: readonly Part[],
  skip: number,
): Promise<{ parts: readonly Part[]; left: number }> => {
  const sorted = parts.toSorted((a, b) => a.source.node.number - b.source.node.number);
  let left = skip;
  for (let i = 0; i < sorted.length; i += COUNTED_AT_ONCE) {
    const some = sorted.slice(i, i + COUNTED_AT_ONCE);
    for (const [j, count] of (await countsOf(context, some)).entries()) {
      if (count > left) return { parts: sorted.slice(i + j), left };
      left -= count;
    }
  }
  return { parts: [], left };
};
const COUNTED_AT_ONCE = 200;

/** Parts of one span are counted in one question. */
const countsOf = async ({ reader, without }: Context, parts: readonly Part[]): Promise<number[]> => {
  const counts = new Map<Part, number>();
  for (const alike of Map.groupBy(parts, ({ from, to }) => `${from} ${to}`).values()) {
    const [first] = alike;
    if (!first) continue;
    const streams = alike.flatMap(({ source }) => source.node.stream ?? []);
    const found = await reader.count(streams, { from: first.from, to: first.to, without });
    for (const [i, part] of alike.entries()) counts.set(part, found[i] ?? 0);
  }
  return parts.map((part) => counts.get(part) ?? 0);
};

/** Counted by the store where it can tell, else by looking at every row. */
const countOf = async (context: Context, { parts, test, result }: RowFilter): Promise<number> => {
  const plain = test ? [] : parts.filter(({ source }) => source.feature === undefined && source.node.stream);
  const counts = await countsOf(context, plain);
  let count = counts.reduce((sum, n) => sum + n, 0);
  const rest = test ? parts : parts.filter(({ source }) => source.feature !== undefined);
  for await (const rows of readParts(context, rest, { result })) {
    if (test) for (const row of rows) count += test(row) ? 1 : 0;
    else count += rows.length;
  }
  return count;
};

/** Takes rows until a page is full and one more is seen. */
const createCollector = (top: number, skip: number) => {
  const rows: Row[] = [];
  let toSkip = skip;
  let hasMore = false;
  let seen: Omit<Window, 'rows'> | undefined;
  return {
    /** Whether no more rows are needed. */
    take: (found: readonly Row[], test?: (row: Row) => boolean, window?: Omit<Window, 'rows'>): boolean => {
      seen = window;
      for (const row of found) {
        if (test && !test(row)) continue;
        if (toSkip > 0) toSkip--;
        else if (rows.length === top) {
          hasMore = true;
          return true;
        } else rows.push(row);
      }
      return false;
    },
    end: (): ObservationPage => {
      const last = rows.at(-1);
      if (!hasMore || !last) return { rows };
      return {
        rows,
        next: {
          d: last.node.number,
          t: last.phenomenonTime,
          ...(seen && { w: seen.widthMs }),
          ...(seen?.kept !== undefined && { k: seen.kept }),
        },
      };
    },
  };
};

const pageByValue = async (
  context: Context,
  { parts, test, result }: RowFilter,
  {
    keys,
    walk,
    token,
    top,
    skip,
  }: Ask & { keys: Parameters<typeof readByValue>[2]['keys']; top: number; skip: number },
): Promise<ObservationPage> => {
  const ranked = await readByValue(context, parts, { keys, walk, token, test, result, wanted: skip + top + 1 });
  const page = ranked.slice(skip, skip + top);
  const rows = page.map(({ row }) => row);
  const last = page.at(-1);
  if (ranked.length <= skip + top || !last) return { rows };
  const v = z.array(z.json()).parse(JSON.parse(JSON.stringify(last.values)));
  return { rows, next: { d: last.row.node.number, t: last.row.phenomenonTime, v } };
};
