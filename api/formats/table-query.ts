import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CsvStyle } from './csv.ts';
import { type Format, mediaTypes, negotiate } from './media.ts';

const formats = ['json', 'csv', 'ndjson', 'parquet'] as const;
type ListFormat = (typeof formats)[number];

/** Parameters of every answer that can be had as a table. */
export const tableQuery = {
  format: z
    .enum(formats)
    .optional()
    .describe('Also by Accept: text/csv, application/x-ndjson, application/vnd.apache.parquet'),
  lang: z
    .enum(['de', 'en'])
    .default('en')
    .describe('CSV: language of the lines that begin with #; de also sets decimal=comma'),
  decimal: z
    .enum(['point', 'comma'])
    .optional()
    .describe('CSV: point with commas between cells, or comma with semicolons, as German spreadsheets read it'),
  bom: z.enum(['on', 'off']).default('off').describe('CSV: a byte order mark, by which Excel knows UTF-8'),
  header: z
    .enum(['on', 'off'])
    .default('on')
    .describe(
      'CSV: lines that begin with # (terms, count of rows); NDJSON: first and last line. Column names always stay',
    ),
};

interface TableParameters {
  readonly format?: ListFormat | undefined;
  readonly lang: 'de' | 'en';
  readonly decimal?: CsvStyle['decimal'] | undefined;
  readonly bom: 'on' | 'off';
  readonly header: 'on' | 'off';
}

export const formatOf = (request: FastifyRequest, { format }: TableParameters): ListFormat =>
  format ?? negotiate(request.headers.accept, formats);

export const csvStyleOf = ({ lang, decimal, bom, header }: TableParameters): CsvStyle => ({
  decimal: decimal ?? (lang === 'de' ? 'comma' : 'point'),
  header: header === 'on',
  bom: bom === 'on',
  language: lang,
});

/** How a document describes the forms that are not JSON. */
const described = (format: Exclude<Format, 'json' | 'geojson'>, description: string) => ({
  [mediaTypes[format]]: { schema: z.string().describe(description) },
});

/** Bodies of an answer in all formats. */
export const tableContent = <T extends z.ZodType>(json: T) => ({
  'application/json': { schema: json },
  ...described('csv', 'RFC 4180 with lines that begin with #; the last one counts the rows'),
  ...described('ndjson', 'One JSON object a line; the first says what follows, the last counts the rows'),
  ...described('parquet', 'Apache Parquet'),
});
