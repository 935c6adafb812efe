import type { Query } from './panels/panel.ts';

/**
 * Queries of the hub's API through the Infinity data source, parsed in Grafana's backend. The data source holds the base
 * URL and the token; a query names the path only.
 */

type ColumnType = 'string' | 'number' | 'timestamp';
export type ApiColumn = readonly [selector: string, name: string, type: ColumnType];

interface ApiRequest {
  /** Path with the parameters that are always the same. */
  readonly path: string;
  /** Where in the answer the rows are. */
  readonly rows: string;
  readonly columns: readonly ApiColumn[];
  readonly format?: 'table' | 'timeseries';
}

export const apiQuery = ({ path, rows, columns, format = 'table' }: ApiRequest) => ({
  type: 'json',
  source: 'url',
  parser: 'backend',
  format,
  url: path,
  url_options: { method: 'GET', data: '', params: [], headers: [] },
  root_selector: rows,
  columns: columns.map(([selector, text, type]) => ({ selector, text, type })),
  filters: [],
  global_query_id: '',
});

const request = (options: ApiRequest): Query => ({ target: () => apiQuery(options) });

/** The most that the API puts on a page. */
const LIMIT = 1_000;

/** Columns of the newest values. */
const latestColumns: readonly ApiColumn[] = [
  ['thing.name', 'name', 'string'],
  ['site.name', 'site', 'string'],
  ['municipality.name', 'municipality', 'string'],
  ['property', 'property', 'string'],
  ['value', 'value', 'number'],
  ['unit', 'unit', 'string'],
  ['quality', 'quality', 'string'],
  ['ageS', 'age', 'number'],
  ['phenomenonTime', 'measured', 'timestamp'],
];

/** The newest value of each datastream that a filter leaves, e.g. `property=fill_level`. */
export const latest = (filter: string): Query =>
  request({ path: `/api/v1/latest?${filter}&limit=${LIMIT}`, rows: 'items', columns: latestColumns });

/** Mean, highest and lowest of the chosen datastream in buckets of time. */
export const buckets = (every: string, figures: readonly (readonly [figure: string, name: string])[]): Query =>
  request({
    path: `/api/v1/datastreams/\${datastream:percentencode}/observations?from=\${__from:date:iso}&to=\${__to:date:iso}&every=${every}&aggregate=${figures.map(([figure]) => figure).join(',')}&limit=1000`,
    rows: 'buckets',
    columns: [['from', 'time', 'timestamp'], ...figures.map(([figure, name]): ApiColumn => [figure, name, 'number'])],
    format: 'timeseries',
  });

/** What happened within the span that is shown; only what lasts has an end. */
export const happened = (kind: 'emptying' | 'surge'): Query =>
  request({
    path: `/api/v1/events?kind=${kind}&from=\${__from:date:iso}&to=\${__to:date:iso}&limit=${LIMIT}`,
    rows: 'items',
    columns: [
      ['time', 'time', 'timestamp'],
      ...(kind === 'surge' ? [['until', 'until', 'timestamp'] as const] : []),
      ['thing', 'thing', 'string'],
      ['value', 'value', 'number'],
    ],
  });

export const list = (path: string, columns: readonly ApiColumn[]): Query =>
  request({ path: `/api/v1/${path}limit=${LIMIT}`, rows: 'items', columns });
