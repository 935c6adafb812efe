import { type CsvStyle, createCsvWriter } from './csv.ts';
import type { Format } from './media.ts';
import { createNdjsonWriter } from './ndjson.ts';
import { createParquetWriter } from './parquet.ts';
import type { Column, TableWriter } from './table.ts';
import type { Terms } from './terms.ts';

export type TableFormat = Extract<Format, 'csv' | 'ndjson' | 'parquet'>;

export interface TableSettings {
  readonly columns: readonly Column[];
  readonly terms: Terms;
  readonly style: CsvStyle;
}

/** What writes a table in a format. */
export const createTableWriter = (format: TableFormat, { columns, terms, style }: TableSettings): TableWriter => {
  if (format === 'csv') return createCsvWriter(columns, { style, terms });
  if (format === 'ndjson') return createNdjsonWriter(columns, { header: style.header, terms });
  return createParquetWriter(columns, { terms });
};
