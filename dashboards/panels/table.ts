import { TableCellHeight, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { freshOrStale, staleAge } from '../mappings.ts';
import { type Language, said, type Text, words } from '../text.ts';
import { ageSteps, type Steps, thresholds } from '../thresholds.ts';
import { preparedForJoin } from './join.ts';
import { type Column, dress, type PanelBrick, type PanelOptions } from './panel.ts';

interface TableOptions extends Omit<PanelOptions, 'unit' | 'columns'> {
  readonly unit?: string;
  readonly columns: readonly Column[];
  /** Columns that are not shown, e.g. times of a name. */
  readonly hidden?: readonly string[];
  /** What happens to each answer before they are joined. */
  readonly firstly?: readonly DataTransformerConfig[];
  /** Joins the answers of all queries by this column. */
  readonly joinBy?: string;
  /** Column without which a row goes: names come for more things than have a value. */
  readonly keep?: string;
  /** Column by which rows are sorted, as it is headed. */
  readonly sortBy?: readonly [column: Text, descending: boolean];
  /** Only so many rows, after sorting by this column. */
  readonly top?: { readonly count: number; readonly by: string; readonly descending: boolean };
}

/** Rows of things, joined from several queries where need be. */
export const table = (options: TableOptions): PanelBrick => ({
  width: options.size[0],
  height: options.size[1],
  build: (build) => {
    const { firstly = [], joinBy, keep, hidden = [], columns, transformations = [], top, sortBy } = options;
    const order = columns.map(({ name }, i) => [name, i]);
    const steps = [
      ...(joinBy === undefined ? [] : preparedForJoin(options.queries.length)),
      ...firstly,
      ...(joinBy === undefined ? [] : [{ id: 'joinByField', options: { byField: joinBy, mode: 'outer' } }]),
      ...(keep === undefined ? [] : [onlyWith(keep)]),
      ...transformations,
      ...(top
        ? [
            { id: 'sortBy', options: { fields: {}, sort: [{ field: top.by, desc: top.descending }] } },
            { id: 'limit', options: { limitField: top.count } },
          ]
        : []),
      {
        id: 'organize',
        options: {
          excludeByName: Object.fromEntries(hidden.map((name) => [name, true])),
          indexByName: Object.fromEntries(order),
          renameByName: {},
        },
      },
    ];
    const builder = dress(new PanelBuilder(), { unit: 'none', ...options, transformations: steps }, build).cellHeight(
      TableCellHeight.Sm,
    );
    if (sortBy) {
      const [column, descending] = sortBy;
      builder.sortBy([new TableSortByFieldStateBuilder().displayName(said(column, build.language)).desc(descending)]);
    }
    return builder;
  },
});

const onlyWith = (column: string): DataTransformerConfig => {
  const filters = [{ fieldName: column, config: { id: 'isNotNull', options: {} } }];
  return { id: 'filterByValue', options: { type: 'include', match: 'all', filters } };
};

interface ColumnOptions {
  readonly unit?: string;
  readonly decimals?: number;
  readonly steps?: Steps;
  readonly cell?: 'bar' | 'coloured';
  readonly max?: number;
  readonly width?: number;
  readonly mappings?: (language: Language) => ValueMapping[];
  /** A link to the console that looks for what stands in this column. */
  readonly console?: boolean;
}

const cells = {
  bar: { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' },
  coloured: { type: 'color-background', mode: 'basic' },
} as const;

/** A column as people read it. */
export const column = (name: string, head: Text, options: ColumnOptions = {}): Column => ({
  name,
  properties: ({ language }) => {
    const { unit, decimals, steps, cell, max, width, mappings } = options;
    const properties: { id: string; value: unknown }[] = [{ id: 'displayName', value: said(head, language) }];
    if (unit !== undefined) properties.push({ id: 'unit', value: unit });
    if (decimals !== undefined) properties.push({ id: 'decimals', value: decimals });
    if (max !== undefined) properties.push({ id: 'min', value: 0 }, { id: 'max', value: max });
    if (steps) properties.push({ id: 'thresholds', value: thresholds(steps).build() });
    if (cell) properties.push({ id: 'custom.cellOptions', value: cells[cell] });
    if (width !== undefined) properties.push({ id: 'custom.width', value: width });
    if (mappings) properties.push({ id: 'mappings', value: mappings(language) });
    if (options.console) {
      const link = { title: said(words.inConsole, language), url: consoleSearch(language), targetBlank: true };
      properties.push({ id: 'links', value: [link] });
    }
    return properties;
  },
});

/** The console narrows its tables to what is looked for. */
const consoleSearch = (language: Language): string => `\${console}/?lang=${language}&q=\${__value.text:percentencode}`;

/** Says of each row whether something still comes; needs the query heardOf. */
export const freshColumn = (): Column =>
  column('heard', words.state, { cell: 'coloured', mappings: freshOrStale, width: 110 });

/** How old a value is, in seconds; marked where nothing comes any more. */
export const ageColumn = (): Column =>
  column('age', words.age, {
    unit: 's',
    decimals: 0,
    steps: ageSteps,
    cell: 'coloured',
    mappings: staleAge,
    width: 110,
  });

/** An instant, as the time that has passed since. */
export const sinceColumn = (name: string, head: Text): Column =>
  column(name, head, { unit: 'dateTimeFromNow', width: 150 });
