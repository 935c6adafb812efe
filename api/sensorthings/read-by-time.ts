import { MINUTE } from '../../model/time.ts';
import type { Context } from './context.ts';
import type { Extent } from './extents.ts';
import { print } from './filter/print.ts';
import { type Part, readParts } from './observation-source.ts';
import type { Options } from './options.ts';
import type { Row } from './row.ts';
import type { RowFilter } from './row-test.ts';
import type { Token } from './token.ts';

/** Rows that a window may hold before a narrower one is tried. */
const MAX_WINDOW_ROWS = 60_000;
/** Pages that a window of a client who reads on is made for, and rows at most. */
const PAGES_AHEAD = 30;
const MAX_AHEAD = 40_000;
const NARROWEST_MS = 1;

interface ByTime {
  readonly descending: boolean;
  readonly token?: Token | undefined;
  /** Rows that are wanted: windows are made as wide as that. */
  readonly wanted: number;
  /** What is asked, so that rows which are held go to no other question. */
  readonly asked: Options;
}

/** Rows, the width of the window in which they were found, and the number under which those of it are held. */
export interface Window {
  readonly rows: readonly Row[];
  readonly widthMs: number;
  readonly kept?: number;
}

/**
 * Rows of many Datastreams by time, then by Datastream: window by window, so that a page reads about what it shows. How
 * wide a window must be is learnt on the way, and told to the next page. Whoever goes on to a second page is likely to read
 * on: then a wide window is read, sorted and held for the pages that follow.
 */
export async function* readByTime(
  context: Context,
  { parts, test, result }: RowFilter,
  { descending, token, wanted, asked }: ByTime,
): AsyncGenerator<Window> {
  const question = questionOf(asked, context);
  const held = token?.k === undefined ? undefined : context.windows.take(token.k, { graph: context.graph, question });
  if (held && token) {
    yield { rows: behind(held.rows, token, descending), widthMs: held.widthMs, kept: token.k as number };
  }
  const bounded = await withinExtents(context, parts);
  if (bounded.length === 0) return;
  const { low, high } = edgesOf(bounded);
  const start = token?.t ?? (descending ? high : low);
  // The edge from which on nothing was read yet.
  let edge = held?.end ?? (descending ? Math.min(high, token ? start + 1 : high) : Math.max(low, start));
  let widthMs = token?.w ?? firstWidth(bounded, { descending, wanted, low, high });
  const target = token ? Math.max(wanted, Math.min(MAX_AHEAD, PAGES_AHEAD * wanted)) : wanted;
  if (token && token.k === undefined) widthMs *= target / wanted;
  while (descending ? edge > low : edge < high) {
    const window = descending ? { from: edge - widthMs, to: edge } : { from: edge, to: edge + widthMs };
    const rows = await readWindow(context, bounded, { window, result });
    if (!rows) {
      widthMs = Math.max(NARROWEST_MS, Math.floor(widthMs / 4));
      continue;
    }
    const passed = test ? rows.filter(test) : rows;
    passed.sort((a, b) => compare(a, b, descending));
    edge = descending ? window.from : window.to;
    const kept = token && context.windows.keep({ graph: context.graph, question, rows: passed, end: edge, widthMs });
    yield {
      rows: token ? behind(passed, token, descending) : passed,
      widthMs,
      ...(kept !== undefined && { kept }),
    };
    widthMs = nextWidth(widthMs, passed.length, target);
  }
}

const questionOf = ({ filter, orderBy }: Options, { without }: Context): string =>
  [
    filter ? print(filter) : '',
    ...orderBy.map(({ expression, descending }) => `${print(expression)} ${descending}`),
    without,
  ].join('\n');

const compare = (a: Row, b: Row, descending: boolean): number =>
  (descending ? b.phenomenonTime - a.phenomenonTime : a.phenomenonTime - b.phenomenonTime) ||
  a.node.number - b.node.number;

/** Of rows in order, those behind the one that the page before ended with. */
const behind = (rows: readonly Row[], { t, d }: Token, descending: boolean): readonly Row[] => {
  const isBehind = ({ phenomenonTime, node }: Row): boolean =>
    phenomenonTime === t ? node.number > d : phenomenonTime < t === descending;
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBehind(rows[middle] as Row)) high = middle;
    else low = middle + 1;
  }
  return rows.slice(low);
};

/** A third more than a page takes, and never all at once wider or narrower than by a factor of eight. */
const nextWidth = (widthMs: number, found: number, target: number): number => {
  const factor = found === 0 ? 8 : Math.min(8, Math.max(1 / 8, (target * 1.3) / found));
  return Math.max(NARROWEST_MS, Math.ceil(widthMs * factor));
};

interface Bounded extends Part {
  readonly extent: Extent;
}

const edgesOf = (parts: readonly Bounded[]): { low: number; high: number } => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { from, to, extent } of parts) {
    low = Math.min(low, Math.max(from, extent.from));
    high = Math.max(high, Math.min(to, extent.to + 1));
  }
  return { low, high };
};

/** As far as the Datastreams reach of which each gives a row at least: then only those need be read. */
const firstWidth = (
  parts: readonly Bounded[],
  { descending, wanted, low, high }: { descending: boolean; wanted: number; low: number; high: number },
): number => {
  const usual = Math.max(MINUTE, Math.ceil((high - low) / 1_000));
  if (parts.length < wanted) return usual;
  const ends = parts.map(({ from, to, extent }) =>
    descending ? high - Math.min(to, extent.to + 1) + 1 : Math.max(from, extent.from) - low + 1,
  );
  ends.sort((a, b) => a - b);
  return Math.min(ends[wanted - 1] ?? usual, Math.max(usual, high - low));
};

/** Parts where there is anything. */
const withinExtents = async (context: Context, parts: readonly Part[]): Promise<Bounded[]> => {
  const extents = await context.extents.of(
    context.reader,
    parts.map(({ source }) => source.node),
  );
  return parts.flatMap((part) => {
    const extent = extents.get(part.source.node.number);
    return extent && extent.from < part.to && extent.to >= part.from ? [{ ...part, extent }] : [];
  });
};

/** All rows of a window; undefined where there are too many. Datastreams that do not reach into it are not asked. */
const readWindow = async (
  context: Context,
  parts: readonly Bounded[],
  { window, result }: { window: { from: number; to: number }; result: RowFilter['result'] },
): Promise<Row[] | undefined> => {
  const cut = parts.flatMap(({ source, extent, ...part }): Part[] => {
    const from = Math.max(part.from, window.from);
    const to = Math.min(part.to, window.to);
    return Math.max(from, extent.from) < Math.min(to, extent.to + 1) ? [{ source, from, to }] : [];
  });
  const isNarrowest = window.to - window.from <= NARROWEST_MS;
  const found: Row[] = [];
  for await (const rows of readParts(context, cut, { result })) {
    for (const row of rows) found.push(row);
    if (found.length > MAX_WINDOW_ROWS && !isNarrowest) return undefined;
  }
  return found;
};
