import type { Bucket } from '../../model/observation.ts';
import type { Run, StreamBlock } from '../series/stream-blocks.ts';
import type { Stream } from '../visibility.ts';

/** What a column holds, and so how it is written; a number that is NaN is an empty cell. */
export type CellKind = 'time' | 'number' | 'integer' | 'quality' | 'tests' | 'truth';

export interface Column {
  readonly name: string;
  readonly kind: CellKind;
  /** Name of the cells in the block that it is written from. */
  readonly from: string;
}

/** Rows as columns of numbers; each run of rows belongs to one datastream. */
export interface TableBlock {
  readonly rows: number;
  readonly runs: readonly Run[];
  readonly cells: Readonly<Record<string, Float64Array | Uint8Array | Uint32Array>>;
}

/** The first `n` rows of a block. */
export const firstRows = (block: TableBlock, n: number): TableBlock => {
  if (n >= block.rows) return block;
  return {
    rows: n,
    runs: block.runs.filter(({ start }) => start < n).map((run) => ({ ...run, end: Math.min(run.end, n) })),
    cells: Object.fromEntries(Object.entries(block.cells).map(([name, cells]) => [name, cells.subarray(0, n)])),
  };
};

/** What writes a table in some format: its begin, any number of blocks, its end. */
export interface TableWriter {
  begin(): Uint8Array;
  add(block: TableBlock): Uint8Array;
  /** To be called after the last block only: what lacks it was broken off. */
  end(): Uint8Array;
}

/** Columns that say whose a row is; they stand before all others. */
export const streamColumns = ['datastream', 'thing', 'property', 'channel', 'unit'] as const;

export const streamCells = ({ datastream, thing }: Stream): readonly (string | undefined)[] => [
  datastream.id,
  thing.id,
  datastream.property,
  datastream.channel,
  datastream.unit,
];

/** Single observations: their quality stands in every row. */
export const valueColumns: readonly Column[] = [
  { name: 'phenomenonTime', kind: 'time', from: 'times' },
  { name: 'value', kind: 'number', from: 'values' },
  { name: 'flag', kind: 'integer', from: 'flags' },
  { name: 'quality', kind: 'quality', from: 'flags' },
  { name: 'failedTests', kind: 'tests', from: 'tests' },
  { name: 'withheld', kind: 'truth', from: 'withheld' },
];

export const valueTable = ({ rows, runs, times, values, flags, tests, withheld }: StreamBlock): TableBlock => ({
  rows,
  runs,
  cells: { times, values, flags, tests, withheld },
});

/** Observations of one datastream that were chosen from others; a small count that is withheld is not among them. */
export const pointTable = (
  stream: Stream,
  points: readonly { readonly time: number; readonly value: number; readonly flag: number; readonly tests: number }[],
): TableBlock => ({
  rows: points.length,
  runs: [{ stream, start: 0, end: points.length }],
  cells: {
    times: Float64Array.from(points, ({ time }) => time),
    values: Float64Array.from(points, ({ value }) => value),
    flags: Uint8Array.from(points, ({ flag }) => flag),
    tests: Uint32Array.from(points, ({ tests }) => tests),
    withheld: new Uint8Array(points.length),
  },
});

export const figures = [
  'mean',
  'min',
  'max',
  'sum',
  'first',
  'last',
  'n',
  'coverage',
  'qualityShare',
  'withheld',
] as const;
export type Figure = (typeof figures)[number];

/** Share of the observations in a bucket that are neither suspect nor failed nor missing. */
const qualityShareOf = ({ n, flags }: Bucket): number | null => (n === 0 ? null : (flags[1] + flags[2]) / n);

export const figureOf = (bucket: Bucket, figure: Figure): number | null => {
  if (figure === 'qualityShare') return qualityShareOf(bucket);
  return figure === 'withheld' ? (bucket.withheld ?? 0) : bucket[figure];
};

export const bucketColumns = (wanted: readonly Figure[]): readonly Column[] => [
  { name: 'from', kind: 'time', from: 'from' },
  { name: 'to', kind: 'time', from: 'to' },
  ...wanted.map(
    (name): Column => ({ name, kind: name === 'n' || name === 'withheld' ? 'integer' : 'number', from: name }),
  ),
];

/** The buckets of one datastream. */
export const bucketTable = (
  stream: Stream,
  { buckets, wanted }: { buckets: readonly Bucket[]; wanted: readonly Figure[] },
): TableBlock => {
  const column = (cell: (bucket: Bucket) => number | null) =>
    Float64Array.from(buckets, (bucket) => cell(bucket) ?? Number.NaN);
  return {
    rows: buckets.length,
    runs: [{ stream, start: 0, end: buckets.length }],
    cells: {
      from: column(({ from }) => from),
      to: column(({ to }) => to),
      ...Object.fromEntries(wanted.map((figure) => [figure, column((bucket) => figureOf(bucket, figure))])),
    },
  };
};
