import type { Column } from './csv-columns.ts';
import type { Json } from './node-values.ts';

/** Lines end as RFC 4180 has it. */
const END = '\r\n';
const NEEDS_QUOTES = /[",\r\n]/;
/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

export const headerLine = (columns: readonly Column[]): string =>
  columns.map(({ header }) => cellOf(header)).join(',') + END;

export const lineOf = (columns: readonly Column[], entity: Json): string =>
  columns.map(({ cell }) => cellOf(cell(entity))).join(',') + END;

const cellOf = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
