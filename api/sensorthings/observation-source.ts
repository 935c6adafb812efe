import type { QualityFlag } from '../../model/quality.ts';
import type { ObservationDetail } from '../../model/sensor-things.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Run, StreamBlock } from '../series/stream-blocks.ts';
import type { Stream } from '../visibility.ts';
import type { Context } from './context.ts';
import type { ResultRange } from './filter/bounds.ts';
import { hasDetails } from './marks.ts';
import { FEATURES, type Node } from './node.ts';
import { featureOfRow, type Row } from './row.ts';

/** Observations of one Datastream, or those of them that have a feature. */
export interface Source {
  readonly node: Node;
  /** Only those of this feature, where the Datastream has several. */
  readonly feature?: number;
}

/** A span of a source, from inclusive, to exclusive. */
export interface Part {
  readonly source: Source;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Before and after every instant that is written. */
export const ALWAYS = { from: -8.64e15, to: 8.64e15 } as const;

/** The sources of a Datastream's Observations, or of a feature's. */
export const sourcesOf = ({ graph }: Pick<Context, 'graph'>, owner: Node): Source[] => {
  if (owner.set === 'Datastreams') return [{ node: owner }];
  return graph.datastreamsOf(owner).map((node) => ({
    node,
    ...((node.links[FEATURES]?.length ?? 0) > 1 && { feature: owner.number }),
  }));
};

/** All Observations of a Datastream or a feature, some at once. */
export const observationsOf = (context: Context, owner: Node): AsyncIterable<Row[]> =>
  readParts(
    context,
    sourcesOf(context, owner).map((source) => ({ source, ...ALWAYS })),
  );

export interface Reading {
  /** Rows that are read at once, where fewer than some thousand are needed. */
  readonly maxRows?: number;
  /** Of rows without details only those whose number lies in it. */
  readonly result?: ResultRange | undefined;
}

/** Rows of parts, one part after the other, each in order of time; some thousand at once. */
export async function* readParts(
  context: Context,
  parts: readonly Part[],
  { maxRows, result }: Reading = {},
): AsyncGenerator<Row[]> {
  for (const { from, to, sources } of alike(parts)) {
    const byStream = new Map(sources.flatMap((source) => (source.node.stream ? [[source.node.stream, source]] : [])));
    const query = { from, to, without: context.without, ...(maxRows !== undefined && { maxRows }) };
    for await (const block of context.reader.blocks([...byStream.keys()], query)) {
      const rows: Row[] = [];
      for (const run of block.runs) {
        const source = byStream.get(run.stream);
        if (source) await collect(context, { block, run, source, result }, rows);
      }
      if (rows.length > 0) yield rows;
      await context.budget.breathe();
    }
  }
}

/** Neighbours of the same span are read together. */
const alike = (parts: readonly Part[]): { from: EpochMs; to: EpochMs; sources: Source[] }[] => {
  const groups: { from: EpochMs; to: EpochMs; sources: Source[] }[] = [];
  for (const { source, from, to } of parts) {
    const group = groups.at(-1);
    if (group?.from === from && group.to === to) group.sources.push(source);
    else groups.push({ from, to, sources: [source] });
  }
  return groups;
};

interface Collecting {
  readonly block: StreamBlock;
  readonly run: Run;
  readonly source: Source;
  readonly result: ResultRange | undefined;
}

/** Details are looked for only where there are some. */
const collect = async (
  context: Context,
  { block, run: { stream, start, end }, source: { node, feature }, result }: Collecting,
  into: Row[],
): Promise<void> => {
  const { times, values, flags, tests, withheld } = block;
  const details = hasDetails(node)
    ? await detailsOf(context, stream, { from: times[start] ?? 0, to: (times[end - 1] ?? 0) + 1 })
    : undefined;
  for (let i = start; i < end; i++) {
    const value = values[i] ?? Number.NaN;
    if (result && !details && !isIn(result, value)) continue;
    const phenomenonTime = times[i] ?? 0;
    const detail = details?.get(phenomenonTime);
    const row: Row = {
      node,
      phenomenonTime,
      value: Number.isNaN(value) ? null : value,
      flag: (flags[i] ?? 0) as QualityFlag,
      tests: tests[i] ?? 0,
      withheld: withheld[i] === 1,
      detail,
    };
    if (feature === undefined || featureOfRow(row) === feature) into.push(row);
  }
};

/** No number is in no range. */
export const isIn = ({ min, minOpen, max, maxOpen }: ResultRange, value: number): boolean =>
  (minOpen ? value > min : value >= min) && (maxOpen ? value < max : value <= max);

const detailsOf = async (
  { reader }: Pick<Context, 'reader'>,
  stream: Stream,
  span: { from: EpochMs; to: EpochMs },
): Promise<Map<EpochMs, ObservationDetail>> =>
  new Map((await reader.details(stream, span)).map(({ phenomenonTime, detail }) => [phenomenonTime, detail]));

const BACKWARDS_CHUNK = 2_000;

/** Rows of one source, newest first, at most `limit` before those of other features are left out. */
export async function* readBackwards(
  context: Context,
  { source: { node, feature }, from, to }: Part,
  limit: number,
): AsyncGenerator<Row[]> {
  const { stream } = node;
  if (!stream) return;
  for (let end = to, left = limit; left > 0; ) {
    const chunk = Math.min(left, BACKWARDS_CHUNK);
    const query = { from, to: end, order: 'descending', without: context.without, limit: chunk } as const;
    const found = await Array.fromAsync(context.reader.range(stream, query));
    const last = found.at(-1);
    const [first] = found;
    if (!first || !last) return;
    const details = hasDetails(node)
      ? await detailsOf(context, stream, { from: last.phenomenonTime, to: first.phenomenonTime + 1 })
      : undefined;
    const rows = found.map(({ phenomenonTime, value, flag, tests, withheld = false }): Row => {
      return { node, phenomenonTime, value, flag, tests, withheld, detail: details?.get(phenomenonTime) };
    });
    yield feature === undefined ? rows : rows.filter((row) => featureOfRow(row) === feature);
    if (found.length < chunk) return;
    left -= found.length;
    end = last.phenomenonTime;
    await context.budget.breathe();
  }
}
