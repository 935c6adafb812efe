import { textCell } from '../formats/csv.ts';
import type { Column } from './csv-columns.ts';
import type { Json } from './node-values.ts';

/** Lines end as RFC 4180 has it. */
const END = '\r\n';

export const headerLine = (columns: readonly Column[]): string =>
  columns.map(({ header }) => cellOf(header)).join(',') + END;

export const lineOf = (columns: readonly Column[], entity: Json): string =>
  columns.map(({ cell }) => cellOf(cell(entity))).join(',') + END;

const cellOf = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return textCell(typeof value === 'string' ? value : JSON.stringify(value), ',');
};
