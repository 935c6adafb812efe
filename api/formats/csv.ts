import { formatTime } from '../../model/time.ts';
import { licenceTerms } from '../catalogue/licences.ts';
import { ByteSink } from './byte-sink.ts';
import { createTestsText, createTimeText, numberText, qualityName } from './cell-text.ts';
import { type CellKind, type Column, streamCells, streamColumns, type TableBlock, type TableWriter } from './table.ts';
import type { Terms } from './terms.ts';

export interface CsvStyle {
  /** A decimal comma goes with semicolons between cells, as German spreadsheets read it; a point with commas. */
  readonly decimal: 'point' | 'comma';
  /** Lines that begin with # before the names of the columns and at the end. */
  readonly header: boolean;
  /** A byte order mark, by which Excel knows that it reads UTF-8. */
  readonly bom: boolean;
  /** Language of the lines for people. */
  readonly language: 'de' | 'en';
}

/** Usual length of a line. */
const LINE_BYTES = 128;

/** Spreadsheets take a cell that begins like this for a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** A text as a cell (RFC 4180): quoted where it must be, and never taken for a formula. */
export const textCell = (text: string, separator: string): string => {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /["\r\n]/.test(safe) || safe.includes(separator) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A line for people: spreadsheets break it into cells as well, none of which may be a formula. */
export const commentLine = (text: string): string =>
  `# ${text
    .replaceAll(/[\r\n\t]+/g, ' ')
    .replaceAll('"', "'")
    .replaceAll(/([,;]\s*)([=+\-@])/g, "$1'$2")}\r\n`;

const words = {
  de: {
    span: (from: string, to: string) => `Beobachtungen von ${from} bis vor ${to} (UTC)`,
    every: (every: string, zone: string) => `Zeiträume von ${every}, Kalender von ${zone}`,
    decimated: (of: number, method: string) => `Ausgewählt aus ${of} Beobachtungen (${method})`,
    quality: (kept: string, left: string) => `Qualität: ${kept}${left === '' ? '' : ` (weggelassen: ${left})`}`,
    unit: 'Einheiten (UCUM) stehen in der Spalte unit',
    dataset: 'Datensatz',
    end: (rows: number) => `Ende: ${rows} Zeilen`,
  },
  en: {
    span: (from: string, to: string) => `Observations from ${from} to before ${to} (UTC)`,
    every: (every: string, zone: string) => `Buckets of ${every}, calendar of ${zone}`,
    decimated: (of: number, method: string) => `Chosen from ${of} observations (${method})`,
    quality: (kept: string, left: string) => `Quality: ${kept}${left === '' ? '' : ` (left out: ${left})`}`,
    unit: 'Units (UCUM) are in the column unit',
    dataset: 'Dataset',
    end: (rows: number) => `end: ${rows} rows`,
  },
} as const;

const commentsOf = (terms: Terms, language: CsvStyle['language']): string => {
  const text = words[language];
  const lines = [
    text.span(formatTime(terms.from), formatTime(terms.to)),
    ...(terms.every === undefined ? [] : [text.every(terms.every, terms.timeZone ?? 'UTC')]),
    ...(terms.decimated ? [text.decimated(terms.decimated.of, terms.decimated.method)] : []),
    text.quality(terms.quality.join(' '), terms.excluded.join(' ')),
    text.unit,
    ...terms.datasets.map(({ id, title, licence, attribution }) => {
      const source = attribution === '' ? '' : ` | ${attribution}`;
      return `${text.dataset} ${id} | ${title[language]} | ${licence} ${licenceTerms[licence].url}${source}`;
    }),
  ];
  return lines.map(commentLine).join('');
};

type CellText = (value: number) => string;

const pointText: CellText = (value) => (Number.isNaN(value) ? '' : numberText(value));
const commaText: CellText = (value) => pointText(value).replace('.', ',');

const cellTexts = (decimal: CsvStyle['decimal']): Readonly<Record<CellKind, CellText>> => ({
  time: createTimeText(),
  number: decimal === 'point' ? pointText : commaText,
  integer: pointText,
  quality: qualityName,
  tests: createTestsText((tests) => tests.join(' ')),
  truth: (value) => (value === 0 ? 'false' : 'true'),
});

/** CSV (RFC 4180) in UTF-8, rows end with CR LF. */
export const createCsvWriter = (
  columns: readonly Column[],
  { style, terms }: { style: CsvStyle; terms: Terms },
): TableWriter => {
  const separator = style.decimal === 'comma' ? ';' : ',';
  const texts = cellTexts(style.decimal);
  const encoder = new TextEncoder();
  let rows = 0;
  const linesOf = ({ rows: inBlock, runs, cells }: TableBlock): Uint8Array => {
    const of = columns.map(({ kind, from }) => ({ text: texts[kind], values: cells[from] ?? [] }));
    const lines = new ByteSink(inBlock * LINE_BYTES);
    for (const { stream, start, end } of runs) {
      const cellsOfStream = streamCells(stream).map((cell) => textCell(cell ?? '', separator));
      const head = encoder.encode(cellsOfStream.join(separator));
      for (let row = start; row < end; row++) {
        let line = '';
        for (const { text, values } of of) line += separator + text(values[row] as number);
        lines.bytes(head);
        lines.ascii(`${line}\r\n`);
      }
    }
    return lines.finish();
  };
  return {
    begin: () => {
      const names = [...streamColumns, ...columns.map(({ name }) => name)].join(separator);
      const comments = style.header ? commentsOf(terms, style.language) : '';
      return encoder.encode(`${style.bom ? '\uFEFF' : ''}${comments}${names}\r\n`);
    },
    add: (block) => {
      rows += block.rows;
      return linesOf(block);
    },
    end: () => encoder.encode(style.header ? commentLine(words[style.language].end(rows)) : ''),
  };
};
