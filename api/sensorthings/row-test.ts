import { observationPlace } from '../../model/sensor-things.ts';
import type { Context } from './context.ts';
import type { Expression } from './filter/ast.ts';
import { both, boundsOf, type ObservationBounds, type ResultRange, type TimeRange } from './filter/bounds.ts';
import { compileFilter } from './filter/compile.ts';
import { asksForTimes, createTest } from './joins.ts';
import { hasDetails, hasIntervals, presentNumber } from './marks.ts';
import { valueAt, type Walk } from './node-values.ts';
import { ALWAYS, isIn, type Part, type Source } from './observation-source.ts';
import { numberOfRow, type Row } from './row.ts';

/** What of a filter is asked of which rows. */
export interface RowFilter {
  /** Spans that can hold a match. */
  readonly parts: readonly Part[];
  /** Rows without details that lie outside match nothing: they need not be made. */
  readonly result?: ResultRange | undefined;
  /** Absent: every row of the parts matches. */
  readonly test?: (row: Row) => boolean;
}

/** Reads out of a filter which Datastreams and spans it leaves, and what is left to ask of each row. */
export const rowFilterOf = async (
  context: Context,
  sources: readonly Source[],
  { filter, walk }: { filter: Expression | undefined; walk: Walk },
): Promise<RowFilter> => {
  const bounds = boundsOf(filter, context.now);
  const left = await sourcesLeft(context, sources, { expression: bounds.datastream, walk });
  const parts = left.flatMap((source) => partOf(source, bounds));
  if (!filter) return { parts };
  const test = testOf(filter, { bounds, walk, now: context.now });
  const { result } = bounds;
  const isPlain = !bounds.rest && !result && !bounds.ids && parts.every(({ source }) => !hasDetails(source.node));
  return isPlain ? { parts } : { parts, result, test };
};

/** Those of the sources whose Datastream passes. */
const sourcesLeft = async (
  context: Context,
  sources: readonly Source[],
  { expression, walk }: { expression: Expression | undefined; walk: Walk },
): Promise<Source[]> => {
  if (!expression) return [...sources];
  const nodes = sources.map(({ node }) => node);
  const extents = asksForTimes(expression) ? await context.extents.of(context.reader, nodes) : undefined;
  const full: Walk = extents ? { ...walk, extentOf: ({ number }) => extents.get(number) } : walk;
  const passes = createTest(expression, 'Datastreams', { context, walk: full });
  const left: Source[] = [];
  for (const [i, source] of sources.entries()) {
    if (i % 500 === 499) await context.budget.breathe();
    const passed = passes(source.node);
    // Most tests know at once: no need to wait for thousands.
    if (typeof passed === 'boolean' ? passed : await passed) left.push(source);
  }
  return left;
};

const isBounded = ({ from, to }: TimeRange): boolean => from > -Infinity || to < Infinity;

/** An interval that began before a span may reach into it: then all is read. */
const partOf = (source: Source, { phenomenonTime, resultTime, ids }: ObservationBounds): Part[] => {
  const { node } = source;
  let span: TimeRange = both(ALWAYS, hasIntervals(node) ? ALWAYS : phenomenonTime);
  const isResultBounded = isBounded(resultTime);
  // A sensor's result is there when it measured; a creator who says nothing of it leaves it empty.
  if (isResultBounded && !node.created) span = both(span, resultTime);
  if (isResultBounded && node.created && !hasDetails(node)) return [];
  if (ids) {
    const places = ids
      .filter(Number.isSafeInteger)
      .map((id) => observationPlace(presentNumber(node, id)))
      .filter(({ datastream }) => datastream === node.number);
    if (places.length === 0) return [];
    span = both(span, {
      from: Math.min(...places.map(({ from }) => from)),
      to: Math.max(...places.map(({ to }) => to)),
    });
  }
  return span.from < span.to ? [{ source, ...span }] : [];
};

interface Testing {
  readonly bounds: ObservationBounds;
  readonly walk: Walk;
  readonly now: number;
}

/** Plain rows are asked for what bounds leave open; those with details, or without a number, all that the filter says. */
const testOf = (filter: Expression, { bounds, walk, now }: Testing): ((row: Row) => boolean) => {
  let current: Row | undefined;
  const resolve = (steps: readonly string[]): unknown => current && valueAt(current, steps, walk);
  const whole = compileFilter(filter, now);
  const rest = bounds.rest && compileFilter(bounds.rest, now);
  const { result } = bounds;
  const ids = bounds.ids && new Set(bounds.ids);
  const isResultTimeBounded = isBounded(bounds.resultTime);
  return (row) => {
    current = row;
    const { value, detail } = row;
    if (detail || value === null) return whole(resolve);
    if (isResultTimeBounded && row.node.created) return false;
    if (hasIntervals(row.node) && !isWithin(row.phenomenonTime, bounds.phenomenonTime)) return false;
    if (result && !isIn(result, value)) return false;
    if (ids && !ids.has(numberOfRow(row))) return false;
    return !rest || rest(resolve);
  };
};

const isWithin = (time: number, { from, to }: TimeRange): boolean => time >= from && time < to;
