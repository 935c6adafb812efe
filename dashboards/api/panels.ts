import { buckets, latest } from '../infinity.ts';
import type { PanelBrick } from '../panels/panel.ts';
import { stat } from '../panels/stat.ts';
import { ageColumn, column, sinceColumn, table } from '../panels/table.ts';
import { timeSeries } from '../panels/time-series.ts';
import { type Text, words } from '../text.ts';
import type { Steps } from '../thresholds.ts';
import { unitOf } from '../units.ts';

interface Tile {
  readonly id: number;
  readonly title: Text;
  readonly about: Text;
  readonly property: string;
  readonly reduce: 'max' | 'mean' | 'sum' | 'count';
  readonly steps: Steps;
  readonly decimals?: number;
  /** Only values from here on, to be counted. */
  readonly from?: number;
  /** Only values up to here, to be counted. */
  readonly upTo?: number;
  readonly more?: string;
  readonly width?: number;
}

/** One figure over the newest values of a property. */
export const tile = ({ property, reduce, from, upTo, width = 4, decimals = 0, ...rest }: Tile): PanelBrick => {
  const limits = [
    ...(from === undefined ? [] : [{ id: 'greaterOrEqual', options: { value: from } }]),
    ...(upTo === undefined ? [] : [{ id: 'lowerOrEqual', options: { value: upTo } }]),
  ];
  return stat({
    ...rest,
    size: [width, 5],
    queries: [latest(`property=${property}`)],
    unit: reduce === 'count' ? 'none' : unitOf(property),
    decimals,
    reduce,
    fields: '/^value$/',
    ...(reduce === 'count' && { noValue: ['0', '0'] as const }),
    ...(limits.length > 0 && {
      transformations: [
        {
          id: 'filterByValue',
          options: { type: 'include', match: 'all', filters: limits.map((config) => ({ fieldName: 'value', config })) },
        },
      ],
    }),
  });
};

interface Newest {
  readonly id: number;
  readonly title: Text;
  readonly about: Text;
  readonly size: readonly [number, number];
  /** Of one property: its values carry its unit. */
  readonly property: string;
  readonly head: Text;
  readonly steps?: Steps;
  readonly decimals?: number;
  readonly bar?: boolean;
  readonly descending?: boolean;
}

/** The newest value of each thing, with its age. */
export const newestTable = ({
  property,
  head,
  steps,
  decimals = 0,
  bar = false,
  descending = true,
  ...rest
}: Newest): PanelBrick =>
  table({
    ...rest,
    queries: [latest(`property=${property}`)],
    hidden: ['property', 'unit', 'quality'],
    columns: [
      column('name', words.name, { console: true }),
      column('site', words.site),
      column('municipality', words.municipality),
      column('value', head, {
        unit: unitOf(property),
        decimals,
        cell: bar ? 'bar' : 'coloured',
        ...(bar && { max: 100 }),
        ...(steps && { steps }),
      }),
      ageColumn(),
      sinceColumn('measured', words.measuredAt),
    ],
    sortBy: [head, descending],
  });

interface Course {
  readonly id: number;
  readonly title: Text;
  readonly about: Text;
  readonly size: readonly [number, number];
  readonly property: string;
  readonly every: string;
  readonly steps?: Steps;
  readonly decimals?: number;
  readonly span?: string;
}

/** Mean, highest and lowest of the chosen datastream. */
export const course = ({ property, every, steps, decimals = 1, ...rest }: Course): PanelBrick =>
  timeSeries({
    ...rest,
    queries: [
      buckets(every, [
        ['mean', 'mean'],
        ['max', 'max'],
        ['min', 'min'],
      ]),
    ],
    unit: unitOf(property),
    decimals,
    columns: [
      column('mean', ['Mittel', 'mean']),
      column('max', ['höchster', 'highest']),
      column('min', ['niedrigster', 'lowest']),
    ],
    bridgeMs: 21_600_000,
    ...(steps && { steps, limits: true }),
  });
